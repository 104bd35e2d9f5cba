import { isObject } from '../../mcp/host.ts'

const URL_ELICITATION_REQUIRED = -32042
/** Of one server; the oldest goes first. */
const MAX_NOTED = 1_000

/** Notes what a server has asked its user to do by a URL: nobody else may say that it is done. */
export function noteByUrl(noted: Set<string>, elicitation: unknown): void {
  const id = isObject(elicitation) ? elicitation['elicitationId'] : undefined
  if (typeof id !== 'string') return
  const [oldest] = noted
  if (oldest !== undefined && noted.size >= MAX_NOTED) noted.delete(oldest)
  noted.add(id)
}

/** The same for what an error asks for. */
export function noteRequired(noted: Set<string>, code: number, data: unknown): void {
  const asked = isObject(data) ? data['elicitations'] : undefined
  if (code !== URL_ELICITATION_REQUIRED || !Array.isArray(asked)) return
  for (const one of asked.slice(0, MAX_NOTED)) noteByUrl(noted, one)
}

import { isObject, type RequestId } from '../mcp/host.ts'

/** Of one batch: each answer of it costs the SDK as much as there are requests. */
const MAX_BATCH = 100

/** What a session has taken already. */
interface Taking {
  readonly handed: ReadonlySet<RequestId>
  readonly session: { isRunning(id: RequestId): boolean }
}

/** Why a body is no message, nor a batch of some, that is handed on; undefined: it is. */
export function messagesFault(body: unknown, { handed, session }: Taking): string | undefined {
  if (Array.isArray(body) && body.length > MAX_BATCH)
    return `a batch is at most ${MAX_BATCH} messages`
  const seen = new Set<RequestId>()
  for (const id of requestIds(body)) {
    // Answers would go to the stream of the later one, and the first would wait for ever.
    if (seen.has(id) || handed.has(id) || session.isRunning(id))
      return `request ${String(id).slice(0, 100)} is under way already`
    seen.add(id)
  }
  return undefined
}

export function requestIds(body: unknown): readonly RequestId[] {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body]
  return messages.flatMap((message) => {
    if (!isObject(message) || typeof message['method'] !== 'string') return []
    const { id } = message
    return typeof id === 'string' || typeof id === 'number' ? [id] : []
  })
}

import { sha256Hex } from '../../core/hash.ts'
import type { Finding } from '../../core/model/finding.ts'
import type { JsonValue, MaybePromise } from '../../core/model/json.ts'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'
import type { Guard, Head } from '../guard.ts'
import { isObject } from '../host.ts'
import type { WrapMcpOptions } from '../options.ts'

const NONE: readonly Finding[] = Object.freeze([])

/** Takes in a list, or a page of one, as its server gave it. Returns what is wrong with it. */
export function learnTools(
  guard: Guard,
  params: Readonly<Record<string, unknown>>,
  result: Readonly<Record<string, unknown>>,
  tools: readonly unknown[],
): readonly Finding[] {
  const { definitions } = guard.options
  if (definitions === undefined) return NONE
  const found = definitions.learn(guard.server, tools, {
    isFirst: (params['cursor'] ?? undefined) === undefined,
    isLast: (result['nextCursor'] ?? undefined) === undefined,
  })
  const [first] = found
  if (first !== undefined && !warned.has(guard.options)) {
    warned.add(guard.options)
    guard.warn(
      `tools of the MCP server \`${guard.server}\`: ${first.message}; all that is found is in the records of kind \`finding\``,
    )
  }
  return found
}

/** One warning a wrap, however many servers it makes: the records have them all. */
const warned = new WeakSet<WrapMcpOptions>()

/** Lets the behavioural layer know what an agent was shown: once for each list of a session. */
export function hearTools(
  guard: Guard,
  head: Head,
  shown: readonly unknown[],
  findings: readonly Finding[],
): MaybePromise<void> {
  if (guard.options.definitions === undefined) return undefined
  if (isHeard(guard, head, shown) && findings.length === 0) return undefined
  return guard.engine.hear(head, { method: 'tools/list', payload: plain(shown), findings })
}

const heard = new WeakMap<PolicyEngine, Map<string, string>>()
const MAX_SESSIONS = 10_000

/** Whether this session of this subject was shown the same list last. */
function isHeard(guard: Guard, { session, subject }: Head, shown: readonly unknown[]): boolean {
  // Whose session it is only the engine will know.
  if (subject === undefined) return false
  const sessions = heard.get(guard.engine) ?? new Map<string, string>()
  heard.set(guard.engine, sessions)
  const key = `${guard.server}\n${session}\n${JSON.stringify(subject)}`
  const list = listHash(guard, shown)
  const last = sessions.get(key)
  if (last === list) return true
  const oldest = sessions.size >= MAX_SESSIONS ? sessions.keys().next() : undefined
  if (oldest?.done === false) sessions.delete(oldest.value)
  sessions.set(key, list)
  return false
}

function listHash({ options, server }: Guard, shown: readonly unknown[]): string {
  let text = ''
  for (const tool of shown) {
    const name = isObject(tool) ? tool['name'] : undefined
    if (typeof name === 'string')
      text += `${name}\n${options.definitions?.stateOf(server, name)?.hash}\n`
  }
  return sha256Hex(text)
}

/** As the wire has it. */
function plain(shown: readonly unknown[]): JsonValue {
  try {
    return JSON.parse(JSON.stringify({ tools: shown })) as JsonValue
  } catch {
    return null // nor could it be sent
  }
}

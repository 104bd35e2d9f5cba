import { isMap } from '../../core/json-kind.ts'
import { saysNamesTwice } from '../../core/json-text.ts'
import type { Decision } from '../../core/model/decision.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { denialText } from '../../engine/denial-text.ts'
import type { Guard } from '../guard.ts'
import { inside, type Judged, malformed } from '../judge.ts'

/** A call that a model proposes. */
export interface Proposal {
  /** As the model has written it. */
  readonly name: string
  /** Where it is no function of the caller's. @default by the function's name */
  readonly resource?: string
  readonly server?: string
  /** A text is JSON, as models write it. */
  readonly arguments: unknown
  readonly id?: unknown
}

/** Judges one; a text for the model comes back where it is refused. */
export type Propose = (proposal: Proposal) => Promise<string | undefined>

/** A call that a person must allow stays: the person is asked when it is made. */
export function proposer(guard: Guard, { head, ticket }: Judged): Propose {
  const { engine, settings } = guard
  return async ({ name, resource, server, arguments: written, id }) => {
    if (settings.toolCalls === 'off') return undefined
    const args = argumentsOf(written)
    const target = {
      resource: resource ?? resourceOf(guard, ticket, name),
      ...(server === undefined ? {} : { server }),
      arguments: args ?? {},
    }
    const said = {
      ...inside(head, ticket),
      ...(typeof id === 'string' ? { ids: { toolCall: id } } : {}),
    }
    const request = args === undefined ? malformed(said, target) : { ...said, ...target }
    const decision = await engine.propose(request)
    if (decision.effect !== 'deny' || !engine.context().enforces) return undefined
    return noteOf(name, args === undefined ? withDetail(decision) : decision)
  }
}

/** INVARIANT: a name that cannot be mapped is a name that nothing has. */
function resourceOf({ settings }: Guard, ticket: Judged['ticket'], name: string): string {
  try {
    const said: unknown = settings.resourceOf?.(name)
    if (said !== undefined) return typeof said === 'string' ? said : ''
    return ticket.functionResource(name)
  } catch {
    return ''
  }
}

/** Undefined where they are no object, or readers would differ in what they say. */
function argumentsOf(written: unknown): JsonObject | undefined {
  if (isMap(written)) return written as JsonObject // of a parsed answer
  if (written === undefined || written === null || written === '') return {}
  if (typeof written !== 'string') return undefined
  try {
    const value = JSON.parse(written) as JsonValue // whatever JSON.parse gives is a JSON value
    return isMap(value) && !saysNamesTwice(written, value) ? value : undefined
  } catch {
    return undefined
  }
}

function withDetail(decision: Decision): Pick<Decision, keyof Parameters<typeof denialText>[0]> {
  const { id, effect, reason, retry_after_ms } = decision
  const detail = 'the arguments are no JSON object, or say a name twice'
  return { id, effect, reason, detail, retry_after_ms }
}

/** What the model reads in place of its call. */
function noteOf(name: string, denial: Parameters<typeof denialText>[0]): string {
  return `The call of \`${name.slice(0, 128)}\` was taken out. ${denialText(denial)}`
}

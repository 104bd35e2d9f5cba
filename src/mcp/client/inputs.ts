import { andThen, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import { denialError } from '../answers/denial.ts'
import { keep } from '../connection.ts'
import type { Head } from '../guard.ts'
import { type IncomingRequest, isObject } from '../host.ts'
import { methodResource } from '../methods/names.ts'
import { originOf } from '../origin.ts'
import type { ClientGuard } from './client-guard.ts'
import type { Link } from './link.ts'

/**
 * What a server asks for within a result (2026-07-28) is answered within the next request. Answers of
 * the client's own handlers were judged when they were given; what the host's code says is judged here.
 * @throws {ProtocolDenial} where one of them may not leave
 */
export function judgeInputs(
  guard: ClientGuard,
  link: Link,
  head: Head,
  { params }: IncomingRequest,
): MaybePromise<undefined> {
  const given = params?.['inputResponses']
  if (!isObject(given)) return undefined
  let judged: MaybePromise<undefined>
  for (const [key, answer] of Object.entries(given)) {
    if (isObject(answer) && guard.released.has(answer)) continue
    const method = link.inputs.get(key) ?? 'inputResponses'
    judged = andThen(judged, () => judgeOne(guard, head, method, answer))
  }
  return judged
}

function judgeOne(
  { engine, server }: ClientGuard,
  head: Head,
  method: string,
  answer: unknown,
): MaybePromise<undefined> {
  const { approval: _, ...rest } = head
  const asked = {
    ...rest,
    resource: methodResource(server, method),
    arguments: { answer } as JsonObject, // checked by the engine's snapshot
    origin: originOf(method),
  }
  return andThen(engine.begin(asked, { wait: true }), (ticket) => {
    // Rewritten it would not be what the host's code has said.
    if (!ticket.permitted || ticket.decision.patch !== null) throw denialError(ticket.decision)
    return andThen(ticket.finish({ ok: true, value: null }), () => undefined)
  })
}

/** Keeps what is asked for, and gives the result back. */
export function noteInputs({ inputs }: Link, result: unknown): unknown {
  const requests = isObject(result) ? result['inputRequests'] : undefined
  if (isObject(requests))
    for (const [key, request] of Object.entries(requests)) {
      const method = isObject(request) ? request['method'] : undefined
      if (typeof method === 'string') keep(inputs, key, method)
    }
  return result
}

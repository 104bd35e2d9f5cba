import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { Explanation } from '../../engine/explain.ts'
import type { Guard, Head } from '../guard.ts'
import { methodResource, uriNames } from '../methods/names.ts'

/** Whoever holds a stream of `subscriptions/listen` open. */
export interface Listener {
  readonly guard: Guard
  readonly head: Head
  /** Runs something where the listener has asked. */
  within<T>(run: () => T): T
}

export const LISTEN = 'subscriptions/listen'

/** What is told of a change. Only of a resource has it a URI. */
export interface ChangeEvent {
  readonly kind: string
  readonly uri?: string
  /** More that is sent along. */
  readonly params?: unknown
}

/**
 * True where the listener may hear of it now: the policy may be another than when it began to listen,
 * its token may be over, and its session stopped. Nothing is recorded and nothing counted.
 */
export function mayHear(listener: Listener, uri: string | undefined): MaybePromise<boolean> {
  return listener.within(() => ask(listener, uri))
}

function ask({ guard, head }: Listener, uri: string | undefined): MaybePromise<boolean> {
  const { engine, server } = guard
  const isOf = uri !== undefined
  const args = isOf ? { uri } : {}
  try {
    const name = isOf ? judgedName(guard, head, uri) : methodResource(server, LISTEN)
    const answer = andThen(name, (resource) =>
      andThen(engine.explain({ ...head, resource, arguments: args }), (told) =>
        isOpen(told, head, isOf),
      ),
    )
    return isPromise(answer) ? answer.catch(() => false) : answer
  } catch {
    return false
  }
}

/** By which name of a resource it is judged: the one it is spelled by where the caller may not know of that. */
export function judgedName(
  { engine, server }: Guard,
  head: Head,
  uri: string,
): MaybePromise<string> {
  const [resource, spelled] = uriNames(server, uri)
  if (spelled === undefined) return resource
  return andThen(engine.discover(head, [spelled]), ({ length }) =>
    length > 0 ? resource : spelled,
  )
}

function isOpen({ decision }: Explanation, head: Head, isOfResource: boolean): boolean {
  const { effect, gate, enforced } = decision
  if (!enforced || effect === 'allow' || effect === 'compute') return true
  // That a list has changed says nothing of what is in it.
  if (!isOfResource) return gate !== 'identity' && gate !== 'session'
  // The caller does nothing now: it is the server that speaks.
  if (gate === 'rate_limit') return true
  // Its approval was used when it began to listen.
  return effect === 'escalate' && head.approval !== undefined
}

/**
 * Stands before the function that writes to a stream. Of what is still being judged only the last event
 * of each kind is kept: each of them says no more than that there is something new.
 */
export function heardBy<E extends ChangeEvent>(
  listener: Listener,
  write: (event: E) => void,
): (event: E) => void {
  const pending = new Map<string, E>()
  return (event) => {
    const key = `${event.kind} ${event.uri ?? ''}`
    const isWaiting = pending.has(key)
    pending.set(key, event)
    if (isWaiting) return
    const settled = andThen(mayHear(listener, event.uri), (isHeard) => {
      const last = pending.get(key)
      pending.delete(key)
      if (isHeard && last !== undefined) return deliver(listener, last, write)
    })
    if (isPromise(settled)) settled.catch(() => undefined)
  }
}

function deliver<E extends ChangeEvent>(
  listener: Listener,
  event: E,
  write: (event: E) => void,
): MaybePromise<void> {
  if (event.params === undefined) return write(event)
  const looked = listener.within(() => lookedAt(listener, event.params))
  return andThen(looked, (params) => write({ ...event, params }))
}

/** What is sent along is let out as what any other notification says: looked at, or not at all. */
function lookedAt({ guard, head }: Listener, params: unknown): MaybePromise<unknown> {
  const resource = methodResource(guard.server, 'notifications')
  const asked = { ...head, resource, arguments: {}, verb: 'discover' as const }
  return andThen(guard.engine.begin(asked), (ticket) => {
    const looked = ticket.permitted ? ticket.inspect(params) : undefined
    return looked?.ok === true ? looked.value : undefined
  })
}

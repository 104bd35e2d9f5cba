import { andThen, isPromise, type MaybePromise } from '../../core/model/json.ts'
import { INVALID_PARAMS, ProtocolDenial } from '../answers/denial.ts'
import type { RequestContext } from '../context.ts'
import type { Guard, Head } from '../guard.ts'
import { isObject, type Params } from '../host.ts'
import { laterFromHere } from '../later-from-here.ts'
import type { EntryRequest } from './entry-context.ts'
import { judgedName, type Listener } from './listener.ts'

/** A `subscriptions/listen` that was judged, and what is left of it. */
export interface GovernedListen<M> {
  readonly listener: Listener
  /** The same object where nothing was denied. */
  readonly message: M
}

const MAX_URIS = 1_000

/**
 * Judges each resource that somebody wants to hear of, as subscribing to it is judged. What is denied is
 * taken out: the answer then names what is left, as it does where a server cannot tell of something.
 * @throws {ProtocolDenial}
 */
export function governListen<M extends EntryRequest>(
  guard: Guard,
  context: RequestContext,
  message: M,
): MaybePromise<GovernedListen<M>> {
  const uris = urisOf(message)
  if (uris.length > MAX_URIS)
    throw new ProtocolDenial(INVALID_PARAMS, `at most ${MAX_URIS} resources can be listened to`)
  const within = laterFromHere()
  return andThen(guard.headOf(context), (head) => {
    const listener = { guard, head, within }
    const asked = uris.map((uri) => subscribe(guard, head, uri))
    return andThen(all(asked), (answers) => {
      const kept = uris.filter((_, index) => answers[index] === true)
      return {
        listener,
        message: kept.length === uris.length ? message : withUris(message, new Set(kept)),
      }
    })
  })
}

function all<T>(values: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> {
  return values.some(isPromise) ? Promise.all(values) : (values as readonly T[])
}

function subscribe(guard: Guard, head: Head, uri: string): MaybePromise<boolean> {
  return andThen(judgedName(guard, head, uri), (resource) =>
    andThen(guard.engine.begin({ ...head, resource, arguments: { uri } }), (ticket) =>
      ticket.permitted ? andThen(ticket.finish({ ok: true, value: null }), ({ ok }) => ok) : false,
    ),
  )
}

const URIS = 'resourceSubscriptions'

function filterOf({ params }: EntryRequest): Params {
  const filter = params?.['notifications']
  return isObject(filter) ? filter : {}
}

/** Each once. What is no list of texts is nothing that a server listens to. */
function urisOf(message: EntryRequest): readonly string[] {
  const uris = filterOf(message)[URIS]
  return Array.isArray(uris) ? [...new Set(uris)].filter((uri) => typeof uri === 'string') : []
}

function withUris<M extends EntryRequest>(message: M, kept: ReadonlySet<unknown>): M {
  const filter = filterOf(message)
  const uris = (filter[URIS] as readonly unknown[]).filter((uri) => kept.has(uri))
  return { ...message, params: { ...message.params, notifications: { ...filter, [URIS]: uris } } }
}

import { CallDeniedError } from '../../core/model/errors.ts'
import { andThen, isPromise, type JsonObject, type MaybePromise } from '../../core/model/json.ts'
import type { Ticket } from '../../engine/ticket.ts'
import { carryOver } from '../answers/carry-over.ts'
import { DENIED, denialError, ProtocolDenial } from '../answers/denial.ts'
import { keep } from '../connection.ts'
import { RequestContext } from '../context.ts'
import type { Head } from '../guard.ts'
import { type IncomingRequest, isObject, type Params, type RequestHandler } from '../host.ts'
import { methodResource } from '../methods/names.ts'
import { thawed } from '../methods/thaw.ts'
import { originOf } from '../origin.ts'
import { FALLBACK } from '../server/guard-handlers.ts'
import { asWireError } from './as-wire-error.ts'
import type { ClientGuard } from './client-guard.ts'
import type { Link } from './link.ts'

/** One request of the server's, on its way to the client's handler. */
interface Served {
  readonly guard: ClientGuard
  readonly link: Link
  readonly request: IncomingRequest
  readonly method: string
  readonly head: Head
}

const MAX_SERVING = 1_000

/**
 * What a server asks of its client (sampling, elicitation, roots) is a call, and its params are text
 * from outside. What the client answers leaves to that server: it is what a second call is made with.
 */
export function servedHandler(
  guard: ClientGuard,
  stored: string,
  handler: RequestHandler,
): RequestHandler {
  return (request, extra) => {
    const method = stored === FALLBACK ? request.method : stored
    const link = guard.linkOf(guard.host.transport)
    const release = (value: unknown): unknown => {
      if (isObject(value)) guard.released.add(value)
      if (request.id !== undefined) keep(link.answered, request.id, method)
      return value
    }
    if (method === 'ping') return release(handler(request, extra))
    if (link.serving >= MAX_SERVING)
      throw new ProtocolDenial(DENIED, `${MAX_SERVING} requests are being answered: wait`)
    link.serving += 1
    return finishing(
      () => andThen(serve({ guard, link, request, method }, handler, extra), release),
      () => {
        link.serving -= 1
      },
    )
  }
}

function serve(
  asked: Omit<Served, 'head'>,
  handler: RequestHandler,
  extra: unknown,
): MaybePromise<unknown> {
  const { request } = asked
  return andThen(headOf(asked, extra), (head) => {
    const served: Served = { ...asked, head }
    return andThen(question(served), (params) => {
      const looked = params === request.params ? request : { ...request, params }
      return answered(served, () => handler(looked as IncomingRequest, extra)) // its cleaned form
    })
  })
}

/** In whose name: a server asks in the middle of a call, and does not say of which. */
function headOf(
  { guard, link, request, method }: Omit<Served, 'head'>,
  raw: unknown,
): MaybePromise<Head> {
  const { signal, requestId } = new RequestContext(guard.server, request, raw, link)
  const known = link.last?.head
  const about = {
    ...(signal === undefined ? {} : { signal }),
    ids: requestId === undefined ? {} : { request: String(requestId).slice(0, 256) },
    origin: originOf(method),
  }
  if (known !== undefined) {
    const { approval: _, signal: _also, ...rest } = known
    return { ...rest, ...about }
  }
  const context = new RequestContext(guard.server, { ...request, method }, undefined, link)
  return andThen(guard.headOf(context), (head) => ({ ...head, ...about }))
}

function begin({ guard, method, head }: Served, args: JsonObject): MaybePromise<Ticket> {
  const resource = methodResource(guard.server, method)
  const ticket = guard.engine.begin({ ...head, resource, arguments: args }, { wait: true })
  return andThen(ticket, (one) => {
    if (!one.permitted) throw denialError(one.decision)
    return one
  })
}

/** The params as the handler may see them. */
function question(served: Served): MaybePromise<unknown> {
  const { params } = served.request
  return andThen(begin(served, {}), (ticket) =>
    andThen(ticket.finish({ ok: true, value: params }), (settled) => {
      if (settled.ok) return carryOver(settled.value, params)
      const { error } = settled
      throw error instanceof CallDeniedError ? denialError(error.decision) : error
    }),
  )
}

/** What the handler says, or throws, as it may leave. */
function answered(served: Served, run: () => unknown): MaybePromise<unknown> {
  const failed = (error: unknown): MaybePromise<never> =>
    andThen(leaving(served, { error: errorText(error) }), () => {
      throw error
    })
  const took = (answer: unknown): MaybePromise<unknown> =>
    andThen(leaving(served, answer), (ticket) =>
      ticket.decision.patch === null ? answer : rewritten(ticket, answer),
    )
  let given: unknown
  try {
    given = run()
  } catch (error) {
    return failed(error)
  }
  return isPromise(given) ? given.then(took, failed) : took(given)
}

function leaving(served: Served, answer: unknown): MaybePromise<Ticket> {
  const args = { answer } as JsonObject // checked by the engine's snapshot
  return andThen(begin(served, args), (ticket) =>
    andThen(ticket.finish({ ok: true, value: null }), () => ticket),
  )
}

function rewritten(ticket: Ticket, answer: unknown): unknown {
  const { answer: changed = null } = ticket.arguments
  return carryOver(thawed(changed), answer)
}

/** What of an error SDKs send. */
function errorText(error: unknown): Params {
  const { code, message, data } = asWireError(error)
  return { code, message, ...(data === undefined ? {} : { data }) }
}

function finishing<T>(run: () => MaybePromise<T>, done: () => void): MaybePromise<T> {
  let given: MaybePromise<T>
  try {
    given = run()
  } catch (error) {
    done()
    throw error
  }
  if (isPromise(given)) return given.finally(done)
  done()
  return given
}

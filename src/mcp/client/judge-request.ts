import { CallgateError } from '../../core/model/errors.ts'
import type { Finding } from '../../core/model/finding.ts'
import { andThen, isPromise, type JsonValue, type MaybePromise } from '../../core/model/json.ts'
import { RequestContext } from '../context.ts'
import type { Head } from '../guard.ts'
import type { IncomingRequest, SendOptions } from '../host.ts'
import { governed } from '../methods/govern.ts'
import { LISTS, OPEN_METHODS } from '../methods/names.ts'
import { asWireError } from './as-wire-error.ts'
import type { ClientGuard } from './client-guard.ts'
import { judgeInputs, noteInputs } from './inputs.ts'
import { introduce } from './introduce.ts'
import type { Later } from './later.ts'
import { type Asked, type Link, sendAsked } from './link.ts'
import { learnTools, listFirst } from './listed-tools.ts'

/** One request on its way to the server. */
interface Leaving {
  readonly guard: ClientGuard
  readonly link: Link
  readonly asked: Asked
  readonly options: SendOptions | undefined
}

/**
 * What the client gets for a request. It is what a wrapped server does with one, and the server's
 * handler is the wire.
 */
export function judgeRequest(leaving: Leaving): MaybePromise<unknown> {
  const { guard, link, asked } = leaving
  const { message: request, controller } = asked
  const extra = { signal: controller.signal, requestId: request.id }
  const context = new RequestContext(guard.server, request, extra, link)
  const shared = { guard, request, extra, connection: link, context }
  const handler = (settled: IncomingRequest): Later => dispatch(leaving, settled)
  if (OPEN_METHODS.has(request.method)) return governed({ ...shared, handler })
  return andThen(guard.headOf(context), (head) => {
    if (LISTS.has(request.method)) {
      const findings: Finding[] = []
      const since = link.changes
      const listing = (settled: IncomingRequest): Later =>
        handler(settled).then((result) => {
          if (request.method === 'tools/list')
            findings.push(...learnTools(guard, link, request, { result, since }))
          return result
        })
      return told(leaving, head, findings, governed({ ...shared, handler: listing }))
    }
    return andThen(introduce(guard, link, head), () =>
      andThen(judgeInputs(guard, link, head, request), () =>
        andThen(listFirst(guard, link, head, request), () =>
          andThen(governed({ ...shared, handler }), (result) => noteInputs(link, result)),
        ),
      ),
    )
  })
}

/** Lists, and errors in their place, are text of the server's that no call has asked for. */
function told(
  { guard, asked }: Leaving,
  head: Head,
  findings: readonly Finding[],
  answer: MaybePromise<unknown>,
): MaybePromise<unknown> {
  const { method } = asked.message
  const hear = (payload: unknown): MaybePromise<void> =>
    guard.engine.hear(head, { method, payload: payload as JsonValue, findings }) // as it was read off the wire
  const failed = (error: unknown): MaybePromise<never> =>
    andThen(hear({ error: asWireError(error) }), () => {
      throw error
    })
  const took = (result: unknown): MaybePromise<unknown> => andThen(hear(result), () => result)
  return isPromise(answer) ? answer.then(took, failed) : took(answer)
}

/** INVARIANT: nothing is sent that was given up while it was judged. */
function dispatch({ link, asked, options }: Leaving, request: IncomingRequest): Later {
  const { answer, state } = asked
  if (state === 'judged') sendAsked(link, asked, request, withoutStaleHeaders(link, asked, options))
  else
    answer.reject(
      new CallgateError('ERR_CALL_CANCELLED', 'the caller gave up before the call went out'),
    )
  return answer
}

const MIRROR = /^mcp-param-/i

/** A client repeats arguments in headers (2026-07-28): where they were rewritten, those say what they were. */
function withoutStaleHeaders(
  link: Link,
  { message }: Asked,
  options: SendOptions | undefined,
): SendOptions | undefined {
  const patch = link.running.get(message.id)?.ticket.decision.patch ?? null
  if (options?.headers === undefined || patch === null) return options
  const kept = Object.entries(options.headers).filter(([name]) => !MIRROR.test(name))
  return { ...options, headers: Object.fromEntries(kept) }
}

import { CallgateError } from '../../core/model/errors.ts'
import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import { DENIED, INTERNAL_ERROR, ProtocolDenial } from '../answers/denial.ts'
import type { Message, RequestId, SendOptions, WireError } from '../host.ts'
import { asResult } from './as-result.ts'
import { asWireError } from './as-wire-error.ts'
import type { ClientGuard } from './client-guard.ts'
import { judgeRequest } from './judge-request.ts'
import {
  type Asked,
  type ClientRequest,
  closeAsked,
  deliver,
  endAsked,
  type Link,
  openAsked,
} from './link.ts'

const MAX_ASKED = 10_000

/**
 * Judges a request, sends it, and looks at what comes back. What `send` has promised is kept once it
 * is sent, or answered here.
 */
export function ask(
  guard: ClientGuard,
  link: Link,
  message: ClientRequest,
  options: SendOptions | undefined,
): Promise<void> {
  const { id } = message
  if (link.asked.has(id))
    return Promise.reject(new ProtocolDenial(DENIED, `request ${String(id)} is under way already`))
  if (link.asked.size >= MAX_ASKED)
    return Promise.reject(
      new ProtocolDenial(
        DENIED,
        `${MAX_ASKED} requests wait for the MCP server \`${guard.server}\`: wait for answers, or close the connection`,
      ),
    )
  return new Promise((resolve, reject) => {
    const asked = openAsked(link, message, { resolve, reject })
    onAbort(options, () => giveUp(link, id))
    settle(guard, asked, link, () => judgeRequest({ guard, link, asked, options }))
  })
}

/** What comes of a request goes to the client, or is what `send` rejects with. */
function settle(
  { host }: ClientGuard,
  asked: Asked,
  link: Link,
  run: () => MaybePromise<unknown>,
): void {
  const failed = (error: unknown): void => {
    if (asked.isLost) {
      closeAsked(link, asked)
      asked.sent.reject(error)
    } else reply(link, asked, { error: asWireError(error) })
  }
  const took = (result: unknown): void =>
    reply(link, asked, { result: asResult(host, asked, result) })
  try {
    const given = run()
    if (isPromise(given)) given.then(took, failed)
    else took(given)
  } catch (error) {
    failed(error)
  }
}

type Reply = { readonly result: unknown } | { readonly error: WireError }

function reply(link: Link, asked: Asked, said: Reply): void {
  const { came, message, sent } = asked
  const { id } = message
  const hand = (answer: Message, extra?: unknown): void => {
    if (asked.state === 'over') return
    closeAsked(link, asked)
    deliver(link, answer, extra)
  }
  if (came !== undefined) hand(rewritten(came.message, said), came.extra)
  // Who asks is not answered before it has finished asking.
  else queueMicrotask(() => hand({ jsonrpc: '2.0', ...(id === undefined ? {} : { id }), ...said }))
  if (asked.came === undefined) sent.resolve()
}

/** The message as it came, where nothing of it was changed. */
function rewritten(came: Message, said: Reply): Message {
  if ('result' in said && came.result === said.result) return came
  if ('error' in said && came.error === said.error) return came
  return { jsonrpc: '2.0', ...(came.id === undefined ? {} : { id: came.id }), ...said }
}

/** Returns true where the request was never sent. */
export function giveUp(link: Link, id: unknown): boolean {
  const asked = link.asked.get(id as RequestId) // any other key is in no map
  if (asked === undefined) return false
  const { state } = asked
  endAsked(link, asked, new CallgateError('ERR_CALL_CANCELLED', 'the caller gave up'))
  return state === 'judged'
}

/** Nothing comes any more: what was sent has failed, what was not will not be. */
export function giveUpAll(link: Link): void {
  for (const asked of [...link.asked.values()])
    endAsked(link, asked, new ProtocolDenial(INTERNAL_ERROR, 'the connection was closed'))
  // The server that is there next may be another one.
  link.tools = 'unknown'
  link.introduced.clear()
}

function onAbort(options: SendOptions | undefined, run: () => void): void {
  const signal = options?.requestSignal
  if (signal?.aborted === true) run()
  else signal?.addEventListener('abort', run, { once: true })
}

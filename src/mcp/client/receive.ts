import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import { INTERNAL_ERROR, ProtocolDenial } from '../answers/denial.ts'
import { isObject, type Message, type RequestId } from '../host.ts'
import { outgoing } from '../server/outgoing.ts'
import type { ClientGuard } from './client-guard.ts'
import { deliver, type Link } from './link.ts'

const MAX_WAITING = 1_000

/**
 * One message of the server's. Answers are known by the id of a request that was sent, and by nothing
 * else; what is neither answer, request nor notification reaches nobody.
 */
export function receive(guard: ClientGuard, link: Link, message: Message, extra: unknown): void {
  const kind = kindOf(message)
  if (kind === 'none')
    complain(link, 'a message that is neither an answer, a request nor a notification')
  else if (kind === 'answer') inOrder(link, undefined, () => takeAnswer(link, message, extra))
  else if (isCrowded(guard, link)) return
  else if (kind === 'request') inOrder(link, undefined, () => deliver(link, message, extra))
  else
    inOrder(link, said(guard, link, message), (shown) => {
      if (shown !== undefined) deliver(link, shown, extra)
    })
}

type Kind = 'answer' | 'request' | 'notification' | 'none'

/** INVARIANT: a message is one thing only, for the guard as for whoever reads it after. */
function kindOf(message: unknown): Kind {
  if (!isObject(message) || Array.isArray(message)) return 'none'
  const isAnswer = 'result' in message || 'error' in message
  if (!('method' in message)) return isAnswer ? 'answer' : 'none'
  if (isAnswer || typeof message['method'] !== 'string') return 'none'
  return 'id' in message && message['id'] !== undefined ? 'request' : 'notification'
}

function takeAnswer(link: Link, message: Message, extra: unknown): void {
  const asked = link.asked.get(message.id as RequestId) // any other id is of no request
  if (asked?.state !== 'sent') {
    complain(link, 'an answer to no request')
    return
  }
  asked.state = 'answered'
  asked.came = { message, extra }
  const { result, error } = message
  if (error === undefined && result !== undefined) asked.answer.resolve(result)
  else if (result === undefined && error !== undefined) asked.answer.reject(error)
  else asked.answer.reject(new ProtocolDenial(INTERNAL_ERROR, 'Invalid response'))
}

/** Looked at as what a server says of itself; one that cannot be judged is not shown. */
function said(guard: ClientGuard, link: Link, message: Message): MaybePromise<Message | undefined> {
  if (message.method === 'notifications/tools/list_changed') {
    link.tools = 'unknown'
    link.changes += 1
  }
  const token = message.params?.['progressToken']
  const options = isId(token) && link.running.has(token) ? { relatedRequestId: token } : undefined
  try {
    const shown = outgoing({ guard, connection: link, message, options })
    return isPromise(shown) ? shown.catch(() => undefined) : shown
  } catch {
    return undefined
  }
}

function isId(token: unknown): token is RequestId {
  return typeof token === 'string' || typeof token === 'number'
}

/** After the notifications that came before it: they may still be looked at. */
function inOrder<T>(link: Link, value: MaybePromise<T>, run: (value: T) => void): void {
  if (link.heard === undefined && !isPromise(value)) {
    run(value)
    return
  }
  link.waiting += 1
  const turn = (link.heard ?? Promise.resolve())
    .then(() => value)
    .then(run)
    .catch((error: unknown) => link.tapped?.complain(error))
    .then(() => {
      link.waiting -= 1
      if (link.heard === turn) link.heard = undefined
    })
  link.heard = turn
}

function isCrowded({ warn, server }: ClientGuard, { waiting }: Link): boolean {
  if (waiting < MAX_WAITING) return false
  warn(
    `the MCP server \`${server}\` says more than can be looked at: what comes while ${MAX_WAITING} messages wait is dropped`,
  )
  return true
}

function complain(link: Link, what: string): void {
  link.tapped?.complain(new ProtocolDenial(INTERNAL_ERROR, `the server has sent ${what}`))
}

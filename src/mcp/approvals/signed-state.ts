import { createHmac, timingSafeEqual } from 'node:crypto'
import { isObject, type Params } from '../host.ts'

/** What a client carries from a question to its answer (2026-07-28). */
export interface QuestionState {
  readonly approval: string
  /** What was asked about, and by whom. */
  readonly call: string
  /** Epoch milliseconds after which an answer is no longer taken. */
  readonly expires: number
  readonly nonce: string
  /** What the request has carried for the server's own handler: it goes on where that left off. */
  readonly app: AppState
}

export interface AppState {
  readonly state?: string
  readonly responses?: Params
}

const PREFIX = 'callgate1.'
/** Characters. What is longer is not asked, and not read. */
const MOST = 65_536

/** True for a state that says it is one of these, whoever made it. */
export function isOurState(text: unknown): text is string {
  return typeof text === 'string' && text.startsWith(PREFIX)
}

/** Undefined: the request carries too much for it. */
export function signState(state: QuestionState, key: string | Uint8Array): string | undefined {
  const body = PREFIX + Buffer.from(JSON.stringify(state)).toString('base64url')
  const signed = `${body}.${signatureOf(body, key).toString('base64url')}`
  return signed.length > MOST ? undefined : signed
}

/** INVARIANT: undefined for everything but what `signState` has made with this key. Says nothing of its time. */
export function readState(text: string, key: string | Uint8Array): QuestionState | undefined {
  if (text.length > MOST) return undefined
  const end = text.lastIndexOf('.')
  const body = text.slice(0, end)
  const given = Buffer.from(text.slice(end + 1), 'base64url')
  const right = signatureOf(body, key)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  try {
    const state: unknown = JSON.parse(
      Buffer.from(body.slice(PREFIX.length), 'base64url').toString('utf8'),
    )
    return isObject(state) ? (state as unknown as QuestionState) : undefined // signed: it is ours
  } catch {
    return undefined
  }
}

function signatureOf(body: string, key: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(body).digest()
}

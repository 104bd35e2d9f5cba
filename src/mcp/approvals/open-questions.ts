import { randomBytes } from 'node:crypto'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'

/** One call that a person is, or was, asked about. */
export interface OpenQuestion {
  /** Of the approval. */
  readonly id: string
  /** Whom it was put to. */
  readonly who: string
  /** Epoch milliseconds before which it is not put again; 0: it was put to nobody. */
  readonly until: number
}

/** What is asked through clients for one engine, whatever number of servers it guards. */
export interface OpenQuestions {
  /** Signs states where the host gives no key. */
  readonly key: Uint8Array
  /** By the call that it is about. */
  find(call: string): OpenQuestion | undefined
  set(call: string, question: OpenQuestion): void
  drop(call: string): void
  /** How many wait for somebody. */
  countOf(who: string, now: number): number
  /** True the first time. */
  use(nonce: string, expires: number, now: number): boolean
}

const MOST_QUESTIONS = 1_000
const MOST_NONCES = 10_000

const byEngine = new WeakMap<PolicyEngine, OpenQuestions>()

/** One per engine: with some protocols there is a server per request. */
export function openQuestionsOf(engine: PolicyEngine): OpenQuestions {
  const known = byEngine.get(engine)
  if (known !== undefined) return known
  const made = createOpenQuestions()
  byEngine.set(engine, made)
  return made
}

export function createOpenQuestions(): OpenQuestions {
  const questions = new Map<string, OpenQuestion>()
  const nonces = new Map<string, number>()
  return {
    key: randomBytes(32),
    find: (call) => questions.get(call),
    set(call, question) {
      questions.delete(call)
      if (questions.size >= MOST_QUESTIONS) dropOldest(questions)
      questions.set(call, question)
    },
    drop: (call) => void questions.delete(call),
    countOf(who, now) {
      let count = 0
      for (const question of questions.values())
        if (question.who === who && question.until > now) count++
      return count
    },
    use(nonce, expires, now) {
      if (nonces.has(nonce)) return false
      if (nonces.size >= MOST_NONCES) forgetOver(nonces, now)
      // INVARIANT: what cannot be remembered is not taken: a nonce that is dropped could come again.
      if (nonces.size >= MOST_NONCES) return false
      nonces.set(nonce, expires)
      return true
    },
  }
}

function dropOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next()
  if (oldest.done !== true) map.delete(oldest.value)
}

function forgetOver(nonces: Map<string, number>, now: number): void {
  for (const [nonce, expires] of nonces) if (expires <= now) nonces.delete(nonce)
}

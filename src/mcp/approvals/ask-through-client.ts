import type { MaybePromise } from '../../core/model/json.ts'
import type { Head } from '../guard.ts'
import type { Judged } from '../methods/judged.ts'
import type { Incoming } from '../server/server-guard.ts'

/** What became of a question. */
export type AnsweredCall =
  | { readonly kind: 'approved'; readonly approval: string }
  | { readonly kind: 'refused' }
  /** The answer to the request is the question itself (2026-07-28): the client calls again with what was said. */
  | { readonly kind: 'reply'; readonly reply: unknown }

/** A request with what its caller has said to a question of ours taken out of it. */
export interface Answering {
  readonly incoming: Incoming
  readonly head: Head
}

export const askThroughClient = {
  answerOf(incoming: Incoming, head: Head): MaybePromise<Answering> {
    return { incoming, head }
  },
  ask(_judged: Judged): MaybePromise<AnsweredCall> {
    return { kind: 'refused' }
  },
}

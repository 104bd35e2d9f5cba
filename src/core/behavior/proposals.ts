import { canonicalJson, sha256Hex } from '../hash.ts'
import type { Call } from '../model/call.ts'

/** How an executed call stands to what the session's models have proposed. */
export type ProposalMatch =
  /** As it was proposed. */
  | 'same'
  /** A call of this tool was proposed, with other arguments. */
  | 'changed'
  /** No model has proposed to call this tool. */
  | 'none'

export type ProposedCall = Pick<Call, 'resource' | 'arguments' | 'ids'>

interface Proposal {
  readonly resource: string
  readonly hash: string
  readonly id: string | undefined
}

const MOST = 256
const HASH_DIGITS = 16

/** What models have proposed to call in one session: names and hashes, the latest of them. */
export class Proposals {
  readonly #kept: Proposal[] = []

  get bytes(): number {
    return this.#kept.length * 200
  }

  add(call: ProposedCall): void {
    if (this.#kept.length >= MOST) this.#kept.shift()
    this.#kept.push({
      resource: call.resource.name,
      hash: hashOf(call),
      id: call.ids.toolCall?.slice(0, 128),
    })
  }

  /** Undefined where no model's calls go through the engine in this session: then nothing is known. */
  match(call: ProposedCall): ProposalMatch | undefined {
    if (this.#kept.length === 0) return undefined
    const { toolCall } = call.ids
    const named = this.#kept.filter(({ resource }) => resource === call.resource.name)
    if (named.length === 0) return 'none'
    const own = toolCall === undefined ? named : named.filter(({ id }) => id === toolCall)
    const hash = hashOf(call)
    return (own.length === 0 ? named : own).some((one) => one.hash === hash) ? 'same' : 'changed'
  }
}

function hashOf({ arguments: args }: ProposedCall): string {
  try {
    return sha256Hex(canonicalJson(args)).slice(0, HASH_DIGITS)
  } catch {
    // Lone surrogates have no canonical form; such arguments match nothing.
    return ''
  }
}

import { identifierFault } from '../../core/names.ts'

/** What the approval, or the policy of the moment, says of who may answer. */
export interface ApproverRules {
  readonly requesters: readonly string[]
  readonly approvers: readonly string[] | null | undefined
  readonly fourEyes: boolean
}

/** Why somebody may not approve; undefined where they may. */
export function approverFault(by: unknown, rules: ApproverRules): string | undefined {
  if (typeof by !== 'string' || by.trim() === '') return 'the approval does not say who gave it'
  const fault = identifierFault(by.trim())
  if (fault !== undefined) return `who approves: ${fault}`
  if (rules.fourEyes && rules.requesters.some((name) => isSamePerson(name, by)))
    return 'the one who asks cannot approve'
  const { approvers } = rules
  if (approvers === null || approvers === undefined || approvers.includes(by)) return undefined
  return 'only those named in `approvals.approvers` may approve'
}

/** Four eyes must not be cheated by another spelling of one's own name, or by a longer form of it. */
export function isSamePerson(one: string, other: string): boolean {
  const [left, right] = [readName(one), readName(other)]
  if (left.local !== right.local) return false
  // `ana` may be `ana@example.com`; `ana@a.test` is not `ana@b.test`.
  return left.domain === right.domain || left.domain === '' || right.domain === ''
}

interface PersonName {
  readonly local: string
  readonly domain: string
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Z}\p{Mn}]/gu
const KIND = /^(?:users?|agents?|mailto|acct|humans?|persons?|people|services?)[:/]/
const ENDS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu

/** `user:Ana+x@Example.COM.`, `EXAMPLE\ana`, `users/ana`, `@ana`, `ana+x` and `ana` are forms of one name. */
function readName(name: string): PersonName {
  const folded = withoutKinds(name.normalize('NFKD').replace(UNSEEN, '').toLowerCase())
  const windows = folded.lastIndexOf('\\')
  if (windows >= 0) return { local: localOf(folded.slice(windows + 1)), domain: '' }
  const at = folded.lastIndexOf('@')
  if (at <= 0) return { local: localOf(folded), domain: '' }
  return { local: localOf(folded.slice(0, at)), domain: folded.slice(at + 1) }
}

/** Names are identifiers, so short: there are only so many kinds to take off. */
function withoutKinds(name: string): string {
  let left = name
  for (;;) {
    const next = left.replace(ENDS, '').replace(KIND, '')
    if (next === left) return left
    left = next
  }
}

function localOf(name: string): string {
  return withoutKinds(name.replace(/(?<=.)\+.*$/, ''))
}

import { type Proof, TIER_LEVEL } from '../core/model/call.ts'
import { identifierFault } from '../core/names.ts'

type Fields = Readonly<Record<string, unknown>>

const TEXTS = ['method', 'issuer', 'session', 'rate_tier'] as const
const LISTS = ['audience', 'act_chain'] as const
const MAX_LIST = 100
const MAX_TEXT = 2048

/** How a subject was proven: known fields only, each read once. Checked by `proofFault`. */
export function takeProof(proof: unknown): Proof | undefined {
  if (typeof proof !== 'object' || proof === null) return proof as undefined // refused by proofFault
  const fields = proof as Fields
  const copy: Record<string, unknown> = {}
  for (const name of [...TEXTS, ...LISTS, 'expires_at']) {
    const value = fields[name]
    if (value === undefined) continue
    copy[name] = Array.isArray(value) ? Object.freeze(value.slice(0, MAX_LIST + 1)) : value
  }
  return Object.freeze(copy) as unknown as Proof // its fields are checked by proofFault
}

/** What is wrong with a proof, or undefined. */
export function proofFault(proof: unknown): string | undefined {
  if (typeof proof !== 'object' || proof === null) return 'subject.proof: it is an object'
  const fields = proof as Fields
  if (!['fixed', 'jwt', 'proxy'].includes(String(fields['method'])))
    return 'subject.proof.method: it is `fixed`, `jwt` or `proxy`'
  const text = TEXTS.find((name) => !isText(fields[name]))
  if (text !== undefined)
    return `subject.proof.${text}: it is a text of up to ${MAX_TEXT} characters`
  const list = LISTS.find((name) => !isTextList(fields[name]))
  if (list !== undefined) return `subject.proof.${list}: it is a list of texts`
  const { rate_tier: rate, session, expires_at: expires } = fields
  if (typeof rate === 'string' && !Object.hasOwn(TIER_LEVEL, rate))
    return 'subject.proof.rate_tier: it is a tier'
  if (expires !== undefined && !Number.isFinite(expires))
    return 'subject.proof.expires_at: it is a time in milliseconds'
  const fault = session === undefined ? undefined : identifierFault(session)
  return fault === undefined ? undefined : `subject.proof.session: ${fault}`
}

function isText(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value.length <= MAX_TEXT)
}

function isTextList(list: unknown): boolean {
  if (list === undefined) return true
  if (!Array.isArray(list) || list.length > MAX_LIST) return false
  return list.every((item) => typeof item === 'string' && item.length <= MAX_TEXT)
}

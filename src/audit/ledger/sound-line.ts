import { canonicalJson } from '../../core/hash.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { LedgerRecord } from './missing-before.ts'
import { type Halves, halvesOf, hashOfLine } from './seal.ts'
import type { LedgerFaultKind } from './verify-ledger.ts'

/** A line that reads as a record and keeps its own hash. */
export interface Whole {
  readonly seq: number
  readonly id: string
  readonly ts: string
  readonly prev: string | null
  readonly hash: string
  /** Numbers that the sink said are not in the ledger, before this record. */
  readonly told: number
}

/** What is wrong with a line by itself. */
export interface Unsound {
  readonly kind: LedgerFaultKind
  readonly message: string
  readonly seq?: number
  readonly id?: string
}

export function wholeOf(text: string): Whole | Unsound {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'not_json', message: 'is not JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'not_a_record', message: 'is not a record' }
  const record = value as LedgerRecord // what is used of it is checked
  const { seq, id, ts, hash, prev, schema, missing_before: told = 0 } = record
  const named = {
    ...(Number.isSafeInteger(seq) ? { seq } : {}),
    ...(typeof id === 'string' ? { id } : {}),
  }
  if (named.seq === undefined || named.id === undefined || typeof hash !== 'string' || schema !== 1)
    return { kind: 'not_a_record', message: 'is not a record of schema 1', ...named }
  if (prev !== null && typeof prev !== 'string')
    return { kind: 'not_a_record', message: '`prev` is neither a hash nor null', ...named }
  if (!isCount(told, record))
    return { kind: 'not_a_record', message: '`missing_before` is not a number', ...named }
  const halves = safeHalves(record)
  if (halves === undefined || `${halves[0]}${canonicalJson(hash)}${halves[1]}` !== text)
    return { kind: 'not_canonical', message: 'is not in its canonical form', ...named }
  if (hashOfLine(`${halves[0]}null${halves[1]}`) !== hash)
    return { kind: 'hash', message: 'is not what its hash is of', ...named }
  return { seq, id, ts: String(ts), prev, hash, told }
}

/** Where nothing is missing, nothing is said. */
function isCount(told: number, record: object): boolean {
  return Number.isSafeInteger(told) && told >= ('missing_before' in record ? 1 : 0)
}

function safeHalves(record: AuditRecord): Halves | undefined {
  try {
    return halvesOf(record, record.prev)
  } catch {
    return undefined
  }
}

import type { AuditRecord } from '../../core/model/audit-record.ts'
import { EngineRuns } from '../ledger/engine-runs.ts'
import { fitRecord } from '../ledger/fit-record.ts'
import { withMissing } from '../ledger/missing-before.ts'
import { type Sealed, sealLine } from '../ledger/seal.ts'
import { arraysOf } from './columns.ts'

/** The last record of a chain; position 0 is before the first. */
export interface Head {
  readonly position: number
  readonly hash: string | null
  /** Numbers up to there, of the engines whose records this writer keeps. @default none */
  readonly runs?: EngineRuns
}

/** Records linked behind a head. */
export interface Links {
  readonly after: Head
  readonly head: Head
  /** As they are kept: shortened where they are too long. */
  readonly records: readonly AuditRecord[]
  /** Each behind a line break: a line has none of its own, a hash neither. */
  readonly hashes: string
  readonly lines: string
}

/** Links ready to be sent as often as it takes: always the same rows. */
export interface Batch {
  readonly after: Head
  readonly head: Head
  readonly parameters: readonly unknown[]
}

const MAX_RECORD_BYTES = 1_048_576
/** Most bytes that UTF-8 takes for one character of a text. */
const MOST_BYTES = 3

/** Links records behind a head, saying which numbers of their engine are missing before them. */
export function link(records: readonly AuditRecord[], after: Head): Links {
  const kept: AuditRecord[] = []
  // Joined, so that each is one text and not its hundred parts, which garbage collection would copy.
  const hashes = ['']
  const lines = ['']
  const runs = after.runs?.fork() ?? new EngineRuns()
  let prev = after.hash
  for (const given of records) {
    const { record, line, hash } = sealed(withMissing(given, runs.take(given.seq)), prev)
    kept.push(record)
    hashes.push(hash)
    lines.push(line)
    prev = hash
  }
  const head = { position: after.position + kept.length, hash: prev, runs }
  return { after, head, records: kept, hashes: hashes.join('\n'), lines: lines.join('\n') }
}

/** Measured by the line itself: to measure first would cost as much again. */
function sealed(given: AuditRecord, prev: string | null): Sealed {
  const first = sealLine(given, prev)
  const isShort =
    first.line.length * MOST_BYTES <= MAX_RECORD_BYTES ||
    Buffer.byteLength(first.line) <= MAX_RECORD_BYTES
  if (isShort) return { record: given, ...first }
  const record = fitRecord(given, MAX_RECORD_BYTES)
  return { record, ...sealLine(record, prev) }
}

/** The rows of links that follow one another, first to last. */
export function batchOf(links: readonly Links[], after: Head): Batch {
  const head = links.at(-1)?.head ?? after
  return {
    after,
    head,
    parameters: [
      String(after.position),
      String(head.position),
      head.hash,
      (after.hash ?? '') + links.map(({ hashes }) => hashes).join(''),
      links.map(({ lines }) => lines.slice(1)).join('\n'),
      ...arraysOf(links.flatMap(({ records }) => records)),
    ],
  }
}

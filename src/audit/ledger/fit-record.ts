import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { Finding } from '../../core/model/finding.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { cleanValue, wellFormed } from './clean-value.ts'
import { hashOfLine, sealLine } from './seal.ts'

/** Least that a bound on a record may be: every field cut still fits. */
export const LEAST_RECORD_BYTES = 65_536

const KEPT_CHARACTERS = 256
const LONG_TEXT = 1_024

/** What `prev`, `hash` and the line break add to a record that is not sealed yet. */
const LINK_BYTES = 160

/**
 * The record, shortened until its line has at most `maxBytes`: first long texts, then the largest
 * fields whole. What is cut says how long it was and its hash. Never drops a record.
 */
export function fitRecord(record: AuditRecord, maxBytes: number): AuditRecord {
  const room = maxBytes - LINK_BYTES
  if (bytesOf(record) <= room) return record
  let fitted = shortTexts(cleanValue(record as unknown)) as unknown as AuditRecord
  while (bytesOf(fitted) > room) {
    const largest = largestField(fitted)
    if (largest === undefined) return fitted
    fitted = { ...fitted, [largest]: cutField(largest, fitted[largest] as JsonValue) }
  }
  return fitted
}

function bytesOf(record: AuditRecord): number {
  return Buffer.byteLength(sealLine(record, null).line)
}

function shortTexts(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.length > LONG_TEXT ? cutText(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(shortTexts)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.length > LONG_TEXT ? cutText(name) : name,
      shortTexts(member),
    ]),
  )
}

/** The field that takes most, of those that can still be cut. */
function largestField(record: AuditRecord): keyof AuditRecord | undefined {
  let largest: keyof AuditRecord | undefined
  let most = LONG_TEXT
  for (const [name, value] of Object.entries(record)) {
    const bytes = Buffer.byteLength(JSON.stringify(value))
    if (bytes <= most || isCut(value)) continue
    largest = name as keyof AuditRecord
    most = bytes
  }
  return largest
}

function cutField(name: keyof AuditRecord, value: JsonValue): unknown {
  const text = JSON.stringify(value)
  const mark = `[cut: ${Buffer.byteLength(text)} bytes, ${hashOfLine(text)}]`
  if (name === 'findings') return [{ ...CUT_FINDING, message: mark }]
  if (name === 'gates' || name === 'act_chain' || name === 'obligations') return [mark]
  if (name === 'evaluated_rules') return []
  return mark
}

function isCut(value: unknown): boolean {
  return Array.isArray(value) ? value.length <= 1 && isCut(value[0] ?? CUT_MARK) : isMark(value)
}

function isMark(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith(CUT_MARK)
  return (value as Finding | undefined)?.rule === CUT_FINDING.rule
}

const CUT_MARK = '[cut: '
const CUT_FINDING: Finding = {
  rule: 'callgate.cut',
  severity: 'low',
  confidence: 0,
  message: '',
  trigger: 0,
  sources: [],
  action: 'warn',
  score: 0,
}

function cutText(text: string): string {
  const hash = hashOfLine(text)
  return `${wellFormed(text.slice(0, KEPT_CHARACTERS))}… [cut: ${text.length} characters, ${hash}]`
}

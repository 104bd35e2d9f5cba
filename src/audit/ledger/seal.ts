import { canonicalJson, sha256Hex } from '../../core/hash.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { cleanValue } from './clean-value.ts'

/** A record as it is kept: linked to the one before it, and in its canonical form. */
export interface Sealed {
  readonly record: AuditRecord
  /** RFC 8785, without a line break. */
  readonly line: string
  /** `sha256:<hex>`: what the next record names as `prev`. */
  readonly hash: string
}

/**
 * Links a record to the one before. Its hash is that of its canonical form with `prev` set and `hash`
 * null, so that whoever holds the line can check it without anything else. What JSON cannot say in
 * UTF-8, such as a lone surrogate, is replaced.
 */
export function seal(record: AuditRecord, prev: string | null): Sealed {
  const { written, line, hash } = linked(record, prev)
  return { record: Object.freeze({ ...written, prev, hash }), line, hash }
}

/** The same for a sink that only keeps text. */
export function sealLine(record: AuditRecord, prev: string | null): Omit<Sealed, 'record'> {
  const { line, hash } = linked(record, prev)
  return { line, hash }
}

function linked(record: AuditRecord, prev: string | null) {
  let written = record
  let halves: Halves
  try {
    halves = halvesOf(record, prev)
  } catch {
    written = cleanValue(record) as unknown as AuditRecord // what it holds is replaced, not its form
    halves = halvesOf(written, prev)
  }
  const hash = hashOfLine(`${halves[0]}null${halves[1]}`)
  return { written, line: `${halves[0]}"${hash}"${halves[1]}`, hash }
}

export function hashOfLine(canonical: string): string {
  return `sha256:${sha256Hex(canonical)}`
}

/** A canonical line, up to the value of `hash` and behind it. */
export type Halves = readonly [before: string, behind: string]

/**
 * One pass for two texts, and names sorted once: every call waits for this. Throws where the record
 * holds what canonical JSON cannot.
 */
export function halvesOf(record: AuditRecord, prev: string | null): Halves {
  const values = record as unknown as Readonly<Record<string, JsonValue>> // plain JSON by its type
  const { before, behind, end } = layoutOf(values)
  return [textOf(before, values, prev), textOf(behind, values, prev) + end]
}

/** A field, and what stands before its value. */
type Field = readonly [name: string, text: string]

interface Layout {
  readonly before: readonly Field[]
  readonly behind: readonly Field[]
  readonly end: string
}

function textOf(
  fields: readonly Field[],
  values: Readonly<Record<string, JsonValue>>,
  prev: string | null,
): string {
  let text = ''
  for (const [name, before] of fields)
    text += before + (name === 'hash' ? '' : valueText(name === 'prev' ? prev : values[name]))
  return text
}

function valueText(value: JsonValue | undefined): string {
  if (value === null) return 'null'
  if (typeof value === 'string') {
    const text = JSON.stringify(value)
    // Only a lone surrogate is escaped so: refused, as everywhere.
    return text.includes('\\ud') ? canonicalJson(value) : text
  }
  return canonicalJson(value as JsonValue) // which refuses undefined
}

// Most of what a record costs is its fifty names: all records of one version have the same.
let usual: { readonly names: readonly string[]; readonly layout: Layout } | undefined

function layoutOf(values: Readonly<Record<string, JsonValue>>): Layout {
  const names = Object.keys(values)
  if (usual !== undefined && isSame(names, usual.names)) return usual.layout
  const layout = makeLayout(names)
  usual = { names, layout }
  return layout
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index])
}

function makeLayout(names: readonly string[]): Layout {
  const sorted = [...new Set([...names, 'hash', 'prev'])].sort()
  const fields = sorted.map(
    (name, index): Field => [name, `${index === 0 ? '{' : ','}${canonicalJson(name)}:`],
  )
  const border = sorted.indexOf('hash') + 1
  return { before: fields.slice(0, border), behind: fields.slice(border), end: '}' }
}

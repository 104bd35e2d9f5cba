import { MAX_CANONICAL_DEPTH } from '../../core/hash.ts'
import type { JsonValue } from '../../core/model/json.ts'

// A record holds its fields one level down.
const DEEPEST = MAX_CANONICAL_DEPTH - 1

/** The value with all that JSON in UTF-8 cannot say replaced. */
export function cleanValue(value: unknown, depth = DEEPEST): JsonValue {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return null
  if (depth === 0) return '[cut: nested too deep]'
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, depth - 1))
  const entries = Object.entries(value).map(
    ([name, member]) => [wellFormed(name), cleanValue(member, depth - 1)] as const,
  )
  return Object.fromEntries(entries)
}

const LONE_SURROGATES = /\p{Cs}/gu

export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATES, '\ufffd')
}

import { UsageError } from '../../command.ts'

const UNITS_MS = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const
const AGE = /^(\d{1,6})([smhdw])$/
const DATE = /^\d{4}-\d{2}-\d{2}$/
/** @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
const TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * Epoch milliseconds of a time, a day (from its beginning, UTC) or an age.
 * @throws {UsageError}
 */
export function readTime(option: string, text: string, now: number): number {
  const age = AGE.exec(text)
  if (age !== null) return now - Number(age[1]) * UNITS_MS[age[2] as keyof typeof UNITS_MS] // matched
  const at = DATE.test(text) || TIME.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  const isRealDay =
    new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(text.slice(8, 10))
  if (!Number.isNaN(at) && isRealDay) return at
  throw new UsageError(
    `\`--${option}\` is not a time: \`${text}\``,
    'write 2026-01-31T12:00:00Z, 2026-01-31, or an age: 30m, 24h, 7d',
  )
}

import { type CompiledConstraint, INSIDE, OUTSIDE } from '../constraints/constraint.ts'
import { recipients as constraint } from '../constraints/kinds/recipients.ts'
import type { JsonValue } from '../model/json.ts'
import type { Effect, EffectContext } from './effect.ts'
import { EffectFault } from './fault.ts'
import { refuseHiddenRecipients } from './filter-recipients-headers.ts'
import { judgeNow } from './judge-now.ts'
import { placesOrAliases, rewriteMembers } from './places.ts'

// A message goes out to so many at most, however they are spread.
const MOST_RECIPIENTS = 2_000
const LONGEST_LIST = 65_536

/** Fields that may be left empty: copies. Others without a recipient would send something else. */
const COPY = /(?:^|[^a-z])b?cc(?:[^a-z]|$)|^b?cc/i

interface Tally {
  kept: number
  seen: number
  /** Fields by where they are, each with how many were there and are left. */
  readonly fields: Map<string, { before: number; after: number }>
}

/**
 * Takes out all recipients but those that the `recipients` constraint allows. A fault where none is
 * left, where `to` and the like are left empty, or where one cannot be read surely or
 * stands where it is not looked for.
 */
export function filterRecipients(allowed: readonly string[], fields: readonly string[]): Effect {
  const places = placesOrAliases(fields, constraint)
  const judge = constraint.compile({ allow: allowed })
  return (args, context) => {
    refuseHiddenRecipients(args)
    const tally: Tally = { kept: 0, seen: 0, fields: new Map() }
    const isAllowed = (text: string): boolean => judgeOne(judge, text, context)
    const next = rewriteMembers(args, places, (value, place) =>
      filtered(value, place, tally, isAllowed),
    )
    refuseEmpty(tally)
    return next
  }
}

function judgeOne(judge: CompiledConstraint, text: string, context: EffectContext): boolean {
  const { standing } = judgeNow(judge, { to: text }, context)
  if (standing === INSIDE) return true
  if (standing === OUTSIDE) return false
  throw new EffectFault('has a recipient that is not one plain address or name: write it plainly')
}

function filtered(
  value: JsonValue,
  place: string,
  tally: Tally,
  isAllowed: (text: string) => boolean,
): JsonValue | undefined {
  // Nobody: many callers write optional arguments so.
  if (value === null || value === '') return value
  if (typeof value !== 'string')
    throw new EffectFault('is not a recipient in one text: write its address as a text')
  if (value.length > LONGEST_LIST) throw new EffectFault('is too long: send to fewer at once')
  const parts = value.split(/[,;]/)
  tally.seen += parts.length
  if (tally.seen > MOST_RECIPIENTS)
    throw new EffectFault(`is past ${MOST_RECIPIENTS} recipients: send to fewer at once`)
  const kept = parts.filter((part) => isAllowed(part))
  count(tally, place, parts.length, kept.length)
  if (kept.length === parts.length) return value
  if (kept.length === 0) return undefined
  const separator = value.includes(',') ? ', ' : '; '
  return kept.map((part) => part.trim()).join(separator)
}

function count(tally: Tally, place: string, before: number, after: number): void {
  // Members of a list are one field.
  const field = place.replace(/(?:\[\d+\])+$/, '')
  const known = tally.fields.get(field) ?? { before: 0, after: 0 }
  tally.fields.set(field, { before: known.before + before, after: known.after + after })
  tally.kept += after
}

function refuseEmpty(tally: Tally): void {
  if (tally.seen === 0)
    throw new EffectFault('there is no argument that names a recipient: give one, such as `to`')
  if (tally.kept === 0) throw new EffectFault('no recipient is one that the policy allows')
  for (const [field, { after }] of tally.fields)
    if (after === 0 && !COPY.test(lastKey(field)))
      throw new EffectFault(`no recipient in \`${lastKey(field)}\` is one that the policy allows`)
}

function lastKey(field: string): string {
  return (
    field
      .split(/[./]/)
      .at(-1)
      ?.replace(/[^\w-]/g, '?')
      .slice(0, 40) ?? ''
  )
}

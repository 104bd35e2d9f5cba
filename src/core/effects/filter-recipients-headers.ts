import { recipients } from '../constraints/kinds/recipients.ts'
import { nameTest } from '../constraints/support/argument-names.ts'
import { shownPath } from '../constraints/values.ts'
import { isList, isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { EffectFault } from './fault.ts'

// Deeper than arguments may be by default, and far from where recursion fails.
const DEEPEST = 200
const RECIPIENT_NAMES = nameTest(recipients.aliases, [])
const HEADER = /^(?:resent-)?(?:to|b?cc|reply-to)$/i
/** A line of a message's head, or a name alone, whose value is the next member of a list. */
const HEADER_LINE = /^[ \t]*(?:resent-)?(?:to|b?cc|reply-to)[ \t]*(?::|$)/im

/**
 * Recipients that no field is named for: `{ name: 'Bcc', value: ... }`, and lines of headers. They
 * would pass unfiltered, so they are a fault.
 */
export function refuseHiddenRecipients(args: JsonObject): void {
  refuseIn(args, { path: '', depth: 0, isHeaders: false })
}

interface Place {
  readonly path: string
  readonly depth: number
  readonly isHeaders: boolean
}

function refuseIn(value: JsonValue, place: Place): void {
  if (place.depth > DEEPEST) throw new EffectFault('the arguments are nested too deeply')
  if (typeof value === 'string') {
    if (place.isHeaders && HEADER_LINE.test(value)) throw hidden(place.path)
  } else if (isList(value)) {
    value.forEach((member, index) => {
      refuseIn(member as JsonValue, below(place, `${place.path}[${index}]`, place.isHeaders))
    })
  } else if (isMap(value)) refuseInObject(value as JsonObject, place)
}

function refuseInObject(object: JsonObject, place: Place): void {
  const keys = Object.keys(object)
  if (keys.some(isValueKey) && keys.some((key) => isLabelKey(key) && namesRecipient(object[key])))
    throw hidden(place.path)
  for (const key of keys) {
    const value = object[key]
    if (value === undefined) continue
    const path = place.path === '' ? key : `${place.path}.${key}`
    refuseIn(value, below(place, path, place.isHeaders || /headers?$/i.test(key)))
  }
}

function below({ depth }: Place, path: string, isHeaders: boolean): Place {
  return { path, depth: depth + 1, isHeaders }
}

function isValueKey(key: string): boolean {
  return /^values?$/i.test(key)
}

function isLabelKey(key: string): boolean {
  return /^(?:name|key)$/i.test(key)
}

function namesRecipient(label: JsonValue | undefined): boolean {
  if (typeof label !== 'string') return false
  const name = label.trim().replace(/:$/, '')
  return HEADER.test(name) || RECIPIENT_NAMES(name) !== 'none'
}

function hidden(path: string): EffectFault {
  return new EffectFault(
    `\`${shownPath(path)}\` names a recipient that is not filtered there: name it in \`to\`, \`cc\` or \`bcc\``,
  )
}

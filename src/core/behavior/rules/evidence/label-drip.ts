import type { JsonValue } from '../../../model/json.ts'
import type { RequestEvent, RuleView } from '../../rule.ts'
import { numbersIn, withNumbers } from './memory.ts'
import { textHash } from './text-hash.ts'

/**
 * Data that is spelled out in the names of hosts, a few characters a call: ever other labels, that no
 * person would name a host by, below one and the same domain.
 * @see https://attack.mitre.org/techniques/T1071/004/ DNS as a channel
 */

/** Numbers of the labels seen below the domains of this request, this request's included. */
export interface LabelDrip {
  readonly seen: readonly number[]
  /** The most labels below one domain. */
  readonly count: number
}

const MOST_SEEN = 128
const DOMAIN_UNITS = 0x1_0000

export function labelDrip(event: RequestEvent, view: RuleView): LabelDrip | undefined {
  const before = numbersIn(view.memory, 'labels')
  const added = labelsIn(event)
  if (added.length === 0) return undefined
  const seen = withNumbers(before, added, MOST_SEEN)
  if (seen.length === before.length) return undefined
  const counts = new Map<number, number>()
  for (const label of seen) {
    const domain = Math.floor(label / DOMAIN_UNITS)
    counts.set(domain, (counts.get(domain) ?? 0) + 1)
  }
  const ours = added.map((label) => counts.get(Math.floor(label / DOMAIN_UNITS)) ?? 0)
  return { seen, count: Math.max(...ours) }
}

export function labelsOf(memory: JsonValue | undefined): readonly number[] {
  return numbersIn(memory, 'labels')
}

const MOST_ARGUMENTS = 32
const HOST =
  /^(?:[a-z][a-z\d+.-]{1,15}:\/\/)?((?:[a-z\d_-]{1,63}\.){2,20}[a-z]{2,24})(?::\d{1,5})?(?:$|[/?#])/i

function labelsIn({ arguments: given }: RequestEvent): readonly number[] {
  const found: number[] = []
  for (const { text } of given.slice(0, MOST_ARGUMENTS)) {
    if (!text.includes('.') || text.length > 2_048) continue
    const host = HOST.exec(text.slice(0, 300))?.[1]
    if (host === undefined) continue
    const labels = host.toLowerCase().split('.')
    const domain = textHash(labels.slice(-2).join('.')) & 0xffff
    for (const label of labels.slice(0, -2))
      if (isSpelled(label)) found.push(domain * DOMAIN_UNITS + (textHash(label) & 0xffff))
  }
  return found
}

/** Hexadecimal or Base32 digits, with digits among the letters, that begin or end no word. */
function isSpelled(label: string): boolean {
  if (label.length < 4) return false
  if (/^(?:[\da-f]{2}){3,31}$/.test(label)) return /\d/.test(label)
  if (!/^[a-z2-7]{6,63}$/.test(label)) return false
  const digits = label.replace(/\D/g, '').length
  return digits >= 1 && !/^[a-z]{2,20}-?\d{1,4}$/.test(label)
}

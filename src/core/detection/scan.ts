import type { Detector } from './detector.ts'
import { searchAnchors } from './instructions/anchors.ts'
import { findAfterWalk, instructionCues } from './instructions/find-instructions.ts'
import { SCAN_CLASSES, type ScanClass, type ScanMatch } from './match.ts'
import { PII_DETECTORS } from './pii/detectors.ts'
import { findPersonalData } from './pii/find-personal-data.ts'
import { type Plan, planFor } from './plan.ts'
import { secretDetectors } from './secrets/detectors.ts'
import { selectMatches } from './select-matches.ts'
import { withUnits } from './units.ts'
import { walk } from './walk.ts'

export { scanKinds } from './scan-kinds.ts'

export interface ScanOptions {
  /** What to look for; everything when left out. */
  readonly classes?: readonly ScanClass[]
}

/**
 * Finds secrets, personal data and instruction-like text. Answers the matches by their start. Of
 * secrets and personal data that overlap the more confident stands, then the longer; passages of
 * instructions do not overlap each other, but may hold the others. The time is linear in the text's
 * length, and nothing throws on any text.
 */
export function scan(
  text: string,
  { classes = SCAN_CLASSES }: ScanOptions = {},
): readonly ScanMatch[] {
  return withUnits(text, (units) => scanUnits(text, units, classes))
}

function scanUnits(
  text: string,
  units: Uint16Array,
  classes: readonly ScanClass[],
): readonly ScanMatch[] {
  const search = classes.includes('instruction') ? searchAnchors(text, units) : undefined
  const found = walk(planOf(classes), text, search?.sink, units)
  if (classes.includes('pii')) for (const match of findPersonalData(text)) found.push(match)
  const values = selectMatches(found)
  if (search === undefined) return values
  const passages = findAfterWalk(text, search)
  if (passages.length === 0) return values
  return [...values, ...passages].sort((one, other) => one.start - other.start)
}

function detectors(): readonly Detector[] {
  return [...secretDetectors(), ...PII_DETECTORS]
}

// Built when first asked for, by the set of classes as bits. Immutable from then on.
const plans: (Plan | undefined)[] = []

function planOf(classes: readonly ScanClass[]): Plan {
  let key = 0
  for (let bit = 0; bit < SCAN_CLASSES.length; bit++)
    if (classes.includes(SCAN_CLASSES[bit] ?? 'secret')) key |= 1 << bit
  const known = plans[key]
  if (known !== undefined) return known
  const plan = planFor(
    detectors().filter((detector) => classes.includes(detector.class)),
    classes.includes('instruction') ? instructionCues() : undefined,
  )
  plans[key] = plan
  return plan
}

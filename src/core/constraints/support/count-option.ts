import type { JsonObject } from '../../model/json.ts'
import { numberOption } from '../config.ts'
import type { ConstraintConfig, ReportFault } from '../constraint.ts'

/** `max` as a count of something, for kinds that limit a size. */
export function countSchema(of: string): JsonObject {
  return { max: { type: 'number', description: `Most ${of}: a whole number, 0 or more.` } }
}

export function checkCount(config: ConstraintConfig, report: ReportFault): void {
  const max = numberOption(config, 'max')
  if (max === undefined || !Number.isSafeInteger(max) || max < 0)
    report('bad_number', ['max'], '`max` is a whole number, 0 or more')
}

export function countOption(config: ConstraintConfig): number {
  return numberOption(config, 'max') ?? 0
}

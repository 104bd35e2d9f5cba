import { refuseOption } from '../core/option-checks.ts'

/** A whole number within its bounds. */
export function wholeNumber(what: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return value
  return refuseOption(`${what}: it is a whole number from ${least} to ${most}`)
}

/** Longer waits do not fit a timer. */
export const MAX_DELAY_MS = 2_147_483_647

/** What an operator should know of a sink: the shape that `onDiagnostic` of an engine takes too. */
export interface SinkDiagnostic {
  readonly code: string
  readonly message: string
  readonly cause?: unknown
}

/** Without a listener it is a warning of the process; a listener that throws stops nothing. */
export function reporterOf(
  listener: ((diagnostic: SinkDiagnostic) => void) | undefined,
): (diagnostic: SinkDiagnostic) => void {
  return (diagnostic) => {
    if (listener === undefined) {
      process.emitWarning(diagnostic.message, { type: 'CallgateWarning', code: diagnostic.code })
      return
    }
    try {
      listener(diagnostic)
    } catch {
      // Whoever listens has no say in what is kept.
    }
  }
}

import { CallgateError } from '../core/model/errors.ts'

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function refuseOption(message: string): never {
  throw new CallgateError('ERR_OPTIONS_INVALID', message)
}

/** Refuses options that nobody knows: a misspelt bound would bound nothing. */
export function checkNames(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) refuseOption(`${what}: it is an object`)
  for (const name of Object.keys(options))
    if (!known.includes(name))
      refuseOption(`${what}: unknown option \`${name.slice(0, 64)}\`; known: ${known.join(', ')}`)
}

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

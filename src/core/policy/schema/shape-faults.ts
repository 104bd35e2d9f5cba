import { type ShapeError, validate } from './validate.generated.js'

/**
 * What does not fit the schema of policies. A file of its own, since the validator is large: the build
 * makes a part of it that is loaded by the first policy.
 */
export function shapeFaults(value: unknown): readonly ShapeError[] {
  return validate(value) ? NONE : (validate.errors ?? NONE)
}

const NONE: readonly ShapeError[] = Object.freeze([])

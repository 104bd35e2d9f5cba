import { CallgateError } from '../core/model/errors.ts'

/** A setting that would protect less than it says: found where the provider is made. */
export function refuseOption(message: string): never {
  throw new CallgateError('ERR_OPTIONS_INVALID', message)
}

/** Refuses options that nobody knows: a misspelt one would quietly not protect. */
export function checkNames(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) refuseOption(`${what}: it is an object`)
  for (const name of Object.keys(options))
    if (!known.includes(name))
      refuseOption(`${what}: unknown option \`${name.slice(0, 64)}\`; known: ${known.join(', ')}`)
}

/** One name or several, none empty. */
export function namesOf(what: string, value: unknown): readonly string[] {
  const names: unknown[] = Array.isArray(value) ? value : [value]
  if (names.length === 0) refuseOption(`${what}: it names at least one`)
  return Object.freeze(
    names.map((name) =>
      typeof name === 'string' && name !== '' && name.length <= MAX_NAME
        ? name
        : refuseOption(`${what}: it is a text of 1 to ${MAX_NAME} characters, or a list of them`),
    ),
  )
}
const MAX_NAME = 1024

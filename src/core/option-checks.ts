import { CallgateError } from './model/errors.ts'

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

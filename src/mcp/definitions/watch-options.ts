import { CallgateError } from '../../core/model/errors.ts'
import type { PinStore } from './pins.ts'
import type { DefinitionOptions } from './watch-definitions.ts'

const KNOWN = new Set<string>([
  'pins',
  'acceptNew',
  'annotations',
] satisfies (keyof DefinitionOptions)[])

/**
 * Refuses options that are wrong or unknown: a misspelt one would quietly not protect.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function checkDefinitionOptions(options: DefinitionOptions): void {
  const fail = (message: string): never => {
    throw new CallgateError('ERR_OPTIONS_INVALID', `\`watchDefinitions\`: ${message}`)
  }
  if (typeof options !== 'object' || options === null) fail('options must be an object')
  for (const key of Object.keys(options))
    if (!KNOWN.has(key)) fail(`unknown option \`${key}\`; known: ${[...KNOWN].join(', ')}`)
  const { pins, acceptNew, annotations } = options
  if (pins !== undefined && typeof (pins as PinStore | null)?.update !== 'function')
    fail('`pins` is made by `memoryPins` or `filePins`')
  if (acceptNew !== undefined && typeof acceptNew !== 'boolean')
    fail('`acceptNew` is true or false')
  if (annotations !== undefined && annotations !== 'caution' && annotations !== 'ignore')
    fail('`annotations` is `caution` or `ignore`')
}

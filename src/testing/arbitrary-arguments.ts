import type * as FastCheck from 'fast-check'
import type { JsonObject, JsonValue } from '../core/model/json.ts'

/** Synchronous kinds only, each about an argument of its own, so that any mix of findings comes up. */
export function constraintsArbitrary(
  fc: typeof FastCheck,
): FastCheck.Arbitrary<Readonly<Record<string, JsonObject>>> {
  const mode = fc.constantFrom('strict', 'permissive')
  const oneOf = fc.record(
    {
      field: fc.constant('x'),
      allow: fc.subarray(['p', 'q', 1], { minLength: 1, maxLength: 2 }),
      mode,
    },
    { requiredKeys: ['field', 'allow'] },
  )
  const equals = fc.record(
    { field: fc.constant('y'), value: fc.constantFrom<JsonValue>('p', 1, null, ['p']), mode },
    { requiredKeys: ['field', 'value'] },
  )
  const maxLength = fc.record(
    { field: fc.constant('z'), max: fc.constantFrom(1, 3), mode },
    { requiredKeys: ['field', 'max'] },
  )
  const range = fc.record(
    { field: fc.constant('n'), min: fc.constantFrom(0, 5), max: fc.constant(7), mode },
    { requiredKeys: ['field', 'max'] },
  )
  const kind = fc.oneof<FastCheck.Arbitrary<object>[]>(
    fc.record({ one_of: oneOf }),
    fc.record({ equals }),
    fc.record({ max_length: maxLength }),
    fc.record({ range }),
    fc.record({ not: fc.record({ one_of: oneOf }) }),
  )
  return fc
    .array(kind, { minLength: 1, maxLength: 2 })
    .map((parts): Readonly<Record<string, JsonObject>> => Object.assign({}, ...parts))
}

/** Arguments that hit, miss and confuse those constraints, at the top and deeper. */
export function argumentsArbitrary(fc: typeof FastCheck): FastCheck.Arbitrary<JsonObject> {
  const value = fc.constantFrom<JsonValue>(
    'p',
    'q',
    'long',
    1,
    6,
    9,
    true,
    null,
    ['p'],
    ['p', 'q'],
    ['p', ['other']],
    [],
    {},
  )
  const flat = fc.record({ x: value, y: value, z: value, n: value }, { requiredKeys: [] })
  const nested = fc.record({ x: value, options: flat, X: value }, { requiredKeys: [] })
  return fc
    .oneof({ weight: 3, arbitrary: flat }, { weight: 1, arbitrary: nested })
    .map((args) => args as JsonObject) // plain JSON, built above
}

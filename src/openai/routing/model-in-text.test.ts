import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withModel } from './model-in-text.ts'

const LEFT = new Set(['models', 'route'])

describe('a body with another model', () => {
  it.each([
    ['{}', '{"model":"a/b"}'],
    ['{"model":"x"}', '{"model":"a/b"}'],
    [
      ' {"seed": 12345678901234567890, "model" : "x"}\n',
      '{"model":"a/b","seed": 12345678901234567890}',
    ],
    ['{"models":["x",{"a":"}"}],"n":1.0}', '{"model":"a/b","n":1.0}'],
    ['{"a":"say \\"model\\": {","model":"x"}', '{"model":"a/b","a":"say \\"model\\": {"}'],
    ['{"a":"\\\\","mod\\u0065l":"x","b":[1,[2]]}', '{"model":"a/b","a":"\\\\","b":[1,[2]]}'],
  ])('of %s is %s', (text, want) => {
    expect(withModel(text, 'a/b', LEFT)).toBe(want)
  })

  it('is the same value as if it had been taken apart and put together again', () => {
    const names = fc.oneof(fc.constantFrom('model', 'models', 'route', 'stream'), fc.string())
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.jsonValue(), { noNullPrototype: true }),
        fc.constantFrom(undefined, 1),
        (body, indent) => {
          const { models: _models, route: _route, ...rest } = body
          const text = withModel(JSON.stringify(body, undefined, indent), 'a/b', LEFT)
          const want = JSON.parse(JSON.stringify({ ...rest, model: 'a/b' }))
          expect(JSON.parse(text)).toEqual(want)
        },
      ),
    )
  })
})

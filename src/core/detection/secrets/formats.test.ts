import { describe, expect, it } from 'vitest'
import { scan } from '../scan.ts'
import { SECRET_FORMATS } from './detectors.ts'
import { sampleOf } from './sample.fixture.ts'
import { VENDOR_KEYS } from './vendor.ts'

const SHAPES = SECRET_FORMATS.flatMap(([kind, shapes]) =>
  shapes.map((shape) => [kind, shape] as const),
)

function kindsIn(text: string): string[] {
  return scan(text, { classes: ['secret'] }).map((match) => match.kind)
}

describe('formats of secrets', () => {
  it('are at least 200, of which none is told twice', () => {
    const kinds = SECRET_FORMATS.map(([kind]) => kind)
    expect(new Set(kinds).size).toBe(kinds.length)
    expect(kinds.length).toBeGreaterThanOrEqual(200)
    expect(new Set(SHAPES.map(([, shape]) => shape)).size).toBe(SHAPES.length)
  })

  it('are each found by a token of their shape, and nothing around it is', () => {
    const missed = SHAPES.filter(([kind, shape]) => {
      const token = sampleOf(shape)
      const text = `the key "${token}"\n`
      const [match, ...others] = scan(text, { classes: ['secret'] })
      const isWhole = match !== undefined && text.slice(match.start, match.end) === token
      return !isWhole || match.kind !== kind || others.length > 0
    })
    expect(missed).toEqual([])
  })

  it('are not found inside a longer word', () => {
    const wrong = SHAPES.filter(([kind, shape]) =>
      kindsIn(`the key ${'x'.repeat(40)}${sampleOf(shape)}`).includes(kind),
    )
    expect(wrong).toEqual([])
  })

  it('are found behind the escapes of JSON and of addresses', () => {
    const missed = SHAPES.filter(
      ([, shape]) =>
        kindsIn(`"key:\\n${sampleOf(shape)}\\n"`).length === 0 ||
        kindsIn(`https://host.test/?key%3D${sampleOf(shape)}`).length === 0,
    )
    expect(missed).toEqual([])
  })

  it('are not found where one letter fills the place of the secret', () => {
    const wrong = SHAPES.filter(([, shape]) => kindsIn(shape.replace(RUNS, fill)).length > 0)
    expect(wrong.map(([, shape]) => shape).filter((shape) => RUNS.test(shape))).toEqual([])
  })
})

const RUNS = /\{\w+:([1-9]\d*)\+?(?:-\d+)?\}/g

function fill(_: string, least: string): string {
  return 'a'.repeat(Number(least))
}

describe('keys that their vendor names', () => {
  it.each(
    VENDOR_KEYS.flatMap(({ vendor, kind, alphabet, lengths }) =>
      lengths.map((length) => [vendor, kind, `{${alphabet}:${length}}`] as const),
    ),
  )('%s_api_token is a %s of shape %s', (vendor, kind, shape) => {
    const found = kindsIn(`${vendor}_api_token = "${sampleOf(shape, 11)}"`)
    expect(found).toHaveLength(1)
    expect([kind, 'sumo_key']).toContain(found[0])
  })

  it('is none of another length', () => {
    expect(kindsIn(`algolia_index = "${sampleOf('{hex:31}')}"`)).toEqual([])
  })
})

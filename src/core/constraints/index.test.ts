import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../model/json.ts'
import type { ConstraintConfig } from './constraint.ts'
import { CONSTRAINT_KINDS, constraintKind } from './index.ts'
import { faults, judge, standing } from './probe.fixture.ts'

/** One sound config a kind, with an argument inside, and one outside where the kind has one. */
const EXAMPLES: Readonly<Record<string, readonly [ConstraintConfig, JsonObject, JsonObject]>> = {
  sql_intent: [['select'], { query: 'SELECT 1' }, { query: 'DELETE FROM t' }],
  path_prefix: [['/data'], { path: '/data/a' }, { path: '/etc' }],
  url_host: [['a.test'], { url: 'https://a.test' }, { url: 'https://b.test' }],
  email_domain: [['a.test'], { to: 'x@a.test' }, { to: 'x@b.test' }],
  recipients: [['a.test'], { to: 'x@a.test' }, { to: 'x@b.test' }],
  cidr: [['10.0.0.0/8'], { ip: '10.1.1.1' }, { ip: '11.1.1.1' }],
  one_of: [{ field: 'v', allow: [1] }, { v: 1 }, { v: 2 }],
  equals: [{ field: 'v', value: 1 }, { v: 1 }, { v: 2 }],
  range: [{ field: 'v', min: 1, max: 2 }, { v: 1 }, { v: 3 }],
  max_length: [{ field: 'v', max: 1 }, { v: 'a' }, { v: 'ab' }],
  max_bytes: [{ field: 'v', max: 1 }, { v: 'a' }, { v: 'ab' }],
  matches: [{ field: 'v', pattern: '^a$' }, { v: 'a' }, { v: 'b' }],
  json_schema: [{ field: 'v', schema: { const: 1 } }, { v: 1 }, { v: 2 }],
  time_window: [{ from: '00:00', to: '01:00' }, {}, {}],
  not: [{ cidr: ['10.0.0.0/8'] }, { ip: '11.1.1.1' }, { ip: '10.1.1.1' }],
}

const kinds = CONSTRAINT_KINDS.filter((kind) => kind.kind !== 'sql_intent')

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('%s', (name, kind) => {
  const [config, inside, outside] = EXAMPLES[name] ?? [{}, {}, {}]

  it('tells inside from outside', () => {
    const later = name === 'time_window' ? { at: 2 * 3_600_000 } : {}
    expect([standing(name, config, inside), standing(name, config, outside, later)]).toEqual([
      'inside',
      'outside',
    ])
  })

  it('finds nothing wrong with a sound config', () => {
    expect(faults(name, config)).toEqual([])
  })

  it('has a sentence and a schema that refuses unknown keys and describes the rest', () => {
    const properties = Object.values((kind.schema['properties'] ?? {}) as JsonObject)
    expect([
      kind.summary.endsWith('.'),
      kind.schema['additionalProperties'],
      properties.length > 0,
      kind.aliases.length > 0 || kind.listItems === undefined,
    ]).toEqual([true, false, true, true])
  })

  if (name === 'time_window' || name === 'not') return

  it('is unsure of an absent argument, and has no objection when permissive', () => {
    const permissive = Array.isArray(config)
      ? { allow: config as readonly JsonValue[], mode: 'permissive' }
      : { ...(config as JsonObject), mode: 'permissive' }
    expect([standing(name, config, {}), standing(name, permissive, {})]).toEqual([
      'unsure',
      'nothing',
    ])
  })

  it('lets no value hide another', () => {
    const all = { ...inside, others: [outside] }
    expect(standing(name, config, all)).toBe('inside outside')
  })

  it('tells nothing of a value', () => {
    const key = Object.keys(inside)[0] ?? ''
    const secrets: JsonValue[] = ['s3cr3t-hunter2', 918_273_645, { k: 's3cr3t' }, ['s3cr3t']]
    const details = secrets.map((value) => judge(name, config, { [key]: value }).detail)
    expect(details.filter((detail) => /s3cr3t|918/.test(detail))).toEqual([])
  })
})

describe('constraintKind', () => {
  it('finds a kind by its name, and `matches` as `regex`', () => {
    expect([constraintKind('cidr')?.kind, constraintKind('regex')?.kind]).toEqual([
      'cidr',
      'matches',
    ])
  })

  it.each([['__proto__'], ['constructor'], ['CIDR'], ['']])('finds nothing by %j', (name) => {
    expect(constraintKind(name)).toBeUndefined()
  })
})

describe('a call with as many values as arguments may hold', () => {
  const many = (value: JsonValue) => Array<JsonValue>(49_000).fill(value)
  it.each<[string, ConstraintConfig, JsonObject]>([
    ['path_prefix', ['/data'], { path: many('/data/é') }],
    ['url_host', ['a.test'], { url: many('https://münchen.test/') }],
    ['email_domain', ['a.test'], { to: many('x@münchen.test') }],
    ['recipients', ['a.test'], { to: Array(60).fill('x@b.test,'.repeat(7000)) }],
    ['cidr', ['10.0.0.0/8'], { ip: many('2001:db8::1') }],
    ['one_of', { field: 'v', allow: [1] }, { v: many('x') }],
    ['matches', { field: 'v', pattern: 'x{40}y' }, { v: many('x'.repeat(60)) }],
    ['max_length', { field: 'v', max: 9 }, { v: many('x'.repeat(10)) }],
  ])('is judged soon by %s, and not as inside', (name, config, args) => {
    const started = performance.now()
    expect(standing(name, config, args)).toContain('unsure')
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('is judged soon by max_bytes where it is nested in itself', () => {
    let body: JsonObject = { body: 'x'.repeat(3_500_000) }
    for (let depth = 0; depth < 60; depth++) body = { body }
    const started = performance.now()
    expect(standing('max_bytes', { field: 'body', max: 10_000_000 }, body)).toBe('inside unsure')
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('loading', () => {
  it('loads neither the regex engine nor the schema compiler before a policy needs one', async () => {
    const { execFileSync } = await import('node:child_process')
    const tsx = createRequire(import.meta.url).resolve('tsx')
    const script = `
      const { createRequire } = await import('node:module')
      await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
      console.log(Object.keys(createRequire(process.cwd() + '/x.js').cache).filter((file) => /ajv|re2js/.test(file)).length)`
    const answer = execFileSync(
      process.execPath,
      ['--import', new URL(`file://${tsx}`).href, '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    )
    expect(answer.trim()).toBe('0')
  })
})

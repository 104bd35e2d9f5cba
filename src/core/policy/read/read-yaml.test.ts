import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPolicyText } from '../parse.ts'
import { readSource } from './read-source.ts'
import { readYaml } from './read-yaml.ts'

describe('readYaml', () => {
  it('reads JSON text as JSON does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const spaced = JSON.stringify(JSON.parse(text), null, 1)
        if (JSON.parse(text) === null || /"(?:__proto__|constructor|prototype|<<)":/.test(spaced))
          return
        // The library takes no key above 1024 characters and reads -0 as 0.
        const { value, faults } = readYaml(spaced, 64)
        expect(faults).toEqual([])
        expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(spaced)))
      }),
    )
  })

  it.each([
    ['on', 'on'],
    ['yes', 'yes'],
    ['010', 10],
    ['0o10', 8],
    ['1e3', 1000],
    ['2027-01-01', '2027-01-01'],
    ['12:30:45', '12:30:45'],
    ['~', null],
    ['!!str 1', '1'],
    ['!!int "7"', 7],
  ])('reads `%s` by the core schema of YAML 1.2', (text, value) => {
    expect(readYaml(`a: ${text}`, 64).value).toEqual({ a: value })
  })

  it('puts the value of an anchor where its aliases stand', () => {
    const { value, faults } = readYaml('a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n', 64)
    expect({ value, faults }).toEqual({ value: { a: [1, 2], b: [1, 2], c: 3, d: 3 }, faults: [] })
  })

  it('says once what is wrong with an anchor, however many aliases show it', () => {
    const text =
      'roles:\n  - {name: a, rules: &r [{resources: [x.y], verbs: [call]}]}\n  - {name: b, rules: *r}\n'
    const { problems } = checkPolicyText(text, { filename: 'p.yaml' })
    expect(problems.map(({ kind, line }) => [kind, line])).toEqual([['bad_enum', 2]])
  })

  it.each([
    ['brackets in a comment', `roles: [] # ${'['.repeat(500)}\n`],
    ['brackets in quotes', `roles: []\nunlisted: "${'['.repeat(500)}"\n`],
    ['an apostrophe in a comment', "roles: [] # it's [\nbindings: [] # don't [\n"],
    ['brackets in a block text', `roles: []\nunlisted: |\n  ${'{['.repeat(300)}\n`],
  ])('does not count %s as nesting', (_name, text) => {
    const { problems } = checkPolicyText(text, { filename: 'p.yaml' })
    expect(problems.filter(({ kind }) => kind === 'too_deep' || kind === 'syntax')).toEqual([])
  })

  it('never throws and never says that a text is sound without a value', () => {
    const unit = fc.constantFrom(...'{}[]\'"#&*!|>%@`,:?-~ \t\n\rabk1.0<\\\u00e9\ud83d\u0000')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), (text) => {
        const source = readSource(text, { file: 'p.yaml' })
        expect(source.value !== undefined || source.problems.length > 0).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

// What has taken the whole process down with this library on Node 20, and what could hide it.
const HOSTILE = [
  "'['.repeat(N)",
  "'roles: ' + '{a: '.repeat(N)",
  "'roles: ' + '['.repeat(N) + ']'.repeat(N)",
  "Array.from({ length: 1400 }, (_, i) => ' '.repeat(i) + 'k:\\n').join('')",
  "'- '.repeat(N)",
  "'? '.repeat(N)",
  "'a: '.repeat(N)",
  "\"a: 'x\\n' : \" + '['.repeat(N)",
  "\"it's: \" + '['.repeat(N)",
  "'a: |\\n  \"\\nb: ' + '['.repeat(N)",
  "'a: b\"\\nc: ' + '['.repeat(N) + '\\nd: \"'",
  "'a: !t \"\\n  ' + '['.repeat(N) + '\"'",
  "'[\"\\\\\"\", ' + '['.repeat(N)",
  "'&a [*a, '.repeat(N)",
]

const MIB = 1 << 20
const fill = (text: string): string => text.repeat(Math.floor((MIB - 40) / text.length))
const rolesOf = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) =>
      `  - name: role-${index}\n    rules:\n      - name: "Rule ${index}"\n        resources: ["db.execute_sql_${index}", crm.read_${index}]\n        verbs: [invoke]\n        constraints:\n          sql_intent: [select]\n`,
  ).join('')
const bindingsOf = (count: number): string =>
  Array.from({ length: count }, (_, index) => `  - {agent: b${index}, roles: [a]}\n`).join('')

describe('a YAML text of nearly 1 MiB', () => {
  it.each([
    ['roles', `roles:\n${rolesOf(5_500)}`],
    ['bindings', `roles: [{name: a, rules: []}]\nbindings:\n${bindingsOf(33_000)}`],
  ])('is read where it has %s', (_name, text) => {
    expect(text.length).toBeGreaterThan(0.9 * MIB)
    expect(readSource(text, { file: 'p.yaml' }).problems).toEqual([])
  })

  // Seconds, not milliseconds: machines differ. What stood here took 5 to 18 seconds.
  it.each([
    ['brackets that close nothing', fill('}'), 'syntax'],
    ['lists that close twice', `x: ${fill('[]]')}`, 'syntax'],
    ['brackets that do not fit', fill('[}'), 'syntax'],
    ['commas', `x: [${fill(',')}`, 'too_large'],
    ['sequences behind words', fill('- a\nb'), 'syntax'],
    ['sequences behind keys', fill('a: b\n- c\n'), 'too_large'],
    ['texts in a row', fill('""'), 'syntax'],
    ['tags in a row', fill('!a '), 'syntax'],
    ['keys without a text', fill(':\n'), 'too_large'],
    ['pairs in a list', `x: [${fill('a:,')}]`, 'too_large'],
    ['keys without a text, as many as may be', ':\n'.repeat(390_000), 'non_string_key'],
  ])('is refused soon where it has %s', (_name, text, kind) => {
    const start = performance.now()
    const [first] = readSource(text, { file: 'p.yaml' }).problems
    expect([first?.kind, first?.message === '', performance.now() - start < 20_000]).toEqual([
      kind,
      false,
      true,
    ])
  })
})

describe('a hostile YAML text', () => {
  it('leaves the process alive, however often it comes', () => {
    const parse = new URL('../parse.ts', import.meta.url).href
    const script = `
      const { checkPolicyText } = await import(${JSON.stringify(parse)})
      const texts = (N) => [${HOSTILE.join(', ')}]
      let sound = 0
      for (let round = 0; round < 10; round++)
        for (const N of [65, 500, 900, 2000, 9000, 20000])
          for (const text of texts(N))
            if (checkPolicyText(text, { filename: 'p.yaml' }).problems.length === 0) sound++
      console.log(JSON.stringify({ sound }))`
    const run = spawnSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', script],
      {
        encoding: 'utf8',
        timeout: 120_000,
      },
    )
    expect([run.status, run.stdout.trim()]).toEqual([0, '{"sound":0}'])
  }, 130_000)
})

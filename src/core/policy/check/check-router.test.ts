import { describe, expect, it } from 'vitest'
import { checkPolicyText } from '../parse.ts'

/** `kind path` of what is found in a `router` section. */
function found(section: string): { problems: string[]; warnings: string[] } {
  const indented = section.trimEnd().replaceAll('\n', '\n  ')
  const { problems, warnings } = checkPolicyText(`router:\n  ${indented}\n`, {
    filename: 'p.yaml',
  })
  const place = ({ kind, path }: (typeof warnings)[number]) =>
    `${kind} ${path.replace('/router/', '')}`
  return {
    problems: problems.map(place),
    warnings: warnings.map(place),
  }
}

const DEFAULT = 'default: { target: m }\n'
const routes = (...lines: string[]) =>
  `${DEFAULT}routes:\n${lines.map((line) => `  - ${line}\n`).join('')}`
const test = (line: string) => routes(`{ if: { ${line} }, target: m }`)

describe('a router section', () => {
  it.each([
    'routes: []',
    'classifier: {}\nbaseline: {}\nroutes: []\ndefault: {}',
    test('task: [code, rag], complexity: { min: medium, max: high }'),
    test('capabilities_include: vision, capabilities_all: [json, tool_use]'),
    test('agent: bot, user: [ana, bo], team: web, tenant: t, role: r, scope: s, tier: [mcp]'),
    test('tokens: { min: 0, max: 9 }, messages_min_length: 1, messages_total_tokens_gt: 5'),
    test('risk: { min: 30 }, tainted: true, tainted_scopes: [crm], has_tools: false, stream: true'),
    test('response_format: [json_object], budget: { remaining_share: { max: 0.2 } }'),
    test('time: { days: [mon], from: "22:00", to: "06:00", timezone: Europe/Berlin }'),
    test('time: { to: "24:00" }, metadata: { plan: [gold, 1, true] }'),
    'models: { "openai/gpt-4o:free": { pricing: { prompt: "0" }, anything: [1] } }',
    'restricted_models: [local/*, "model:openai/gpt-4o"]',
    'affinity: { enabled: false, margin: 0.1 }',
  ])('may be %j', (section) => {
    expect(found(section)).toEqual({ problems: [], warnings: [] })
  })

  it.each([
    ['bad_number routes/0/if/tokens/max', test('tokens: { min: 2, max: 1 }')],
    ['bad_number routes/0/if/risk/max', test('risk: { min: 2, max: 1 }')],
    [
      'bad_number routes/0/if/budget/remaining_usd/max',
      test('budget: { remaining_usd: { min: 2, max: 1 } }'),
    ],
    ['bad_enum routes/0/if/complexity/max', test('complexity: { min: high, max: low }')],
    ['bad_enum routes/0/if/task', test('task: codes')],
    ['missing_field routes/0/if/tokens', test('tokens: {}')],
    ['missing_field routes/0/if/budget', test('budget: {}')],
    ['missing_field routes/0/if/time', test('time: {}')],
    ['missing_field routes/0/if/metadata', test('metadata: {}')],
    ['missing_field routes/0/if', routes('{ if: {}, target: m }')],
    ['missing_field routes/0', routes('{ if: { stream: true } }')],
    ['wrong_type routes/0/if/tainted', test('tainted: yes')],
    ['unknown_field routes/0/if/taints', test('taints: true')],
    ['bad_name routes/0/if/agent', test('agent: "bot*"')],
    ['bad_name routes/0/if/tenant/0', test('tenant: [" "]')],
    ['bad_duration routes/0/if/time/from', test('time: { from: "9:00" }')],
    ['bad_duration routes/0/if/time/from', test('time: { from: "24:00" }')],
    ['bad_duration routes/0/if/time/to', test('time: { to: "00:00" }')],
    ['bad_duration routes/0/if/time/to', test('time: { from: "09:00", to: "09:00" }')],
    ['bad_name routes/0/if/time/timezone', test('time: { timezone: Mars/Olympus }')],
    ['bad_name routes/0/target', routes('{ if: { stream: true }, target: "a b" }')],
    ['bad_name routes/0/target', routes('{ if: { stream: true }, target: "model:a/b" }')],
    [
      'bad_name routes/0/fallback/0',
      routes('{ if: { stream: true }, target: m, fallback: ["model:a"] }'),
    ],
    [
      'bad_number routes/0/target/0/weight',
      routes('{ if: { stream: true }, target: [{ model: m, weight: 0 }] }'),
    ],
    [
      'duplicate_name routes/0/target/2/model',
      routes('{ if: { stream: true }, target: [m, n, { model: m }] }'),
    ],
    ['missing_field restricted_models', 'restricted_models: []'],
    ['bad_glob restricted_models/0', 'restricted_models: ["a/[b]"]'],
    ['bad_name restricted_models/1', 'restricted_models: [a, "a b"]'],
    ['bad_name models/a b', 'models: { "a b": {} }'],
    ['bad_name models/a~1*', 'models: { a/*: {} }'],
    ['bad_number models/m/context_length', 'models: { m: { context_length: 0 } }'],
    ['wrong_type models/m/pricing/prompt', 'models: { m: { pricing: { prompt: 0.1 } } }'],
    ['bad_number models/m/pricing/prompt', 'models: { m: { pricing: { prompt: cheap } } }'],
    ['bad_duration models/m/expiration_date', 'models: { m: { expiration_date: 2027-02-40 } }'],
  ])('has %s, once', (wanted, section) => {
    expect(found(section).problems).toEqual([wanted])
  })

  const CARDS = `models:
  seer/all: { context_length: 200000, architecture: { input_modalities: [image] }, supported_parameters: [tools, response_format] }
  mere/text: { context_length: 8000, architecture: { input_modalities: [text] }, supported_parameters: [] }
default: { target: seer/all }
`
  const carded = (line: string) => `${CARDS}routes:\n  - ${line}\n`
  const one = (line: string, models: string) => carded(`{ if: { ${line} }, target: ${models} }`)

  it.each([
    ['no_default_route routes', 'routes:\n  - { if: { stream: true }, target: m }'],
    ['no_default_route routes', 'default: {}\nroutes:\n  - { if: { stream: true }, target: m }'],
    [
      'duplicate_route routes/1/name',
      routes(
        '{ name: a, if: { task: code }, target: m }',
        '{ name: a, if: { task: rag }, target: m }',
      ),
    ],
    [
      'unreachable_route routes/1',
      routes(
        '{ if: { task: [code, rag] }, target: m }',
        '{ if: { task: code, stream: true }, target: n }',
      ),
    ],
    ['unknown_model routes/0/target', one('stream: true', 'seer/al')],
    [
      'unknown_model routes/0/fallback/0',
      `${one('stream: true', 'seer/all, fallback: [x/y]')}baseline: { model: x/y }`,
    ],
    ['unknown_model baseline/model', `${CARDS}baseline: { model: x }`],
    [
      'unknown_model classifier/fallback/0',
      `${CARDS}classifier: { model: seer/all, fallback: [x] }`,
    ],
    ['unfit_model routes/0/target', one('capabilities_include: vision', 'mere/text')],
    ['unfit_model routes/0/target', one('capabilities_all: [tool_use]', 'mere/text')],
    ['unfit_model routes/0/target', one('capabilities_all: [reasoning]', 'seer/all')],
    ['unfit_model routes/0/target', one('capabilities_include: long_context', 'mere/text')],
    ['unfit_model routes/0/target', one('has_tools: true', 'mere/text')],
    ['unfit_model routes/0/target', one('response_format: json_object', 'mere/text')],
    ['unfit_model routes/0/target', one('tokens: { min: 8001 }', 'mere/text')],
    ['unfit_model routes/0/target', one('messages_total_tokens_gt: 9000', 'mere/text')],
    [
      'unfit_model routes/0/fallback/0',
      one('capabilities_include: vision', '[seer/all], fallback: [mere/text]'),
    ],
    [
      'duplicate_model routes/0/fallback/0',
      routes('{ if: { stream: true }, target: m, fallback: [m] }'),
    ],
    [
      'duplicate_model routes/0/fallback/1',
      routes('{ if: { stream: true }, target: m, fallback: [n, n] }'),
    ],
    ['duplicate_model default/fallback/0', 'default: { target: m, fallback: [m] }'],
    ['restricted_route routes/0/target', `${test('tainted: true')}restricted_models: [x/*]`],
  ])('is warned of %s, once', (wanted, section) => {
    expect(found(section)).toEqual({ problems: [], warnings: [wanted] })
  })

  it.each([
    ['a model that is a variant of a listed one', one('stream: true', 'seer/all:nitro')],
    [
      'what a model can do',
      one('capabilities_include: [vision, tool_use, long_context]', 'seer/all'),
    ],
    ['a form that a model may answer in', one('response_format: [text, json_object]', 'mere/text')],
    ['a model that nothing is said of', test('capabilities_include: vision')],
    [
      'a fallback that follows on another of several',
      routes('{ if: { stream: true }, target: [m, n], fallback: [m, n] }'),
    ],
    [
      'routes that hold one without the other',
      routes('{ if: { task: code }, target: m }', '{ if: { task: [code, rag] }, target: n }'),
    ],
    ['a route to a model that is permitted', `${test('tainted: true')}restricted_models: [m]`],
    ['a route for sessions without', `${test('tainted: false')}restricted_models: [x]`],
  ])('is not warned of %s', (_name, section) => {
    expect(found(section)).toEqual({ problems: [], warnings: [] })
  })

  it('is checked in its top-level form, too', () => {
    const text =
      'routes:\n  - { if: { tokens: { min: 2, max: 1 } }, target: m, fallback: [m] }\ndefault: { target: n }\n'
    const { problems, warnings } = checkPolicyText(text, { filename: 'p.yaml' })
    expect([...problems, ...warnings].map(({ kind }) => kind)).toEqual([
      'bad_number',
      'duplicate_model',
    ])
  })

  it('says what to do', () => {
    const { warnings } = checkPolicyText(
      `router:\n  ${one('stream: true', 'seer/al').replaceAll('\n', '\n  ')}\n`,
      { filename: 'p.yaml' },
    )
    expect(warnings.find(({ kind }) => kind === 'unknown_model')).toMatchObject({
      message: '`models` does not list `seer/al`',
      hint: 'did you mean `seer/all`?',
      path: '/router/routes/0/target',
      line: 7,
      column: 39,
    })
  })
})

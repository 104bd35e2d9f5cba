import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { type GuardToolOptions, guardTool } from './guard-tool.ts'
import type { StandardSchema } from './tool-schema.ts'

const POLICY = `
redaction: { classes: [pii] }
roles:
  - name: reader
    rules:
      - { resources: ["crm.*"], verbs: [invoke] }
bindings: [{ agent: bot, roles: [reader] }]
`
const CALLER = { session: 's1', subject: { agent: 'bot' } } as const
const engineOf = () => createTestEngine({ policy: POLICY })

const Query = z.object({
  table: z.enum(['orders', 'tickets']),
  limit: z.number().int().default(10),
})
const QUERY_JSON = {
  type: 'object',
  properties: { table: { type: 'string', enum: ['orders'] }, limit: { type: 'integer' } },
  required: ['table'],
  additionalProperties: false,
}

describe('types', () => {
  it('are inferred from the schemas: what callers pass, what the function gets, what comes back', () => {
    const read = guardTool(
      'crm.read',
      ({ table, limit }) => ({ rows: [`${table} ${limit}`] }),
      engineOf(),
      {
        ...CALLER,
        input: Query,
        output: z.object({ rows: z.array(z.string()), next: z.string().optional() }),
      },
    )
    expectTypeOf(read).parameter(0).toEqualTypeOf<{
      table: 'orders' | 'tickets'
      limit?: number | undefined
    }>()
    expectTypeOf(read).returns.resolves.toEqualTypeOf<{
      rows: string[]
      next?: string | undefined
    }>()
    guardTool(
      'crm.read',
      (args) => {
        expectTypeOf(args).toEqualTypeOf<{ table: 'orders' | 'tickets'; limit: number }>()
        return 1
      },
      engineOf(),
      { input: Query },
    )
  })

  it('are those of the function where there is no schema, or a JSON Schema', () => {
    const run = ({ table }: { table: string }): number => table.length
    expectTypeOf(guardTool('crm.read', run, engineOf())).toEqualTypeOf<
      (args: { table: string }) => Promise<number>
    >()
    expectTypeOf(guardTool('crm.read', run, engineOf(), { input: QUERY_JSON })).toEqualTypeOf<
      (args: { table: string }) => Promise<number>
    >()
  })

  it('do not fit a function that takes or gives something else', () => {
    const text = z.object({ text: z.string() })
    // @ts-expect-error the schema has no `table`
    guardTool('crm.read', ({ table }: { table: string }) => table, engineOf(), { input: text })
    // @ts-expect-error the function gives a number
    guardTool('crm.read', (_args: object) => 1, engineOf(), { output: text })
  })
})

describe('input', () => {
  it('is judged and dispatched as the schema has made it, defaults filled in', async () => {
    const engine = engineOf()
    const read = guardTool('crm.read', (args) => args, engine, { ...CALLER, input: Query })
    expect(await read({ table: 'orders' })).toEqual({ table: 'orders', limit: 10 })
    expect(engine.records()[0]?.arguments).toEqual({ table: 'orders', limit: 10 })
  })

  it('that is none is refused before it is judged: with place and what is expected, never the value', async () => {
    const engine = engineOf()
    let runs = 0
    const read = guardTool('crm.read', () => ++runs, engine, { ...CALLER, input: Query })
    const wrong = { table: 'salaries of Eve', limit: 'hunter2' } as never
    await expect(read(wrong)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message:
        'the arguments of `crm.read` are not as declared: `table`: expected one of orders, tickets; `limit`: expected number',
    })
    expect([runs, engine.records()]).toEqual([0, []])
  })

  it.each<[string, unknown, string]>([
    ['a missing member', {}, 'expected required: table'],
    ['a wrong type', { table: 1 }, '`/table`: expected type: string'],
    ['a value that is not listed', { table: 'x' }, '`/table`: expected enum: orders'],
    [
      'a member too many',
      { table: 'orders', evil: 1 },
      'expected what `additionalProperties` asks for',
    ],
  ])('by a JSON Schema: %s is refused', async (_name, args, said) => {
    const read = guardTool('crm.read', () => 1, engineOf(), { ...CALLER, input: QUERY_JSON })
    await expect(read(args as never)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message: `the arguments of \`crm.read\` are not as declared: ${said}`,
    })
  })

  it('by a JSON Schema is validated as the snapshot that is judged', async () => {
    let reads = 0
    const shifty = {
      get table() {
        return ++reads === 1 ? 'orders' : 'salaries'
      },
    }
    const read = guardTool('crm.read', (args: { table: string }) => args, engineOf(), {
      ...CALLER,
      input: QUERY_JSON,
    })
    expect(await read(shifty)).toEqual({ table: 'orders' })
  })

  it('that is no plain data is denied by the engine, as without a schema', async () => {
    const read = guardTool('crm.read', () => 1, engineOf(), { ...CALLER, input: QUERY_JSON })
    await expect(read([] as never)).rejects.toMatchObject({
      decision: { reason: 'malformed_request' },
    })
  })

  it('is denied by the policy all the same', async () => {
    const drop = guardTool('db.drop', () => 1, engineOf(), { ...CALLER, input: Query })
    await expect(drop({ table: 'orders' })).rejects.toMatchObject({ code: 'ERR_CALL_DENIED' })
  })

  it('may be validated asynchronously', async () => {
    const slow = Query.refine(async ({ limit }) => limit < 100)
    const read = guardTool('crm.read', ({ limit }) => limit, engineOf(), { ...CALLER, input: slow })
    expect(await read({ table: 'orders', limit: 99 })).toBe(99)
    await expect(read({ table: 'orders', limit: 100 })).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message: 'the arguments of `crm.read` are not as declared: expected what `custom` asks for',
    })
  })
})

/** A schema of another library, as the standard has it. */
function standard(
  validate: StandardSchema['~standard']['validate'],
): StandardSchema<object, object> {
  return { '~standard': { version: 1, vendor: 'test', validate: validate as never } }
}

it.each<[string, StandardSchema<object, object>, string]>([
  [
    'that throws',
    standard(() => {
      throw new Error('hunter2')
    }),
    'could not be validated: the schema threw',
  ],
  ['that rejects', standard(() => Promise.reject(new Error('hunter2'))), 'could not be validated'],
  [
    // As valibot words it.
    'whose messages repeat the value',
    standard(() => ({
      issues: [
        {
          message: 'Invalid type: Expected string but received hunter2',
          expected: 'string',
          received: 'hunter2',
          path: [{ key: 'table' }],
        } as never,
      ],
    })),
    'are not as declared: `table`: expected string',
  ],
  [
    'that names keys of the caller',
    standard(() => ({ issues: [{ message: '', path: [`a\n${'b'.repeat(500)}`] }] })),
    `are not as declared: \`a?${'b'.repeat(78)}...\`: expected a valid value`,
  ],
  [
    'with many issues',
    standard(() => ({ issues: Array.from({ length: 8 }, () => ({ message: 'x' })) })),
    `are not as declared: ${Array.from({ length: 5 }, () => 'expected a valid value').join('; ')}; and 3 more`,
  ],
])('says nothing of the value for a schema %s', async (_name, input, said) => {
  const read = guardTool('crm.read', () => 1, engineOf(), { ...CALLER, input })
  const error = await read({ table: 'hunter2' }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'ERR_INPUT_INVALID' })
  expect((error as Error).message).toBe(`the arguments of \`crm.read\` ${said}`)
})

describe('output', () => {
  const Person = z.object({ name: z.string(), email: z.string() })

  it('is what the schema makes of it, and that is what is looked at', async () => {
    const find = guardTool('crm.find', () => ({ name: 'Ana', email: 'x', extra: 1 }), engineOf(), {
      ...CALLER,
      output: Person,
    })
    expect(await find({})).toEqual({ name: 'Ana', email: 'x' })
  })

  it('that is none fails the call, which is recorded as failed', async () => {
    const engine = engineOf()
    const find = guardTool('crm.find', () => ({ name: 'hunter2' }) as never, engine, {
      ...CALLER,
      output: Person,
    })
    await expect(find({})).rejects.toMatchObject({
      code: 'ERR_OUTPUT_INVALID',
      message: 'results of `crm.find` are not as declared: `email`: expected string',
    })
    expect(engine.records().map(({ status }) => status)).toEqual(['pending', 'failed'])
  })

  it.each<
    [string, NonNullable<GuardToolOptions<object, object, object, object>['output']>, unknown]
  >([
    [
      'still fits the schema, comes back',
      Person as never,
      { name: 'Ana', email: expect.not.stringContaining('@') },
    ],
    ['does not fit it, is withheld', z.object({ email: z.email() }) as never, 'ERR_OUTPUT_INVALID'],
    [
      'does not fit a JSON Schema, is withheld',
      { properties: { email: { type: 'string', pattern: '@' } } },
      'ERR_OUTPUT_INVALID',
    ],
  ])('that was cleaned and %s', async (_name, output, want) => {
    const run = (_args: object): object => ({ name: 'Ana', email: 'ana@example.com' })
    const find = guardTool('crm.find', run, engineOf(), { ...CALLER, output })
    const got = await find({}).catch((error: { code: string }) => error.code)
    expect(got).toEqual(want)
  })
})

it.each<[string, object]>([
  ['no schema', { input: 'string' }],
  ['a list', { output: [] }],
  ['a JSON Schema that is too long', { input: { description: 'x'.repeat(70_000) } }],
])('refuses %s when the tool is guarded', (_name, options) => {
  expect(() => guardTool('crm.read', () => 1, engineOf(), options as never)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
  )
})

it('refuses every call where a JSON Schema cannot be read', async () => {
  const read = guardTool('crm.read', () => 1, engineOf(), { ...CALLER, input: { typo: 1 } })
  await expect(read({})).rejects.toMatchObject({ code: 'ERR_OPTIONS_INVALID' })
})

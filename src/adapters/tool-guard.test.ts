import { expect, it } from 'vitest'
import { engineFor } from './frameworks.fixture.ts'
import { type AdapterOptions, checkAdapterOptions, type FrameworkCall } from './options.ts'
import { type Before, createToolGuard } from './tool-guard.ts'

const CALL: FrameworkCall = {
  name: 'read',
  arguments: { table: 'orders' },
  id: 'call-1',
  signal: undefined,
  raw: { user: 'ben' },
}
const CALLER = { server: 'db', session: 's1', subject: { agent: 'bot' } } as const
const effectOf = (judged: Before): string =>
  judged.effect === 'deny' ? judged.error.decision.reason : judged.effect

const judged = async (options: AdapterOptions, call: Partial<FrameworkCall> = {}) =>
  effectOf(await createToolGuard(engineFor(), options).beforeTool({ ...CALL, ...call }))

it.each<[string, AdapterOptions, Partial<FrameworkCall>, string]>([
  ['by the server it is given', CALLER, {}, 'allow'],
  ['by the bare name', { ...CALLER, server: 'other' }, {}, 'no_matching_rule'],
  ['by the server that the framework names', { ...CALLER, server: 'x' }, { server: 'db' }, 'allow'],
  ['by `resourceOf`', { ...CALLER, resourceOf: (name) => `db.${name}` }, {}, 'allow'],
  [
    'by nothing where `resourceOf` throws',
    { ...CALLER, resourceOf: () => { throw new Error() } }, // biome-ignore format: a row of a table
    {},
    'malformed_request',
  ],
])('finds the resource %s', async (_name, options, call, effect) => {
  expect(await judged(options, call)).toBe(effect)
})

it.each<[string, AdapterOptions, Partial<FrameworkCall>, string]>([
  ['said by options', CALLER, {}, 'allow'],
  [
    'said by functions of the call',
    {
      server: 'db',
      session: ({ id }) => `s-${id}`,
      subject: ({ raw }) => ({ agent: 'bot', user: (raw as { user: string }).user }),
    },
    {},
    'allow',
  ],
  ['said by the framework', { ...CALLER, session: undefined as never }, { session: 's' }, 'allow'],
  ['without a session', { server: 'db', subject: { agent: 'bot' } }, {}, 'malformed_request'],
  ['without a subject', { server: 'db', session: 's' }, {}, 'no_principal'],
  [
    'whose subject cannot be found out',
    { ...CALLER, subject: () => { throw new Error() } }, // biome-ignore format: a row of a table
    {},
    'no_principal',
  ],
  [
    'whose session cannot be found out',
    { ...CALLER, session: (() => Promise.resolve('s')) as never },
    {},
    'malformed_request',
  ],
  ['without arguments', CALLER, { arguments: undefined }, 'malformed_request'],
])('judges a call %s', async (_name, options, call, effect) => {
  expect(await judged(options, call)).toBe(effect)
})

it('takes session and subject from the run context before those of the framework', async () => {
  const engine = engineFor()
  const guard = createToolGuard(engine, { server: 'db' })
  await engine.run({ session: 'run', subject: { agent: 'bot' } }, async () => {
    expect(effectOf(await guard.beforeTool({ ...CALL, session: 'framework' }))).toBe('allow')
  })
  expect(engine.records()[0]?.session_id).toBe('run')
})

it('is synchronous where the engine is', () => {
  expect(createToolGuard(engineFor(), CALLER).beforeTool(CALL)).toMatchObject({ effect: 'allow' })
})

it('presents an approval that was given since the call was refused', async () => {
  const engine = engineFor()
  const refund = { ...CALL, name: 'refund', arguments: { amount: 5 } }
  const given = new Map<string, string>()
  const approvalOf = ({ name }: FrameworkCall): string | undefined => given.get(name)
  const guard = createToolGuard(engine, { ...CALLER, approvalOf })
  const refused = await guard.beforeTool(refund)
  expect(effectOf(refused)).toBe('approval_required')
  const [waiting] = await engine.approvals.list({ state: 'pending' })
  await engine.approvals.approve(waiting?.id ?? '', { by: 'ana' })
  given.set('refund', waiting?.id ?? '')
  expect(effectOf(await guard.beforeTool(refund))).toBe('allow')
})

it('lets everything by in observe mode, and asks nobody', async () => {
  const guard = createToolGuard(engineFor({ mode: 'observe' }), {
    ...CALLER,
    approvals: { by: 'ana' },
  })
  const refund = { ...CALL, name: 'refund', arguments: { amount: 5 } }
  expect(effectOf(await guard.beforeTool({ ...CALL, name: 'drop' }))).toBe('allow')
  expect(await guard.needsApproval(refund)).toBe(false)
})

it.each<[string, object]>([
  ['a misspelt option', { sesion: 's' }],
  ['an option of another adapter', { unguarded: ['x'] }],
  ['a server that is no name', { server: 'a b' }],
  ['a session that is none', { session: 1 }],
  ['a subject that is none', { subject: 'bot' }],
  ['a resource that is no function', { resourceOf: 'db' }],
  ['an approval that is no function', { approvalOf: 'call-1' }],
])('refuses %s', (_name, options) => {
  expect(() => checkAdapterOptions('x', engineFor(), options)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
  )
})

it('refuses what is no engine', () => {
  expect(() => checkAdapterOptions('x', {} as never, {})).toThrow(/engine made by/)
})

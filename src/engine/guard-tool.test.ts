import { expect, it } from 'vitest'
import { engineWith } from './engine.fixture.ts'
import { guardTool } from './guard-tool.ts'

it('guards a function: same types, judged arguments, denial as rejection', async () => {
  const { engine } = engineWith()
  const read = guardTool('db.read', ({ table }: { table: string }) => `rows of ${table}`, engine, {
    session: 's1',
    subject: { agent: 'bot' },
  })
  expect(await read({ table: 'orders' })).toBe('rows of orders')
  await expect(read({ table: 'salaries' })).rejects.toMatchObject({ code: 'ERR_CALL_DENIED' })
})

it('takes session and subject from the run context', async () => {
  const { engine } = engineWith()
  const read = guardTool('db.read', (args: { table: string }) => args.table, engine)
  const context = { session: 's2', subject: { agent: 'bot' } }
  expect(await engine.run(context, () => read({ table: 'orders' }))).toBe('orders')
})

it.each<[string, unknown[]]>([
  ['a name that is none', ['db read', () => 1]],
  ['no function', ['db.read', undefined]],
  ['a policy for an engine', ['db.read', () => 1, {}]],
  ['no engine', ['db.read', () => 1, undefined]],
  ['a misspelt option', ['db.read', () => 1, engineWith().engine, { sesion: 's' }]],
])(
  'refuses %s when the tool is guarded',
  (_name, [name, run, engine = engineWith().engine, options]) => {
    const guarding = _name === 'no engine' ? undefined : engine
    expect(() =>
      guardTool(name as string, run as never, guarding as never, options as never),
    ).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  },
)

it('refuses what is no function', () => {
  const { engine } = engineWith()
  expect(() => guardTool('db.read', undefined as never, engine)).toThrow(/function/)
})

import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import { engineWith, READ } from './engine.fixture.ts'

const TOOLS = ['db.read', 'db.drop', 'fs.read', 'mail.send', 'other.x', 'db.*', ''].map((name) => ({
  name,
}))
const { resource: _resource, arguments: _arguments, ...WHO } = READ

describe('discover', () => {
  it('keeps exactly what the subject may discover, in order, constraints not considered', async () => {
    const { engine } = engineWith()
    expect(await engine.discover(WHO, TOOLS)).toEqual([
      { name: 'db.read' },
      { name: 'fs.read' },
      { name: 'mail.send' },
    ])
  })

  it.each([
    ['an unknown agent', { ...WHO, subject: { agent: 'rogue' } }],
    ['nobody', { session: 's1' }],
    ['a malformed request', { session: '' }],
  ])('lists nothing for %s', async (_name, request) => {
    const { engine } = engineWith()
    expect(await engine.discover(request, TOOLS)).toEqual([])
  })

  it('lists nothing when identity fails', async () => {
    const { engine } = engineWith({ identity: { identify: () => Promise.reject(new Error('x')) } })
    expect(await engine.discover({ session: 's1' }, TOOLS)).toEqual([])
  })

  it('filters nothing while observing', async () => {
    const { engine } = engineWith({ mode: 'observe' })
    expect(await engine.discover(WHO, TOOLS)).toBe(TOOLS)
  })

  it('takes names from where the caller says', async () => {
    const { engine } = engineWith()
    const items = [{ tool: 'read' }, { tool: 'drop' }]
    expect(
      await engine.discover({ ...WHO, server: 'db' }, items, (item) => `db.${item.tool}`),
    ).toEqual([{ tool: 'read' }])
  })

  it('takes the scope of the catalogue over the one of the request', async () => {
    const policy = parsePolicy(`
tools: [{ name: db.read, server: db, scope: sales }]
roles: [{ name: r, rules: [{ resources: [db.read], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [r], scopes: [support] }]
`)
    const { engine } = engineWith({ policy })
    expect(await engine.discover({ ...WHO, scope: 'support' }, ['db.read'])).toEqual([])
  })

  it('leaves out what has no readable name, and throws for none', async () => {
    const { engine } = engineWith()
    const odd = Object.defineProperty({}, 'name', {
      get: () => {
        throw new Error('x')
      },
    })
    expect(await engine.discover(WHO, [odd, { name: 'db.read' }, null])).toEqual([
      { name: 'db.read' },
    ])
  })
})

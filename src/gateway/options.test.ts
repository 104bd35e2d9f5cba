import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createGateway } from './create-gateway.ts'
import { policyFor } from './gateway.fixture.ts'
import { DEFAULT_LIMITS, type GatewayOptions, isExposed, settingsOf } from './options.ts'

const engine = createTestEngine({ policy: policyFor('db.x') })
const good = { engine, upstreams: { db: { command: 'node' } } }
const messageOf = (options: unknown): string => {
  try {
    settingsOf(options as GatewayOptions)
    return 'fine'
  } catch (error) {
    return (error as Error).message.replace('`createGateway`: ', '')
  }
}

describe('options of a gateway', () => {
  it('have defaults', () => {
    const settings = settingsOf(good)
    expect({ ...settings, engine: undefined }).toEqual({
      engine: undefined,
      definitions: expect.objectContaining({ learn: expect.any(Function) }),
      upstreams: new Map([['db', { command: 'node', args: [], env: {} }]]),
      expose: new Map(),
      separator: '__',
      name: 'callgate',
      limits: DEFAULT_LIMITS,
    })
  })

  it.each([
    ['no engine', { upstreams: good.upstreams }, /^`engine` is made by/],
    ['a misspelt option', { ...good, upstream: {} }, /^unknown option `upstream`; known: engine/],
    ['no servers', { ...good, upstreams: {} }, /names no server/],
    [
      'a namespace with an underscore',
      { ...good, upstreams: { a_b: { command: 'x' } } },
      /`a_b` is no namespace/,
    ],
    [
      'a namespace that ends in a dash',
      { ...good, upstreams: { 'a-': { command: 'x' } } },
      /is no namespace/,
    ],
    [
      'a namespace with the separator',
      { ...good, separator: '-', upstreams: { 'a-b': { command: 'x' } } },
      /contains the separator/,
    ],
    ['a separator of letters', { ...good, separator: 'xx' }, /`separator` is one to four/],
    [
      'a server of two kinds',
      { ...good, upstreams: { a: { command: 'x', url: 'http://x' } } },
      /has one of/,
    ],
    ['a server of no kind', { ...good, upstreams: { a: {} } }, /has one of/],
    ['a server that is null', { ...good, upstreams: { a: null } }, /has one of/],
    [
      'headers for a child',
      { ...good, upstreams: { a: { command: 'x', headers: {} } } },
      /unknown `headers`/,
    ],
    [
      'arguments that are no texts',
      { ...good, upstreams: { a: { command: 'x', args: [1] } } },
      /`args` is a list/,
    ],
    [
      'variables that are no texts',
      { ...good, upstreams: { a: { command: 'x', env: { A: 1 } } } },
      /`A` is none/,
    ],
    [
      'a URL that is none',
      { ...good, upstreams: { a: { url: 'file:///x' } } },
      /`url` begins with/,
    ],
    [
      'a URL with a password',
      { ...good, upstreams: { a: { url: 'http://u:p@x/' } } },
      /holds no credentials/,
    ],
    [
      'a header that is none',
      { ...good, upstreams: { a: { url: 'http://x', headers: { 'a b': '1' } } } },
      /of `headers` is none/,
    ],
    [
      'a server object that is none',
      { ...good, upstreams: { a: { server: {} } } },
      /`server` is an MCP server/,
    ],
    ['a limit that is unknown', { ...good, limits: { toString: 1 } }, /unknown limit `toString`/],
    ['a limit of zero', { ...good, limits: { maxSessions: 0 } }, /whole number/],
    [
      'back-off bounds the wrong way round',
      { ...good, limits: { restartMinMs: 9, restartMaxMs: 1 } },
      /no more than/,
    ],
    ['exposing an unknown server', { ...good, expose: { crm: {} } }, /names `crm`/],
    [
      'exposing by an unknown list',
      { ...good, expose: { db: { only: [] } } },
      /has `include` and `exclude`/,
    ],
    ['a subject that is a text', { ...good, subject: 'bot' }, /`subject` is/],
  ])('refuse %s', (_, options, message) => {
    expect(messageOf(options)).toMatch(message)
  })

  it.each([
    [undefined, 'a', true],
    [{ include: ['a'] }, 'a', true],
    [{ include: ['a'] }, 'ab', false],
    [{ include: ['a*'] }, 'ab', true],
    [{ include: ['*_x'] }, 'a_x', true],
    [{ include: ['a*b*c'] }, 'a1b2c', true],
    [{ include: ['a*b*c'] }, 'a1c2b', false],
    [{ include: ['ab*ba'] }, 'aba', false],
    [{ include: [] }, 'a', false],
    [{ exclude: ['a'] }, 'a', false],
    [{ exclude: ['a'] }, 'b', true],
    [{ include: ['*'], exclude: ['drop*'] }, 'drop_all', false],
  ])('%j shows %s: %s', (expose, name, shown) => {
    expect(isExposed(expose, name)).toBe(shown)
  })

  it('make no gateway where they are wrong', () => {
    expect(() => createGateway({} as GatewayOptions)).toThrow('without a policy nothing is served')
  })
})

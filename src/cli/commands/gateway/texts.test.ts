// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what is tested here
import { describe, expect, it } from 'vitest'
import { parseAddress } from './address.ts'
import { expandEnv } from './expand-env.ts'
import { splitWords } from './split-words.ts'
import { parseUpstream } from './upstream-option.ts'

describe('words of a command', () => {
  it.each([
    ['npx some-server --flag', ['npx', 'some-server', '--flag']],
    ['  a \t b\n', ['a', 'b']],
    [`a 'b c' "d e"`, ['a', 'b c', 'd e']],
    [`--path='/x y'/z`, ['--path=/x y/z']],
    [`'' ""`, ['', '']],
    ['a\\ b \\"c\\"', ['a b', '"c"']],
    [`"a\\"b\\\\c\\d"`, ['a"b\\c\\d']],
    [`'a\\b'`, ['a\\b']],
    ['a\\', ['a\\']],
    ['$HOME `id` $(id) *;&|<>', ['$HOME', '`id`', '$(id)', '*;&|<>']],
    ['', []],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  it.each([`a 'b`, `a "b`, `a "b\\"`])('are none where a quote is open: %j', (text) => {
    expect(splitWords(text)).toBeUndefined()
  })
})

describe('variables of the environment', () => {
  const env = { NAME: 'value', EMPTY: '', NESTED: '${NAME}' }
  it.each([
    ['a ${NAME} b ${NAME}', 'a value b value'],
    ['${env:NAME}', 'value'],
    ['${EMPTY}', ''],
    ['${EMPTY:-other}', 'other'],
    ['${NOWHERE:-other one}', 'other one'],
    ['${NOWHERE:-}', ''],
    ['${NAME:-other}', 'value'],
    ['$${NAME}', '${NAME}'],
    ['$NAME $ {NAME} {}', '$NAME $ {NAME} {}'],
    ['${NESTED}', '${NAME}'],
  ])('%j', (text, expanded) => {
    expect(expandEnv(text, env)).toEqual({ ok: true, text: expanded })
  })

  it.each(['${NOWHERE}', '${}', '${a b}', '${NAME', '${input:key}', '${NAME}${NOWHERE}'])(
    'are asked for in %j',
    (text) => {
      expect(expandEnv(text, env)).toMatchObject({ ok: false })
    },
  )
})

describe('--upstream', () => {
  it.each([
    ["db=npx some-server '--a b'", ['db', { command: 'npx', args: ['some-server', '--a b'] }]],
    ['db=x --key=y', ['db', { command: 'x', args: ['--key=y'] }]],
    ['crm=https://crm.example/mcp?a=b', ['crm', { url: 'https://crm.example/mcp?a=b' }]],
  ])('%s', (text, upstream) => {
    expect(parseUpstream(text)).toEqual(upstream)
  })

  it.each(['db', '=npx', 'db=', 'my db=npx', 'a_b=npx', "db='npx", 'db=http://'])(
    'refuses %s',
    (text) => {
      expect(() => parseUpstream(text)).toThrow(/upstream/)
    },
  )
})

describe('an address', () => {
  it.each([
    ['7475', { port: 7475 }],
    ['0', { port: 0 }],
    ['0.0.0.0:80', { host: '0.0.0.0', port: 80 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['gw.example:80', { host: 'gw.example', port: 80 }],
  ])('%s', (text, address) => {
    expect(parseAddress('http', text)).toEqual(address)
  })

  it.each(['', '65536', '-1', '::1:80', 'http://a:80', 'a:', 'a b:80', '80x'])(
    'is not %j',
    (text) => {
      expect(() => parseAddress('http', text)).toThrow(/`--http` does not understand/)
    },
  )
})

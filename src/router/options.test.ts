import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'
import { createRouter } from './create-router.ts'
import { hashKey } from './keys.ts'
import { ANA } from './router.fixture.ts'

describe('options', () => {
  const engine = createTestEngine({ policy: '{}' })
  const upstream = { baseURL: 'http://127.0.0.1:1/api/v1', apiKey: 'sk' }
  const key = { hash: hashKey('k'), subject: ANA }

  it.each([
    ['an unknown name', { engine, upstream, key: 1 }],
    ['no engine', { upstream }],
    ['no address', { engine, upstream: { apiKey: 'sk', baseURL: 'openrouter.ai' } }],
    ['no key of the upstream', { engine, upstream: { ...upstream, apiKey: '' } }],
    ['a key that is written out', { engine, upstream, keys: [{ ...key, hash: 'k' }] }],
    ['a key that is there twice', { engine, upstream, keys: [key, key] }],
    ['attempts that are none', { engine, upstream, attempts: { most: 0 } }],
    ['times that are none', { engine, upstream, settleMs: [-1] }],
    ['a list of models all the time', { engine, upstream, catalogueMs: 10 }],
  ])('are refused with %s', (_name, options) => {
    expect(() => createRouter(options as unknown as Parameters<typeof createRouter>[0])).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})

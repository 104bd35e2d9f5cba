import { afterEach, expect, it, vi } from 'vitest'

const STDIO = '@modelcontextprotocol/sdk/shared/stdio.js'

afterEach(() => {
  vi.doUnmock(STDIO)
  vi.resetModules()
})

it('loads the SDK once', async () => {
  const { loadSdk } = await import('./sdk.ts')
  expect(await loadSdk()).toBe(await loadSdk())
})

it.each([
  [
    'is too old to bound what a child sends',
    () => ({ STDIO_DEFAULT_MAX_BUFFER_SIZE: undefined }),
    /1\.30 or later: install it/,
  ],
  [
    'is not there',
    () => {
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
    },
    /needs the package `@modelcontextprotocol\/sdk`: install it/,
  ],
])('says what to install where the SDK %s', async (_, made, message) => {
  vi.resetModules()
  vi.doMock(STDIO, made)
  const { loadSdk } = await import('./sdk.ts')
  await expect(loadSdk()).rejects.toMatchObject({
    code: 'ERR_PACKAGE_UNAVAILABLE',
    message: expect.stringMatching(message),
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import { type Catalogue, createCatalogue } from './catalogue.ts'

const open: Catalogue[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

function catalogueOf(answers: readonly (() => Response | Promise<Response>)[]) {
  const said: string[] = []
  let asked = 0
  const catalogue = createCatalogue({
    url: 'http://upstream.test/models',
    fetch: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)]
      return answer?.() ?? Response.error()
    },
    everyMs: 5,
    say: (message) => said.push(message),
  })
  open.push(catalogue)
  return { catalogue, said, asked: () => asked }
}

const list = (...ids: readonly string[]): Response =>
  Response.json({ data: ids.map((id) => ({ id, context_length: 8_000 })) })

describe('the list of models of the upstream', () => {
  it('is asked for once where several wait for it', async () => {
    const { catalogue, asked } = catalogueOf([() => list('a/b')])
    await Promise.all([catalogue.ready(), catalogue.ready(), catalogue.ready()])
    expect(asked()).toBe(1)
    expect(catalogue.current()?.get('a/b')?.context_length).toBe(8_000)
  })

  it('is asked for again, and the last good one stays until then', async () => {
    const { catalogue, said } = catalogueOf([
      () => list('a/b'),
      () => new Response('down', { status: 503 }),
      () => new Response('<html>'),
      () => list('a/b', 'a/c'),
    ])
    await catalogue.ready()
    await expect.poll(() => said.length).toBeGreaterThan(0)
    expect(catalogue.models().length).toBeGreaterThan(0)
    await expect.poll(() => catalogue.models().map(({ id }) => id)).toEqual(['a/b', 'a/c'])
    expect(said[0]).toBe('the list of models cannot be had: the upstream answers 503')
  })

  it.each([
    ['no JSON', () => new Response('secret words')],
    ['no list', () => Response.json({ data: {} })],
    ['an error', () => Promise.reject(new Error('secret words'))],
  ])('is none where the upstream gives %s, and nothing of that is told', async (_name, answer) => {
    const { catalogue, said } = catalogueOf([answer])
    await catalogue.ready()
    expect(catalogue.current()).toBeUndefined()
    expect(said[0]).toMatch(/^the list of models cannot be had: /)
    expect(said.join()).not.toContain('secret words')
  })

  it('leaves out what is no model', async () => {
    const { catalogue } = catalogueOf([
      () => Response.json({ data: [null, { id: 1 }, { id: 'a/b' }] }),
    ])
    await catalogue.ready()
    expect(catalogue.models().map(({ id }) => id)).toEqual(['a/b'])
  })
})

import { describe, expect, it } from 'vitest'
import { createSettlement, type Settled } from './settlement.ts'

const told = (cost: number): Response =>
  Response.json({
    data: { total_cost: cost, native_tokens_prompt: 10, native_tokens_completion: 5 },
  })

describe('a settlement', () => {
  it('asks until it is told', async () => {
    const urls: string[] = []
    const settlement = createSettlement({
      url: 'http://upstream.test/generation',
      fetch: async (url) => {
        urls.push(String(url))
        return urls.length < 3 ? new Response('', { status: 404 }) : told(0.000_000_5)
      },
      delaysMs: [0, 0, 0, 0],
    })
    const settled = await new Promise<Settled | undefined>((resolve) =>
      settlement.add('gen-a b', resolve),
    )
    expect(settled).toMatchObject({ nusd: 500, usage: { tokens: { input_tokens: 10 } } })
    expect(urls).toEqual(Array(3).fill('http://upstream.test/generation?id=gen-a%20b'))
    expect(settlement.size()).toBe(0)
  })

  it.each([
    ['no answer', async () => Promise.reject(new Error('down'))],
    ['no JSON', async () => new Response('{')],
    ['no cost', async () => Response.json({ data: { native_tokens_prompt: 1 } })],
    ['a cost that is none', async () => told(-1)],
  ])('gives up where there is %s, and says so once', async (_name, answer) => {
    const ends: unknown[] = []
    const settlement = createSettlement({ url: 'http://x', fetch: answer, delaysMs: [0, 0] })
    settlement.add('gen-1', (settled) => ends.push(settled))
    await expect.poll(() => settlement.size()).toBe(0)
    settlement.close()
    expect(ends).toEqual([undefined])
  })

  it('gives all up when it is closed, and asks no more', async () => {
    const ends: unknown[] = []
    let asked = 0
    const settlement = createSettlement({
      url: 'http://x',
      fetch: async () => {
        asked++
        return told(1)
      },
      delaysMs: [60_000],
    })
    for (const id of ['a', 'b']) settlement.add(id, (settled) => ends.push(settled))
    settlement.close()
    await settlement.flush()
    expect({ ends, asked }).toEqual({ ends: [undefined, undefined], asked: 0 })
  })

  it('holds so many at most: the oldest is given up', () => {
    const ends: string[] = []
    const settlement = createSettlement({
      url: 'http://x',
      fetch: async () => told(1),
      delaysMs: [60_000],
    })
    for (let index = 0; index <= 10_000; index++)
      settlement.add(`gen-${index}`, () => ends.push(`gen-${index}`))
    expect({ ends: [...ends], size: settlement.size() }).toEqual({ ends: ['gen-0'], size: 10_000 })
    settlement.close()
  })
})

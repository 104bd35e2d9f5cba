import { describe, expect, it } from 'vitest'
import { createLearning } from './learning.ts'

describe('what is learnt once a response is on its way', () => {
  it('waits for a moment, and keeps its order', async () => {
    const learning = createLearning(false)
    const done: number[] = []
    learning.later(() => done.push(1))
    learning.later(() => done.push(2))
    expect(done).toEqual([])
    await new Promise((resolve) => setImmediate(resolve))
    expect(done).toEqual([1, 2])
  })

  it('is learnt at once where somebody looks', () => {
    const learning = createLearning(false)
    const done: number[] = []
    learning.later(() => done.push(1))
    learning.settle()
    learning.settle()
    expect(done).toEqual([1])
  })

  it('takes in what comes up while it runs', () => {
    const learning = createLearning(false)
    const done: string[] = []
    learning.later(() => {
      done.push('first')
      learning.later(() => done.push('second'))
    })
    learning.settle()
    expect(done).toEqual(['first', 'second'])
  })

  it('lets no more than a handful wait', () => {
    const learning = createLearning(false)
    let done = 0
    for (let index = 0; index < 1_000; index++) learning.later(() => done++)
    expect(1_000 - done).toBeLessThan(64)
  })
})

import { describe, expect, it } from 'vitest'
import { createOpenQuestions } from './open-questions.ts'

describe('open questions', () => {
  it('count by whom they were put to, until their time is over', () => {
    const questions = createOpenQuestions()
    questions.set('a', { id: '1', who: 'one', until: 10 })
    questions.set('b', { id: '2', who: 'one', until: 20 })
    questions.set('c', { id: '3', who: 'other', until: 20 })
    questions.set('d', { id: '4', who: 'one', until: 0 })
    expect([questions.countOf('one', 9), questions.countOf('one', 10)]).toEqual([2, 1])
  })

  it('forget the oldest when there are too many', () => {
    const questions = createOpenQuestions()
    for (let index = 0; index <= 1_000; index++)
      questions.set(`call ${index}`, { id: `${index}`, who: 'one', until: 1 })
    expect([questions.find('call 0'), questions.find('call 1000')?.id]).toEqual([undefined, '1000'])
  })

  it('take a nonce once, and none that they could not remember', () => {
    const questions = createOpenQuestions()
    expect([questions.use('a', 10, 0), questions.use('a', 10, 11)]).toEqual([true, false])
    for (let index = 1; index < 10_000; index++) questions.use(`n ${index}`, 100, 0)
    expect(questions.use('late', 100, 5)).toBe(false)
    expect(questions.use('late', 200, 100)).toBe(true)
  })
})

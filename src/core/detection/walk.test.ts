import { describe, expect, it } from 'vitest'
import { of } from './alphabet.ts'
import type { Detector } from './detector.ts'
import { planFor } from './plan.ts'
import { walk } from './walk.ts'

function found(detector: Detector, text: string): string[] {
  return walk(planFor([detector]), text).map(({ start, end }) => text.slice(start, end))
}

describe('the walk over a text', () => {
  it('tries a sticky pattern where the keyword begins', () => {
    const detector: Detector = { class: 'pii', kind: 'k', keywords: ['id-'], pattern: /ID-\d{3}/y }
    expect(found(detector, 'ID-123 id-456 xID-78 ID-ID-901')).toEqual(['ID-123', 'ID-901'])
  })

  it('searches the window around a keyword, and nothing beyond it', () => {
    const detector: Detector = {
      class: 'pii',
      kind: 'k',
      keywords: ['key'],
      pattern: /\d{3}/g,
      before: 4,
      after: 6,
    }
    expect(found(detector, '111 key 222 ... 333')).toEqual(['111', '222'])
    expect(found(detector, '999 .. key ....... 333')).toEqual([])
  })

  it('finds each match of windows that overlap once', () => {
    const detector: Detector = {
      class: 'pii',
      kind: 'k',
      keywords: ['key'],
      pattern: /\d+/g,
      before: 9,
      after: 9,
    }
    expect(found(detector, 'key 1 key 2 key 3')).toEqual(['1', '2', '3'])
  })

  it('takes the first group as the match, and leaves out what the check refuses', () => {
    const detector: Detector = {
      class: 'pii',
      kind: 'k',
      keywords: ['n='],
      pattern: /n=(\d+)/dy,
      check: (value) => (Number(value) % 2 === 0 ? 0.7 : 0),
    }
    expect(walk(planFor([detector]), 'n=12 n=13')).toEqual([
      { class: 'pii', kind: 'k', start: 2, end: 4, confidence: 0.7 },
    ])
  })

  it('gives a function no hit in front of what it has looked at', () => {
    const starts: number[] = []
    const detector: Detector = {
      class: 'secret',
      kind: 'k',
      keywords: ['x', 'yy'],
      find(_text, start, end, _report, keyword) {
        starts.push(start, keyword)
        return end + 2
      },
    }
    found(detector, 'xxxxyy')
    expect(starts).toEqual([0, 0, 3, 0])
  })

  it.each([
    ['key', 1],
    ['my key', 1],
    ['\\nkey', 1],
    ['%3Dkey', 1],
    ['\\u003dkey', 1],
    ['mykey', 0],
    ['my_key', 0],
    ['%key', 1],
    ['nkey', 0],
    ['3Dkey', 0],
  ])('of a keyword that begins a token sees %j %d times', (text, times) => {
    const detector: Detector = {
      class: 'secret',
      kind: 'k',
      keywords: ['key'],
      atTokenStart: true,
      pattern: /key/y,
    }
    expect(found(detector, text)).toHaveLength(times)
  })

  it('calls a function only where a unit follows that it wants', () => {
    const starts: number[] = []
    const detector: Detector = {
      class: 'secret',
      kind: 'k',
      keywords: ['a-', 'b-'],
      follows: [of('12'), undefined],
      find(_text, start) {
        starts.push(start)
        return 0
      },
    }
    walk(planFor([detector]), 'a-1 a-x b-x a-')
    expect(starts).toEqual([0, 8])
  })

  it('tells of cues as they are read, and takes keywords only as they are written', () => {
    const fold = Uint16Array.from({ length: 0x10000 }, (_, code) => code)
    fold['1'.charCodeAt(0)] = 'i'.charCodeAt(0)
    const detector: Detector = { class: 'pii', kind: 'k', keywords: ['id'], pattern: /id|1d/y }
    const cues: [number, number][] = []
    const plan = planFor([detector], { keywords: ['id', 'hi'], fold })
    const matches = walk(plan, 'id 1d h1', (start, cue) => cues.push([start, cue]))
    expect(matches.map(({ start }) => start)).toEqual([0])
    expect(cues).toEqual([
      [0, 0],
      [3, 0],
      [6, 1],
    ])
  })
})

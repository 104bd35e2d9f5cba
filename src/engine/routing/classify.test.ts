import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { classifyLocally } from '../../core/routing/classifier/classify-locally.ts'
import type { ClassifierSettings } from '../../core/routing/compile-routes.ts'
import { readModelRequest } from '../../core/routing/read-model-request.ts'
import {
  type Classified,
  type Classifier,
  type Classifying,
  classify,
  skipped,
} from './classify.ts'
import { createKnownClassifications } from './known-classifications.ts'

const SETTINGS: ClassifierSettings = {
  mode: 'llm',
  model: 'openai/gpt-4o-mini',
  fallbacks: [],
  timeout_ms: 30,
  max_tokens: 64,
  cache_ttl_seconds: 60,
}

const ask = (text: string) =>
  readModelRequest({ model: 'm/x', messages: [{ role: 'user', content: text }] }, 'chat')

function given(
  answer: Classifier['classify'] | undefined,
  more: Partial<Classifying> = {},
): Classifying {
  return {
    request: ask('xyzzy plugh'),
    settings: SETTINGS,
    classifier: answer === undefined ? undefined : { classify: answer },
    local: classifyLocally,
    known: createKnownClassifications(),
    catalog: { get: () => undefined },
    owner: 'sha256:1 acme',
    now: () => 1_000,
    signal: undefined,
    ...more,
  }
}

// What stands wherever nobody else has said anything.
const LOCAL = classifyLocally(ask('xyzzy plugh'))
const SURE = classifyLocally(ask('hello'))
const LABEL = { task: 'math', complexity: 'high', confidence: 0.7, cost_nusd: 12 } as const
const told = ({ task, outcome, by, cost_nusd }: Classified) => [task, outcome, by, cost_nusd]

describe('classifying a request', () => {
  it.each([
    ['local, where nobody can be asked', given(undefined), [LOCAL.task, 'local', LOCAL.by, 0]],
    [
      'local, where the policy wants it so',
      given(() => LABEL, { settings: { ...SETTINGS, mode: 'local' } }),
      [LOCAL.task, 'local', LOCAL.by, 0],
    ],
    [
      'local, where a hybrid is sure',
      given(() => LABEL, { settings: { ...SETTINGS, mode: 'hybrid' }, request: ask('hello') }),
      [SURE.task, 'local', SURE.by, 0],
    ],
    [
      'the model, where a hybrid is not sure',
      given(() => LABEL, { settings: { ...SETTINGS, mode: 'hybrid' } }),
      ['math', 'ok', 'llm', 12],
    ],
    ['ok', given(async () => LABEL), ['math', 'ok', 'llm', 12]],
    [
      'repaired',
      given(async () => ({ ...LABEL, repaired: true })),
      ['math', 'repaired', 'llm', 12],
    ],
    [
      'failed, where it rejects',
      given(() => Promise.reject(new Error('no'))),
      [LOCAL.task, 'failed', LOCAL.by, null],
    ],
    [
      'failed, where it throws',
      given(() => {
        throw new Error('no')
      }),
      [LOCAL.task, 'failed', LOCAL.by, null],
    ],
    [
      'failed, with what that has cost',
      given(async () => ({ failed: true, cost_nusd: 5 })),
      [LOCAL.task, 'failed', LOCAL.by, 5],
    ],
    ['timeout', given(() => new Promise(() => undefined)), [LOCAL.task, 'timeout', LOCAL.by, null]],
  ])('says %s', async (_name, asked, want) => {
    expect(told(await classify(asked))).toEqual(want)
  })

  it.each([
    ['a task that is none', { ...LABEL, task: 'banana' }],
    ['a complexity that is none', { ...LABEL, complexity: 'HIGH' }],
    ['a confidence that is none', { ...LABEL, confidence: Number.NaN }],
    ['a text', 'math'],
    ['nothing', undefined],
  ])('takes %s of a host’s classifier for no answer', async (_name, said) => {
    const asked = given(async () => said as never) // what code without types may say
    expect((await classify(asked)).outcome).toBe('failed')
    expect((await classify(asked)).outcome).toBe('failed')
  })

  it('says skipped where nobody need be asked', () => {
    expect(told(skipped())).toEqual(['unknown', 'skipped', 'none', 0])
  })

  it('keeps an answer for its time, for the same owner and the same last turns', async () => {
    let calls = 0
    let at = 0
    const classifier = () => {
      calls++
      return LABEL
    }
    const base = given(classifier, { now: () => at })
    await classify(base)
    expect(told(await classify(base))).toEqual(['math', 'cached', 'cache', 0])
    const history = readModelRequest(
      {
        messages: [
          { role: 'user', content: 'something else before' },
          { role: 'assistant', content: 'yes' },
          { role: 'user', content: 'xyzzy plugh' },
        ],
      },
      'chat',
    )
    const outcomes = [
      (await classify({ ...base, owner: 'sha256:1 other' })).outcome,
      (await classify({ ...base, request: history })).outcome,
    ]
    at = 60_000
    outcomes.push((await classify(base)).outcome)
    expect([outcomes, calls]).toEqual([['ok', 'ok', 'ok'], 4])
  })
})

describe('a classifier that is late', () => {
  it('is told to stop, and what it says then is dropped', async () => {
    let stopped = false
    let answer: (label: typeof LABEL) => void = () => undefined
    const asked = given((_request, { signal }) => {
      signal.addEventListener('abort', () => {
        stopped = true
      })
      return new Promise((resolve) => {
        answer = resolve
      })
    })
    const first = await classify(asked)
    answer(LABEL)
    await turn()
    const again = classify({ ...asked, classifier: { classify: () => ({ ...LABEL, task: 'qa' }) } })
    expect([first.outcome, stopped, told(await again)]).toEqual([
      'timeout',
      true,
      ['qa', 'ok', 'llm', 12],
    ])
  })

  it('is given up when its only caller is, and no listener is left', async () => {
    const caller = new AbortController()
    const counted = countListeners(caller.signal)
    let stopped: AbortSignal | undefined
    const asked = given(
      (_request, { signal }) => {
        stopped = signal
        return new Promise(() => undefined)
      },
      { signal: caller.signal, settings: { ...SETTINGS, timeout_ms: 20_000 } },
    )
    const pending = classify(asked)
    caller.abort()
    expect([told(await pending), stopped?.aborted]).toEqual([
      [LOCAL.task, 'failed', LOCAL.by, null],
      true,
    ])
    expect(told(await classify(asked))).toEqual([LOCAL.task, 'failed', LOCAL.by, 0])
    const other = new AbortController()
    const others = countListeners(other.signal)
    await classify(given(async () => LABEL, { signal: other.signal }))
    await classify(given(() => new Promise(() => undefined), { signal: other.signal }))
    expect([counted(), others()]).toEqual([0, 0])
  })
})

describe('the same question, asked by several at once', () => {
  it('goes out once, and is paid once', async () => {
    let calls = 0
    const asked = given(async () => {
      calls++
      await turn()
      return LABEL
    })
    const all = await Promise.all([classify(asked), classify(asked), classify(asked)])
    expect([calls, all.map(told)]).toEqual([
      1,
      [
        ['math', 'ok', 'llm', 12],
        ['math', 'cached', 'cache', 0],
        ['math', 'cached', 'cache', 0],
      ],
    ])
    expect(asked.known.flights.size).toBe(0)
  })

  it('goes on for those who stay when one gives up, and they pay', async () => {
    const caller = new AbortController()
    let answer: (label: typeof LABEL) => void = () => undefined
    const asked = given(
      () =>
        new Promise((resolve) => {
          answer = resolve
        }),
      { settings: { ...SETTINGS, timeout_ms: 20_000 } },
    )
    const leaving = classify({ ...asked, signal: caller.signal })
    const staying = classify(asked)
    caller.abort()
    answer(LABEL)
    expect([told(await leaving), told(await staying)]).toEqual([
      [LOCAL.task, 'failed', LOCAL.by, 0],
      ['math', 'ok', 'llm', 12],
    ])
  })

  it('fails for all of them, and is asked anew by the next', async () => {
    let calls = 0
    const asked = given(async () => {
      calls++
      throw new Error('no')
    })
    const all = await Promise.all([classify(asked), classify(asked)])
    const next = await classify(asked)
    expect([calls, all.map(({ cost_nusd }) => cost_nusd), next.outcome]).toEqual([
      2,
      [null, 0],
      'failed',
    ])
  })
})

/** How many of the signal's listeners are still there. */
function countListeners(signal: AbortSignal): () => number {
  let count = 0
  const { addEventListener: add, removeEventListener: remove } = signal
  const seen = new Set<unknown>()
  signal.addEventListener = function (this: AbortSignal, ...args: Parameters<typeof add>) {
    count++
    seen.add(args[1])
    return add.apply(this, args)
  } as typeof add
  signal.removeEventListener = function (this: AbortSignal, ...args: Parameters<typeof remove>) {
    if (seen.delete(args[1])) count--
    return remove.apply(this, args)
  } as typeof remove
  // One that is told once is gone when it was told.
  return () => (signal.aborted ? 0 : count)
}

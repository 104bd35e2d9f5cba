import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Subject } from '../../core/model/call.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { type Asking, ask, cacheHere } from './cache.fixture.ts'
import type { ResponseCacheOptions } from './options.ts'

/** A caller with everything by which callers differ, and what is asked. */
interface Caller {
  readonly subject: Subject
  readonly policy: string
  readonly locale: string
  readonly history: readonly string[]
  readonly system: string
  readonly top_p: number
}

const few = (...names: string[]) => fc.constantFrom(...names)
const names = fc.uniqueArray(few('a', 'b'), { maxLength: 2 })
const CALLER: fc.Arbitrary<Caller> = fc.record({
  subject: fc.record({
    agent: fc.constant('bot'),
    tenant: few('acme', 'beta'),
    user: few('ada', 'bob'),
    tier: fc.constantFrom('user', 'admin'),
    scopes: fc.constantFrom(['all'], ['all', 'a'], ['a', 'all'], ['all', 'b']),
    roles: names,
    groups: names,
    team: few('x', 'y'),
    department: few('p', 'q'),
  }),
  policy: few('one', 'two'),
  locale: few('de', 'en'),
  history: fc.array(few('hello', 'bye'), { maxLength: 1 }),
  system: few('', 'Be brief.'),
  top_p: fc.constantFrom(1, 0.5),
})

/** Two callers who differ in one thing at the most: what makes them differ is then that alone. */
const PAIR = fc
  .record({
    one: CALLER,
    another: CALLER,
    of: few('policy', 'locale', 'history', 'system', 'top_p'),
    subject: few('tenant', 'user', 'tier', 'scopes', 'roles', 'groups', 'team', 'department'),
    isSubject: fc.boolean(),
  })
  .map(({ one, another, of, subject, isSubject }): readonly [Caller, Caller] => {
    const from: Record<string, unknown> = { ...another }
    const whose: Record<string, unknown> = { ...another.subject }
    const other = isSubject
      ? { ...one, subject: { ...one.subject, [subject]: whose[subject] } }
      : { ...one, [of]: from[of] }
    return [one, other]
  })

function askingOf(
  { subject, policy, locale, history, system, top_p }: Caller,
  text: string,
): Asking {
  const messages: JsonObject[] = [
    ...(system === '' ? [] : [{ role: 'system', content: system }]),
    ...history.flatMap((said) => [
      { role: 'user', content: said },
      { role: 'assistant', content: 'yes' },
    ]),
    { role: 'user', content: text },
  ]
  return { body: ask('', { messages, top_p }), subject, policy, more: { locale } }
}

/** What two callers must have in common to get each other's answers. */
function ownerOf({ subject, ...rest }: Caller, sharedBy: 'user' | 'scopes'): string {
  const { agent, user, ...others } = subject
  const sorted = (list: readonly string[] = []) => [...list].sort()
  return JSON.stringify({
    ...rest,
    ...others,
    scopes: sorted(subject.scopes),
    roles: sorted(subject.roles),
    groups: sorted(subject.groups),
    ...(sharedBy === 'user' ? { agent, user } : {}),
  })
}

const EMBED = async (texts: readonly string[]) => texts.map(() => new Float32Array([1, 0]))
const SEMANTIC: ResponseCacheOptions['semantic'] = {
  mode: 'serve',
  embed: EMBED,
  maxFalseHits: 0.9,
  confidence: 0.5,
  recheckEvery: 1_000_000,
  sameAnswer: () => true,
}

describe('answers of one kind of caller', () => {
  it.each(['user', 'scopes'] as const)(
    'are given to no other: whoever they are shared by (%s)',
    async (sharedBy) => {
      await fc.assert(
        fc.asyncProperty(PAIR, async ([one, other]) => {
          const here = cacheHere({ sharedBy })
          await here.call(askingOf(one, 'What is the plan?'))
          const { outcome } = await here.call(askingOf(other, 'What is the plan?'))
          const isSame = ownerOf(one, sharedBy) === ownerOf(other, sharedBy)
          expect(outcome).toBe(isSame ? 'hit' : 'miss')
        }),
        { numRuns: 300 },
      )
    },
  )

  it('are given to no other where meanings are compared, however alike', async () => {
    const words = ['What is the plan of the project', 'What was the plan of the project']
    await fc.assert(
      fc.asyncProperty(PAIR, async (pair) => {
        const [one, other] = pair.map((caller) => ({ ...caller, history: [] }))
        if (one === undefined || other === undefined) return
        const here = cacheHere({ semantic: SEMANTIC })
        // The first time it is seen, the second time kept, the third time compared: then it may serve.
        const asked = ['this', 'these', 'those', 'some', 'any', 'our'].map(
          (word) => `${words[0]} ${word}`,
        )
        for (const text of asked) await here.call(askingOf(one, text))
        const { outcome, tier } = await here.call(askingOf(other, words[1] ?? ''))
        const isSame = ownerOf(one, 'user') === ownerOf(other, 'user')
        expect([outcome, tier]).toEqual(isSame ? ['hit', 'semantic'] : ['miss', null])
      }),
      { numRuns: 100, examples: [[[SAME, SAME]]] },
    )
  })
})

const SAME: Caller = {
  subject: {
    agent: 'bot',
    tenant: 'acme',
    user: 'ada',
    tier: 'user',
    scopes: ['all'],
    roles: [],
    groups: [],
    team: 'x',
    department: 'p',
  },
  policy: 'one',
  locale: 'de',
  history: [],
  system: '',
  top_p: 1,
}

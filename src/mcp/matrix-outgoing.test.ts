import { describe, expect, it } from 'vitest'
import type { Params } from './host.ts'
import { HOSTS, type Host, type HostServer, type Told, text } from './hosts.fixture.ts'
import { PRIZE, type Ran, RULES, type Way } from './matrix.fixture.ts'

/** Ways out: what a server says to its client besides answers, within a call and without one. */

const isLegacy = ({ era }: Host): boolean => era === 'legacy'

const SAMPLING = (prize: string): Params => ({
  messages: [{ role: 'user', content: { type: 'text', text: prize } }],
  maxTokens: 10,
})

const ELICITATION = (prize: string): Params => ({
  message: prize,
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
})

/** A tool that may be called, and that does one thing before it answers. */
const within =
  (act: (told: Told, prize: string) => Promise<unknown>) =>
  (made: HostServer, ran: Ran): void => {
    made.tool('run', async (_args, told) => {
      const done = await act(told, ran('said')).then(
        (answer) => JSON.stringify(answer ?? 'said'),
        () => 'refused',
      )
      return { content: [text(done)] }
    })
  }

/** The same of a server whose client has not asked for anything. */
const without =
  (act: (made: HostServer, prize: string) => Promise<unknown>) =>
  (ran: Ran, made: HostServer): Promise<unknown> =>
    act(made, ran('said')).then(
      () => 'said',
      () => 'refused',
    )

const CALL: Pick<Way, 'use' | 'still' | 'kind'> = {
  kind: 'says',
  still: ['db.run'],
  use: (wire) => wire.speak('tools/call', { name: 'run', arguments: {} }),
}

/** What is done by the host itself, once the client is there. */
function unasked(
  act: (made: HostServer, prize: string) => Promise<unknown>,
): Pick<Way, 'kind' | 'before' | 'use'> {
  let note: Ran = () => ''
  const run = without(act)
  return {
    kind: 'says',
    before(_made, ran) {
      note = ran
    },
    use: (_wire, made) => run(note, made),
  }
}

const REQUESTS: readonly Way[] = [
  {
    name: 'sampling within a call',
    of: isLegacy,
    before: within((told, prize) => told.ask('sampling/createMessage', SAMPLING(prize))),
    ...CALL,
  },
  {
    name: 'elicitation within a call',
    of: isLegacy,
    before: within((told, prize) => told.ask('elicitation/create', ELICITATION(prize))),
    ...CALL,
  },
  {
    name: 'roots within a call',
    of: isLegacy,
    before: within((told, prize) => told.ask('roots/list', { _meta: { note: prize } })),
    ...CALL,
  },
  {
    name: 'sampling within a call by the server itself',
    of: isLegacy,
    before(made, ran) {
      within((_told, prize) => made.ask('sampling/createMessage', SAMPLING(prize)))(made, ran)
    },
    ...CALL,
  },
  {
    name: 'sampling without a call',
    of: isLegacy,
    ...unasked((made, prize) => made.ask('sampling/createMessage', SAMPLING(prize))),
  },
  {
    name: 'elicitation without a call',
    of: isLegacy,
    ...unasked((made, prize) => made.ask('elicitation/create', ELICITATION(prize))),
  },
  {
    name: 'roots without a call',
    of: isLegacy,
    ...unasked((made, prize) => made.ask('roots/list', { _meta: { note: prize } })),
  },
  {
    name: 'a question of the 2026-07-28 protocol',
    of: ({ major }) => major === 2,
    kind: 'says',
    still: ['db.run'],
    before: (made, ran) =>
      made.tool('run', (_args, { raw }) =>
        isAnswered(raw)
          ? { content: [text(PRIZE)] }
          : {
              resultType: 'input_required',
              inputRequests: {
                who: { method: 'elicitation/create', params: ELICITATION(ran('said')) },
              },
            },
      ),
    use: (wire) => wire.speak('tools/call', { name: 'run', arguments: {} }),
  },
]

function isAnswered(raw: Readonly<Record<string, unknown>>): boolean {
  const { inputResponses } = raw['mcpReq'] as { inputResponses?: unknown }
  return inputResponses !== undefined
}

const NOTIFICATIONS: readonly Way[] = [
  {
    name: 'a log line without a call',
    ...unasked((made, prize) =>
      made.notify('notifications/message', { level: 'info', data: prize }),
    ),
    kind: 'news',
  },
  {
    name: 'progress that says something without a call',
    ...unasked((made, prize) =>
      made.notify('notifications/progress', { progressToken: 'p', progress: 1, message: prize }),
    ),
    kind: 'news',
  },
  {
    name: 'that a resource has changed',
    of: isLegacy,
    ...unasked((made, prize) =>
      made.notify('notifications/resources/updated', { uri: 'file:///a', _meta: { note: prize } }),
    ),
    kind: 'news',
  },
  {
    name: 'a notification of the host',
    ...unasked((made, prize) => made.notify('acme/news', { prize })),
    kind: 'news',
  },
]

/** What is said by a call goes to whom may make the call. */
const OF_CALLS: readonly Way[] = [
  [
    'a log line',
    'notifications/message',
    (prize: string): Params => ({ level: 'info', data: prize }),
  ],
  [
    'progress',
    'notifications/progress',
    (prize: string): Params => ({ progressToken: 'p', progress: 1, message: prize }),
  ],
  ['a notification of the host', 'acme/news', (prize: string): Params => ({ prize })],
].map(([name, method, params]) => ({
  name: `${String(name)} within a call`,
  before: within((told, prize) =>
    told.notify(String(method), (params as (prize: string) => Params)(prize)),
  ),
  use: CALL.use,
}))

const OPEN: readonly Way[] = [
  {
    name: 'that lists have changed',
    ...unasked(async (made) => {
      await made.notify('notifications/tools/list_changed', {})
      await made.notify('notifications/prompts/list_changed', {})
      await made.notify('notifications/resources/list_changed', {})
    }),
    kind: 'open',
  },
  {
    name: 'progress in numbers',
    ...unasked((made) => made.notify('notifications/progress', { progressToken: 1, progress: 1 })),
    kind: 'open',
  },
]

describe.each(HOSTS)('$name', (host) => {
  const ways = [...REQUESTS, ...NOTIFICATIONS, ...OF_CALLS, ...OPEN].filter(
    ({ of }) => of?.(host) ?? true,
  )
  describe.each(ways)('$name', (way) => {
    it.each(RULES)('$rule', async ({ check }) => check(host, way))
  })

  it('has all of its ways here', () => {
    expect(ways.length).toBeGreaterThanOrEqual(host.era === 'modern' ? 9 : 16)
  })
})

import { expect, it } from 'vitest'
import { createTestEngine } from '../testing/create-test-engine.ts'

const policy = 'roles: []\nbindings: []\n'
const identify = ({ bearer }: { readonly bearer?: string }) => {
  if (bearer === 'bad') throw new Error('no')
  return bearer === undefined ? undefined : { agent: bearer }
}

it.each([
  ['a subject that the host vouches for', 'host' as const, { subject: { agent: 'bot' } }, 'bot'],
  ['no subject', 'host' as const, {}, undefined],
  ['credentials', { identify }, { credentials: { bearer: 'ana' } }, 'ana'],
  ['no credentials', { identify }, {}, 'anonymous'],
  ['credentials that do not hold', { identify }, { credentials: { bearer: 'bad' } }, undefined],
  [
    'a subject that is not the proven one',
    { identify },
    { subject: { agent: 'bot' }, credentials: { bearer: 'ana' } },
    undefined,
  ],
  [
    'a request that cannot be read',
    'host' as const,
    { session: 5 as never, subject: { agent: 'bot' } },
    undefined,
  ],
])('finds out who calls by %s, and records nothing', async (_, identity, request, agent) => {
  const engine = createTestEngine({ policy, identity })
  const subject = await engine.whoIs({ session: 's', ...request })
  expect([subject?.agent, engine.records()]).toEqual([agent, []])
})

it('answers no more when the engine is closed', async () => {
  const engine = createTestEngine({ policy })
  await engine.close()
  expect(() => engine.whoIs({ session: 's' })).toThrow('closed')
})

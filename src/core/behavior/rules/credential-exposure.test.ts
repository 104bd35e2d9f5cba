import { describe, expect, it } from 'vitest'
import { credentialExposure as rule } from './credential-exposure.ts'
import { findingsIn, matchOf, responseOf } from './event.fixture.ts'

const read = responseOf({ tool: 'db.execute_sql', number: 2 })

describe('credential_exposure', () => {
  it('warns of a secret in a response', () => {
    expect(findingsIn(rule, read, { matches: [matchOf('stripe_secret_key')] })).toEqual([
      {
        rule: 'credential_exposure',
        severity: 'high',
        confidence: 0.9,
        message: 'the response of `db.execute_sql` holds a secret (`stripe_secret_key`)',
        trigger: 2,
        sources: [2],
        action: 'warn',
        score: 20,
        cause: 'stripe_secret_key@2',
      },
    ])
  })

  it('finds each kind once, the surest four', () => {
    const matches = ['a', 'b', 'c', 'd', 'e', 'a'].map((kind, index) =>
      matchOf(kind, { confidence: 0.5 + index / 20 }),
    )
    const found = findingsIn(rule, read, { matches })
    expect(found.map(({ message }) => message.at(-3))).toEqual(['a', 'e', 'd', 'c'])
  })

  it.each([
    ['instructions', [matchOf('override', { class: 'instruction' })]],
    ['personal data', [matchOf('iban', { class: 'pii' })]],
    ['nothing', []],
  ])('is silent on %s', (_, matches) => {
    expect(findingsIn(rule, read, { matches })).toEqual([])
  })
})

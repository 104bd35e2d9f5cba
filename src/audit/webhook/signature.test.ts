import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { verifyWebhook } from './signature.ts'

// The test vector of the Standard Webhooks libraries.
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
}
const now = () => 1_614_265_330_000

describe('verifyWebhook', () => {
  const { secret, body, headers } = VECTOR
  const other = `whsec_${createHash('sha256').update('other').digest('base64')}`
  const signature = headers['webhook-signature']
  const wrong = `v1,${Buffer.alloc(32).toString('base64')}`

  it.each<[string, Parameters<typeof verifyWebhook>]>([
    ['a text', [headers, body, secret, { now }]],
    ['bytes', [headers, Buffer.from(body), secret, { now }]],
    ['headers of the web platform', [new Headers(headers), body, secret, { now }]],
    ['headers in another case', [{ ...upper(headers) }, body, secret, { now }]],
    ['one of several secrets', [headers, body, [other, secret], { now }]],
    [
      'one of several signatures',
      [{ ...headers, 'webhook-signature': `v1a,x ${wrong} ${signature}` }, body, secret, { now }],
    ],
    ['a clock at the edge', [headers, body, secret, { now: () => now() + 300_000 }]],
  ])('takes what was signed: %s', (_what, given) => {
    expect(verifyWebhook(...given)).toBe(true)
  })

  it.each<[string, Parameters<typeof verifyWebhook>]>([
    ['another body', [headers, '{"test":2432232314}', secret, { now }]],
    ['another secret', [headers, body, other, { now }]],
    ['another id', [{ ...headers, 'webhook-id': 'msg_2' }, body, secret, { now }]],
    ['another time', [{ ...headers, 'webhook-timestamp': '1614265331' }, body, secret, { now }]],
    ['one that is old', [headers, body, secret, { now: () => now() + 301_000 }]],
    ['one of the future', [headers, body, secret, { now: () => now() - 301_000 }]],
    ['a clock that tells no time', [headers, body, secret, { now: () => Number.NaN }]],
    ['a time that is none', [{ ...headers, 'webhook-timestamp': 'NaN' }, body, secret, { now }]],
    ['no id', [{ ...headers, 'webhook-id': undefined }, body, secret, { now }]],
    ['two ids', [{ ...headers, 'webhook-id': ['a', 'b'] }, body, secret, { now }]],
    ['an id twice', [{ ...headers, 'Webhook-Id': 'x' }, body, secret, { now }]],
    ['no signature', [{ ...headers, 'webhook-signature': '' }, body, secret, { now }]],
    ['a wrong signature', [{ ...headers, 'webhook-signature': wrong }, body, secret, { now }]],
    ['a short signature', [{ ...headers, 'webhook-signature': 'v1,AAAA' }, body, secret, { now }]],
    [
      'another scheme',
      [{ ...headers, 'webhook-signature': signature.replace('v1', 'v0') }, body, secret, { now }],
    ],
    ['no headers', [{}, body, secret, { now }]],
  ])('does not take %s', (_what, given) => {
    expect(verifyWebhook(...given)).toBe(false)
  })

  it('refuses a tolerance that tolerates everything', () => {
    for (const toleranceSeconds of [Number.POSITIVE_INFINITY, Number.NaN, 0, -1])
      expect(() => verifyWebhook(headers, body, secret, { toleranceSeconds })).toThrow(
        expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
      )
  })
})

function upper(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  )
}

import { describe, expect, it } from 'vitest'
import { behaviorSettings } from './behavior-settings.ts'

describe('settings', () => {
  it.each([undefined, null, [], 'x', {}])('of %j are the defaults', (section) => {
    const settings = behaviorSettings(section)
    const { excepts, ...rule } = settings.rule('secret_relay')
    expect([rule, excepts('mail.send', 'mail'), settings.risk, settings.suspiciousText]).toEqual([
      {
        enabled: true,
        action: undefined,
        severity: undefined,
        score: undefined,
        minConfidence: 0,
        minCalls: undefined,
        minBytes: undefined,
        windowMs: undefined,
      },
      false,
      { warnAt: 30, pauseAt: 60, terminateAt: 90 },
      'keep',
    ])
  })

  it('are read as the policy has them', () => {
    const settings = behaviorSettings({
      risk: { warn_at: 1, pause_at: 2, terminate_at: 3 },
      suspicious_text: 'remove',
      rules: {
        call_loop: { enabled: false, action: 'pause', severity: 'low', score: 7, min_calls: 4 },
        slow_drip_exfiltration: { min_bytes: 9, min_confidence: 0.5, window: '1m' },
      },
    })
    expect([settings.risk, settings.suspiciousText]).toEqual([
      { warnAt: 1, pauseAt: 2, terminateAt: 3 },
      'remove',
    ])
    expect(settings.rule('call_loop')).toMatchObject({
      enabled: false,
      action: 'pause',
      severity: 'low',
      score: 7,
      minCalls: 4,
    })
    expect(settings.rule('slow_drip_exfiltration')).toMatchObject({
      minBytes: 9,
      minConfidence: 0.5,
      windowMs: 60_000,
    })
  })

  it('of rules named like parts of objects are nobody’s', () => {
    expect(behaviorSettings({ rules: {} }).rule('constructor').enabled).toBe(true)
  })
})

describe('destinations', () => {
  it.each<[entry: string, meets: readonly string[], misses: readonly string[]]>([
    [
      'corp.test',
      ['corp.test', 'CORP.test', 'ana@corp.test', 'corp.test.', 'corp.test:8443', 'a@corp.test.'],
      ['sub.corp.test', 'xcorp.test', 'corp.test.evil.test', 'corp.test@evil.test', ''],
    ],
    ['@corp.test', ['ana@corp.test', 'corp.test'], ['ana@sub.corp.test']],
    [
      '*.corp.test',
      ['a.corp.test', 'x@a.b.corp.test', 'https://a.corp.test/x'],
      ['corp.test', 'evilcorp.test', 'a.corp.test.evil.test'],
    ],
    ['ana@corp.test', ['ana@corp.test', ' Ana@Corp.test '], ['bea@corp.test', 'corp.test']],
    ['DE89370400440532013000', ['de89370400440532013000'], ['DE89370400440532013001']],
  ])('`%s` names them', (entry, meets, misses) => {
    const { destinations } = behaviorSettings({ destinations: { allow: [entry], deny: [entry] } })
    const wrong = [
      ...meets.filter((text) => !destinations.allows(text) || !destinations.denies(text)),
      ...misses.filter((text) => destinations.allows(text) || destinations.denies(text)),
    ]
    expect(wrong).toEqual([])
  })

  it.each([
    'https://corp.test/hook',
    'corp.test/hook',
    'corp.test:80/x?y@z',
    'https://user:word@corp.test/',
    '//corp.test/x',
  ])('an address is known by its host: `%s`', (text) => {
    const { destinations } = behaviorSettings({ destinations: { deny: ['corp.test'] } })
    expect(destinations.denies(text)).toBe(true)
  })

  it.each([
    'evil.test/@corp.test',
    'https://corp.test@evil.test/',
    'https://evil.test\\@corp.test/',
    'evil.test?@corp.test',
    'evil.test#@corp.test',
    'evil.test @corp.test',
    'evil.test!x@corp.test',
    'x%evil.test@corp.test',
    '"x"@corp.test',
    'corp.test/,evil.test',
    'corp.test(evil.test)',
  ])('what only looks like the host is not it: `%s`', (text) => {
    const { destinations } = behaviorSettings({ destinations: { allow: ['corp.test'] } })
    expect(destinations.allows(text)).toBe(false)
  })

  it('a list is not allowed for what its last part ends in', () => {
    const { destinations } = behaviorSettings({ destinations: { allow: ['*.corp.test'] } })
    const texts = ['evil.test,a.corp.test', 'evil.test;a.corp.test', 'x@evil.test|a.corp.test']
    expect(texts.filter((text) => destinations.allows(text))).toEqual([])
  })

  it('cost no more for a long text', () => {
    const { destinations } = behaviorSettings({ destinations: { allow: ['corp.test'] } })
    expect(destinations.allows(`${'.'.repeat(200_000)}x${'@'.repeat(200_000)}`)).toBe(false)
  })
})

describe('trust', () => {
  const settings = behaviorSettings({
    trusted_fields: ['status', 'tickets.read.Owner'],
    trusted_tools: ['ask.user', 'desk.*', 'server:forms'],
  })

  it.each([
    ['tickets.read', 'Status', true],
    ['db.query', 'status', true],
    ['tickets.read', 'owner', true],
    ['db.query', 'owner', false],
    ['tickets.read', '', false],
  ])('in `%s` of field `%s` is %j', (resource, key, trusted) => {
    expect(settings.trustsField(resource, key)).toBe(trusted)
  })

  it.each([
    ['ask.user', 'ask', true],
    ['ask.users', 'ask', false],
    ['desk.reply', 'desk', true],
    ['any', 'forms', true],
    ['any', undefined, false],
  ])('in tool `%s` of server %j is %j', (resource, server, trusted) => {
    expect(settings.trustsTool(resource, server)).toBe(trusted)
  })
})

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { outcome } from './compute.fixture.ts'

const recipients = ['example.com', '*.example.org', 'ann@other.net', '#general']

describe('recipients', () => {
  it.each<[string, JsonObject, JsonObject]>([
    [
      'a list',
      { to: ['a@example.com', 'b@evil.net', 'ann@other.net'] },
      { to: ['a@example.com', 'ann@other.net'] },
    ],
    [
      'a text of several',
      { to: 'a@example.com, b@evil.net,c@example.com' },
      { to: 'a@example.com, c@example.com' },
    ],
    [
      'semicolons',
      { to: 'a@example.com;b@evil.net; c@example.com' },
      { to: 'a@example.com; c@example.com' },
    ],
    [
      'names before addresses',
      { to: 'Ann <ann@other.net>, Bob <bob@evil.net>' },
      { to: 'Ann <ann@other.net>' },
    ],
    [
      'lists of texts of several',
      { to: ['a@example.com, b@evil.net', 'c@evil.net'] },
      { to: ['a@example.com'] },
    ],
    [
      'copies',
      { to: 'a@example.com', cc: 'b@evil.net', bcc: ['c@evil.net'] },
      { to: 'a@example.com', bcc: [] },
    ],
    [
      'other copies',
      { to: 'a@example.com', cc_recipients: 'b@evil.net', ccAddresses: 'x' },
      { to: 'a@example.com', ccAddresses: 'x' },
    ],
    [
      'other names of recipients',
      { attendees: ['a@example.com', 'b@evil.net'] },
      { attendees: ['a@example.com'] },
    ],
    [
      'at any depth',
      { message: { toRecipients: ['a@example.com', 'b@evil.net'] } },
      { message: { toRecipients: ['a@example.com'] } },
    ],
    ['channels', { to: ['#general', '#private'] }, { to: ['#general'] }],
    ['domains below', { to: ['a@x.example.org', 'b@example.org'] }, { to: ['a@x.example.org'] }],
    [
      'nobody beside',
      { to: 'a@example.com', cc: null, bcc: '' },
      { to: 'a@example.com', cc: null, bcc: '' },
    ],
  ])('filters %s', (_, args, wanted) => {
    expect(outcome({ recipients }, args)).toEqual(wanted)
    expect(outcome({ recipients }, wanted)).toBe(wanted)
  })

  it.each<[string, JsonObject]>([
    ['one text', { to: 'a@example.com,b@example.com ; ann@other.net' }],
    ['lists', { to: ['A@EXAMPLE.COM'], cc: [], note: 'b@evil.net' }],
    [
      'headers and values of others',
      {
        to: 'a@example.com',
        headers: { 'X-Topic': 'to do: x', list: [{ name: 'X-A', value: 'a bcc' }] },
        vars: [{ name: 'city', value: 'to' }],
        body: 'Bcc: b@evil.net',
      },
    ],
  ])('leaves %s as it is', (_, args) => {
    expect(outcome({ recipients }, args)).toBe(args)
  })

  it.each<[string, JsonObject, string]>([
    ['no recipient at all', { note: 'x' }, 'no argument that names a recipient'],
    ['empty lists', { to: [], cc: '' }, 'no argument that names a recipient'],
    ['none left', { to: 'b@evil.net' }, 'no recipient is one'],
    ['none left in copies alone', { cc: 'b@evil.net' }, 'no recipient is one'],
    [
      'none left in `to`, though in a copy',
      { to: ['b@evil.net'], cc: 'a@example.com' },
      'no recipient in `to`',
    ],
    [
      'another one to reply to',
      { to: 'a@example.com', reply_to: 'b@evil.net' },
      'no recipient in `reply_to`',
    ],
    [
      'a quoted comma',
      { to: '"x, a@example.com, y" <b@evil.net>' },
      '`to` has a recipient that is not one plain',
    ],
    ['two addresses in one', { to: 'a@example.com b@evil.net' }, 'not one plain'],
    ['an encoded word', { to: '=?utf-8?q?b=40evil.net?= <a@example.com>' }, 'not one plain'],
    ['an empty part', { to: 'a@example.com,,b@example.com' }, 'not one plain'],
    [
      'an object',
      { attendees: [{ email: 'a@example.com' }] },
      '`attendees[0]` is not a recipient in one text',
    ],
    ['a number', { to: 5 }, 'not a recipient in one text'],
    [
      'a header by name and value',
      { to: 'a@example.com', headers: [{ name: 'Bcc', value: 'b@evil.net' }] },
      '`headers[0]` names a recipient',
    ],
    [
      'a field by key and value',
      { to: 'a@example.com', extra: { Key: 'reply_to', Value: 'b@evil.net' } },
      '`extra` names a recipient',
    ],
    ['a line', { to: 'a@example.com', headers: 'Bcc: b@evil.net' }, '`headers` names'],
    [
      'a line below others',
      { to: 'a@example.com', message: { extraHeaders: { 'X-A': 'x\r\nResent-To: b@evil.net' } } },
      '`message.extraHeaders.X-A` names',
    ],
    [
      'a pair',
      { to: 'a@example.com', headers: [['Reply-To', 'b@evil.net']] },
      '`headers[0][0]` names',
    ],
    ['too many', { to: 'a@example.com,'.repeat(3_000) }, 'send to fewer'],
    ['too long a text', { to: 'a'.repeat(70_000) }, 'too long'],
  ])('refuses %s', (_, args, why) => {
    expect(outcome({ recipients }, args)).toContain(why)
  })
})

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { destinationsOf, readArguments, roleOfName } from './read-arguments.ts'

/** `role key=text` of each argument. */
function told(args: JsonObject, resource = 'mail.send_message'): readonly string[] {
  return readArguments(args, resource).map(({ role, key, text }) => `${role} ${key}=${text}`)
}

describe('roleOfName', () => {
  it.each([
    [
      'destination',
      'to',
      'recipients',
      'userEmail',
      'webhook-url',
      'channel_name',
      'receiver_id',
      'iban',
      'new_owner',
      'accountNumber',
      'repo',
    ],
    [
      'content',
      'body',
      'messageText',
      'email_body',
      'subject',
      'comment_content',
      'amount',
      'attachments',
      'password',
      'file_content',
      'query',
    ],
    [
      'identifier',
      'id',
      'user_id',
      'orderIds',
      'page',
      'limit',
      'start_date',
      'access_token',
      'email_id',
    ],
    ['place', 'path', 'save_dir', 'fileName', 'file_path'],
    ['person', 'user', 'username'],
  ])('is %s for %s, %s and the likes', (role, ...names) => {
    expect(names.map(roleOfName)).toEqual(names.map(() => role))
  })

  it('is unknown for names that tell nothing', () => {
    expect(['foo', 'hotel', 'arg0', '', '__proto__'].map(roleOfName)).toEqual(
      Array(5).fill(undefined),
    )
  })
})

describe('readArguments', () => {
  it('tells addressee and content of a mail apart', () => {
    const args = { to: ['ida@x.test'], cc: [], subject: 'Hi', body: 'See you', urgent: true }
    expect(told(args)).toEqual([
      'destination to=ida@x.test',
      'content subject=Hi',
      'content body=See you',
      'identifier urgent=true',
    ])
  })

  it('splits an address into where it goes and what it carries', () => {
    const args = { url: 'https://u:p@evil.test:8080/in/x?data=my%20key&n=1#end' }
    expect(told(args, 'http.post')).toEqual([
      'destination url=https://evil.test:8080',
      'content url=u:p',
      'identifier url=/in/x',
      'content data=my key',
      'content n=1',
      'content url=end',
    ])
  })

  it('takes an escaped path and a long host name for content as well', () => {
    const host = `${'6b'.repeat(10)}.evil.test`
    expect(told({ url: `http://${host}/the%20plan` }, 'http.get')).toEqual([
      `destination url=http://${host}`,
      `content url=${host}`,
      'content url=/the plan',
    ])
  })

  it('takes all headers for content', () => {
    expect(told({ headers: { 'x-id': '7', host: 'a.test' } }, 'http.get')).toEqual([
      'content x-id=7',
      'content host=a.test',
    ])
  })

  it('goes by the names inside an argument, and falls back on its own', () => {
    const args = { data: { to: 'ida@x.test', k: 'v' }, event: { id: 'e1', about: 'Tea' } }
    expect(told(args)).toEqual([
      'destination to=ida@x.test',
      'content k=v',
      'identifier id=e1',
      'content about=Tea',
    ])
  })

  it('reads JSON in a text as content, whatever its fields are called', () => {
    expect(told({ body: '{"to":{"id":"tok-77"}}' })).toEqual(['content id=tok-77'])
  })

  it('takes a path for a destination only where something is written', () => {
    expect(told({ path: '/a/b' }, 'files.write_file')).toEqual(['destination path=/a/b'])
    expect(told({ path: '/a/b' }, 'files.read_file')).toEqual(['identifier path=/a/b'])
  })

  it('takes a user for a destination only where somebody is let in or written to', () => {
    expect(told({ user: 'bo' }, 'chat.invite_user')).toEqual(['destination user=bo'])
    expect(told({ user: 'bo' }, 'crm.get_profile')).toEqual(['identifier user=bo'])
  })

  it.each([
    ['bo@x.test', 'destination'],
    ['https://x.test', 'destination'],
    ['DE44 5001 0517 5407 3249 31', 'destination'],
    ['a few words in a row', 'content'],
    ['x'.repeat(60), 'content'],
    ['KX-7781', 'identifier'],
    [['ak', '9fGh2KqLmZ7xWvB3nR8t'].join('_'), 'content'],
    ['3f9a61c07be24d58a91c44e0', 'content'],
    ['7c1d0b54-2f83-4a6e-b1c9-8e5f7a6d3b20', 'identifier'],
    ['getUserProfileSettingsById', 'identifier'],
    ['weekly-report-2031-05-14', 'identifier'],
  ])('judges %s by its shape where the name tells nothing', (text, role) => {
    expect(readArguments({ foo: text }, 'a.b').map((argument) => argument.role)).toEqual([role])
  })

  it('keeps a secret that is used as a name', () => {
    const secret = ['tok', 'live', 'Wq83Lm20Vz'].join('-')
    expect(told({ [secret]: 1 })).toContain(`content =${secret}`)
  })

  it('puts the parts of a list of bytes or characters together', () => {
    expect(told({ values: [116, 111, 107, 45] })).toContain('content values=116 111 107 45')
    expect(told({ body: ['t', 'o', 'k', '7', '7'] })).toContain('content body=t o k 7 7')
  })
})

describe('destinationsOf', () => {
  it('gives hosts, addresses and other destinations once', () => {
    const args = {
      to: 'Ida <ida@x.test>, bo@x.test',
      cc: ['ida@x.test'],
      webhook: 'https://u@hook.test:99/a?b=c',
      iban: 'DE44 5001',
      body: 'write to no@body.test',
    }
    const places = destinationsOf(readArguments(args, 'mail.send'))
    expect(places.map(({ text }) => text)).toEqual([
      'ida@x.test',
      'bo@x.test',
      'hook.test',
      'DE44 5001',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { scan } from '../scan.ts'
import { sampleOf } from './sample.fixture.ts'

function found(text: string): string[] {
  return scan(text, { classes: ['secret'] }).map(
    ({ kind, start, end }) => `${kind} ${text.slice(start, end)}`,
  )
}

function encode(value: unknown): string {
  return btoa(typeof value === 'string' ? value : JSON.stringify(value))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

const PAYLOAD = encode({ sub: 'mia', iat: 1_790_000_000 })
const SIGNATURE = sampleOf('{base64url:43}')

describe('JSON Web Tokens', () => {
  it.each([
    [{ alg: 'HS256', typ: 'JWT' }],
    [{ typ: 'JWT', alg: 'RS256' }],
    [{ kid: 'a-1', alg: 'ES256', x5c: ['MIIB'], crit: ['exp'] }],
    [{ alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256' } }],
    [{ alg: 'none' }],
  ])('are found with the header %j', (header) => {
    const token = `${encode(header)}.${PAYLOAD}.${SIGNATURE}`
    expect(found(`see ${token}.`)).toEqual([`json_web_token ${token}`])
  })

  it('are found without a signature, and encrypted', () => {
    const bare = `${encode({ alg: 'HS256' })}.${PAYLOAD}`
    const encrypted = `${encode({ alg: 'dir', enc: 'A128GCM' })}..${SIGNATURE}.${PAYLOAD}.${SIGNATURE}`
    expect(found(bare)).toEqual([`json_web_token ${bare}`])
    expect(found(encrypted)).toEqual([`json_web_token ${encrypted}`])
  })

  it.each([
    ['a header alone', encode({ alg: 'HS256', typ: 'JWT' })],
    [
      'a header without an algorithm',
      `${encode({ typ: 'JWT', kid: '1' })}.${PAYLOAD}.${SIGNATURE}`,
    ],
    ['a header that is no JSON', `${encode('{"alg":"HS256",}')}.${PAYLOAD}.${SIGNATURE}`],
    ['a header that is damaged', `${encode({ alg: 'HS256', typ: 'J' }).slice(0, -3)}.${PAYLOAD}.x`],
    ['the middle of a word', `x${encode({ alg: 'HS256' })}.${PAYLOAD}.${SIGNATURE}`],
  ])('are not seen in %s', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

const BODY = Array.from({ length: 6 }, (_, line) => sampleOf('{base64:64}', line + 1)).join('\n')

function block(label: string, body = BODY): string {
  return [`-----BEGIN ${label}-----`, body, `-----END ${label}-----`].join('\n')
}

describe('private keys', () => {
  it.each([
    ['RSA PRIVATE KEY'],
    ['EC PRIVATE KEY'],
    ['DSA PRIVATE KEY'],
    ['PRIVATE KEY'],
    ['ENCRYPTED PRIVATE KEY'],
    ['OPENSSH PRIVATE KEY'],
    ['PGP PRIVATE KEY BLOCK'],
  ])('labelled %s are found whole, on lines and escaped', (label) => {
    const key = block(label)
    const escaped = key.replaceAll('\n', '\\n')
    expect(found(`x\n${key}\ny`)).toEqual([`private_key_block ${key}`])
    expect(found(`{"private_key":"${escaped}\\n"}`)).toEqual([`private_key_block ${escaped}`])
    expect(found(key.replaceAll('\n', ' '))).toHaveLength(1)
  })

  it('are found with headers in front of the body, and without an end', () => {
    const headers = 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n'
    expect(found(block('RSA PRIVATE KEY', headers + BODY))).toHaveLength(1)
    expect(found(block('RSA PRIVATE KEY').slice(0, 300))).toHaveLength(1)
  })

  it('of PuTTY are found', () => {
    const file = `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n${sampleOf('{base64:64}')}\n`
    expect(scan(file, { classes: ['secret'] })[0]?.kind).toBe('putty_private_key')
  })

  it.each([
    ['public keys', block('PUBLIC KEY')],
    ['certificates', block('CERTIFICATE')],
    ['an empty block', block('RSA PRIVATE KEY', '')],
    ['a block of words', block('PRIVATE KEY', '<your key goes here>')],
    ['a mention', 'Paste your RSA PRIVATE KEY between BEGIN and END.'],
  ])('are not %s', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

const PASSWORD = ['kR4', 'vem', '9tz'].join('-')

describe('addresses with a password', () => {
  it.each([
    ['postgres', 'postgres_connection_password'],
    ['postgresql', 'postgres_connection_password'],
    ['mysql', 'mysql_connection_password'],
    ['mongodb+srv', 'mongodb_connection_password'],
    ['redis', 'redis_connection_password'],
    ['amqps', 'amqp_connection_password'],
    ['sftp', 'ftp_password'],
    ['https', 'basic_auth_password'],
  ])('of %s give it away as %s', (scheme, kind) => {
    expect(found(`url: ${scheme}://mia:${PASSWORD}@db.test:99/app`)).toEqual([
      `${kind} ${PASSWORD}`,
    ])
    expect(found(`${scheme}://:${PASSWORD}@db.test`)).toEqual([`${kind} ${PASSWORD}`])
  })

  it('take the last @ for the end, and tokens for users', () => {
    expect(found(`https://mia:${PASSWORD}@9@host.test/`)).toEqual([
      `basic_auth_password ${PASSWORD}@9`,
    ])
    const token = sampleOf('{hex:40}')
    expect(found(`https://${token}:x-oauth-basic@host.test/`)).toEqual([`url_user_token ${token}`])
  })

  it.each([
    'https://mia@host.test/',
    'https://host.test:8080/a@b',
    'https://host.test/?next=mia:pass@x',
    'postgres://user:password@localhost/app',
    ['postgres://user:$', '{DB_PASSWORD}@localhost/app'].join(''),
    'postgres://user:<password>@localhost/app',
    'postgres://user:****@localhost/app',
    'see https://host.test: mail mia@host.test',
  ])('%s has none', (text) => {
    expect(found(text)).toEqual([])
  })
})

const KEY = sampleOf('{alnum:32}', 3)
const PAIR = btoa(`mia:${PASSWORD}`)

describe('headers and commands', () => {
  it.each([
    [`Authorization: Bearer ${KEY}`, `bearer_token ${KEY}`],
    [`-H "authorization: bearer ${KEY}"`, `bearer_token ${KEY}`],
    [`Authorization: Token ${KEY}`, `bearer_token ${KEY}`],
    [`Authorization: ${KEY}`, `token ${KEY}`],
    [`Authorization: Basic ${PAIR}`, `basic_auth_header ${PAIR}`],
    [`curl -u mia:${PASSWORD} https://host.test`, `command_line_password ${PASSWORD}`],
    [`curl -u mia:'${PASSWORD}' https://host.test`, `command_line_password ${PASSWORD}`],
    [`sshpass -p '${PASSWORD}' ssh mia@host.test`, `command_line_password ${PASSWORD}`],
    [`mysql -u mia -p${PASSWORD} app`, `command_line_password ${PASSWORD}`],
    [`machine host.test\n  login mia\n  password ${PASSWORD}`, `command_line_password ${PASSWORD}`],
    [`curl https://host.test --user "mia:${PASSWORD}"`, `command_line_password ${PASSWORD}`],
  ])('%s gives the secret away', (text, expected) => {
    const [match] = found(text)
    expect(match?.split(' ').at(-1)).toBe(expected.split(' ').at(-1))
    expect(found(text)).toHaveLength(1)
  })

  it.each([
    'Authorization: Bearer <token>',
    'Authorization: Bearer $TOKEN',
    'Authorization: Bearer XXXXXXXXXXXXXXXXXXXXXXXX',
    'Authorization: Bearer $(print-access-token)',
    'Authorization: Basic ...',
    'use basic authentication or bearer authentication',
    'The basic information12 is here',
    'curl -u "$USER:$PASS" https://host.test',
    'curl -u <user>:<password> https://host.test',
    `docker run -u 1000:1000 image`,
  ])('%s does not', (text) => {
    expect(found(text)).toEqual([])
  })
})

describe('secrets by their neighbours', () => {
  it('are the keys of Amazon behind their ids', () => {
    const id = sampleOf(['AKIA', '{base32:16}'].join(''))
    const key = sampleOf('{base64:40}', 5)
    expect(found(`${id},${key}`)).toEqual([
      `aws_access_key_id ${id}`,
      `aws_secret_access_key ${key}`,
    ])
    expect(found(`${id} and the commit ${'a'.repeat(40)}`)).toEqual([`aws_access_key_id ${id}`])
  })

  it('are tokens of Discord, whose id is a number in Base64', () => {
    const id = btoa('198622483471925248')
    const token = [id, sampleOf('{alnum:6}'), sampleOf('{base64url:27}')].join('.')
    expect(found(`run ${token}`)).toEqual([`discord_bot_token ${token}`])
    expect(found(`run ${token.replace('MTk', 'aTk')}`)).toEqual([])
  })
})

describe('keys with a dashed stage', () => {
  const prefix = (stage: string) => ['sk', stage, ''].join('-')

  it.each([
    [`${prefix('live')}7d1e94b03fa852c6d90e4b17`],
    [`${prefix('test')}Qm4Tz81LxWc07RbYkv29`],
    [`${prefix('prod')}9f27c1e08b64d35a-2c7`],
    [`${prefix('live')}eu2-9f27c1e08b64d35a`],
  ])('%s is found without a name near it', (key) => {
    expect(found(`it printed ${key} and went on`)).toEqual([`dashed_secret_key ${key}`])
  })

  it.each([
    'sk-live- keys are for production, sk-test- keys for trials',
    'sk-live-****',
    'sk-live-****************',
    'sk-live-...',
    'sk-live-your-key-goes-here',
    'sk-live-internationalization',
    'sk-test-InternationalizationService',
    'sk-live-xxxxxxxxxxxxxxxxxxxxxxxx',
    'sk-live-documentationexample12',
    'sk-live-notifications-deployment2',
    'sk-live-4f8b2c1d',
  ])('%s is not', (text) => {
    expect(found(text)).toEqual([])
  })
})

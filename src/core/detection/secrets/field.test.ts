import { describe, expect, it } from 'vitest'
import { scan } from '../scan.ts'
import { sampleOf } from './sample.fixture.ts'

const KEY = sampleOf('{alnum:32}', 3)
const PASSWORD = ['kR4', 'vem', '!9tz'].join('')

function secretsIn(text: string): string[] {
  return scan(text, { classes: ['secret'] }).map(({ start, end }) => text.slice(start, end))
}

describe('a value under the name of a secret', () => {
  it.each([
    ['environment', `API_KEY=${KEY}`],
    ['a shell', `export SERVICE_TOKEN='${KEY}'`],
    ['YAML', `api_key: ${KEY}\nregion: eu`],
    ['JSON', `{"apiKey": "${KEY}", "region": "eu"}`],
    ['JSON inside JSON', JSON.stringify({ body: `{"apiKey":"${KEY}"}` })],
    ['JSON inside JSON inside JSON', JSON.stringify(JSON.stringify(`{"apiKey":"${KEY}"}`))],
    ['Go', `accessToken := "${KEY}"`],
    ['Ruby', `:auth_token => "${KEY}"`],
    ['PHP', `$config['client_secret'] = '${KEY}';`],
    ['C#', `var secretKey = @"${KEY}";`],
    ['Python', `token = r'${KEY}'`],
    ['Java', `System.setProperty("SERVICE_TOKEN", "${KEY}");`],
    ['C++', `std::string secret("${KEY}");`],
    ['a comparison', `if ("${KEY}" == apiToken) {`],
    ['XML', `<apiKey>${KEY}</apiKey>`],
    ['XML attributes', `<add key="ApiToken" value="${KEY}" />`],
    ['a header', `X-Api-Key: ${KEY}`],
    ['a query', `https://host.test/v1?page=2&api_key=${KEY}&sort=asc`],
    ['a command', `tool login --api-token ${KEY} --verbose`],
    ['a command with a sign', `tool login --api-token=${KEY}`],
    ['a sentence', `The API key is ${KEY}.`],
    ['a sentence without a verb', `Use the token ${KEY} for now`],
    ['a Python dictionary', `{'api_key': '${KEY}'}`],
    ['a chain of names', `next=token=${KEY}`],
  ])('is found in %s', (_, text) => {
    expect(secretsIn(text)).toEqual([KEY])
  })

  it.each([
    `password: ${PASSWORD}`,
    `{"user": "mia", "password": "${PASSWORD}"}`,
    `Server=db.test;User Id=mia;Password=${PASSWORD};`,
    `jdbc:mysql://db.test/app?user=mia&password=${PASSWORD}`,
    `<password>${PASSWORD}</password>`,
    `mysql --password=${PASSWORD} app`,
    `Your password is ${PASSWORD}`,
    `smtp_pass = "${PASSWORD}"`,
  ])('is found as a password in %j', (text) => {
    expect(secretsIn(text)).toEqual([PASSWORD])
  })

  it.each([
    '',
    'xxxxxxxxxxxxxxxxxxxx',
    'XXXX-XXXX-XXXX-1234',
    '********',
    '****************c9f2',
    'sk-...x9Qd',
    '<your-api-key>',
    'YOUR_API_KEY_1',
    'your-token-goes-here-1',
    'EXAMPLE1234567890KEY',
    'changeme123',
    ['$', '{API_KEY}'].join(''),
    ['$', '{API_KEY:-none1}'].join(''),
    '{{ api_key }}',
    '{{secrets.token1}}',
    '<%= token1 %>',
    '$(cat /run/secrets/token1)',
    '$API_KEY1',
    '%API_KEY1%',
    '#{token_1}',
    '[REDACTED]',
    '(redacted 1)',
    'process.env.API_KEY1',
    'os.environ["KEY1"]',
    'config.api.key1',
    'getSecret(one1)',
    'none',
    'null',
    'undefined',
    'string',
    'required',
    '12345678',
    '1234567890123456789',
    'abcdefghijklmnop1',
    '00000000000000000001',
    'aaaaaaaaaaaaaaaaaaa1',
    'session-cookie-2',
    'mySecretName1',
    '/run/secrets/api_key1',
    './certs/server-1.pem',
    'C:\\keys\\server1.pem',
    'https://host.test/token1',
    'v1.22.333-beta1',
    '2026-11-20T10:00:00Z',
    'mia.k1@example.test',
    'sha512-Vd8q3Z1kQmXb0pT5yLw7uA9sJf2hRc4eNg6iOoKt',
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7x1',
    'pk_live_51H8xTq2eZvKYlo2C',
    'Enter your 1st password',
  ])('is none where it reads %j', (value) => {
    expect(secretsIn(`{"api_key": "${value}", "password": "${value}"}`)).toEqual([])
  })

  it.each([
    ['the author of a page', `author: "${KEY}"`],
    ['a public key', `public_key: "${KEY}"`],
    ['a page of a list', `{"next_page_token": "${KEY}"}`],
    ['an id', `{"token_id": "${KEY}"}`],
    ['a count', 'max_tokens: 1234567812345678'],
    ['a checksum', `checksum: ${sampleOf('{hex:64}')}`],
    ['a commit', `commit ${sampleOf('{hex:40}')}`],
    ['an integrity', `integrity: sha512-${sampleOf('{base64:86}')}==`],
    ['an image', `<img src="data:image/png;base64,${sampleOf('{base64:200}')}">`],
    ['a UUID', `id: ${sampleOf('{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}')}`],
    ['prose', 'The token was rejected, so the password must be reset by the secretary today.'],
    ['a type', 'password: string\ntoken?: Token | undefined'],
    ['a call', 'const token = await getToken(user.id, 42)'],
    ['a member', 'password: request.body.password,'],
    ['a function', 'function setPassword(password, salt1) { return hash(password, salt1) }'],
  ])('does not make a secret of %s', (_, text) => {
    expect(secretsIn(text)).toEqual([])
  })

  it('is told by the kind that its name says', () => {
    const kinds = ['clientSecret', 'access_token', 'private_key', 'apiKey', 'credential'].map(
      (name) => scan(`${name} = "${KEY}"`, { classes: ['secret'] })[0]?.kind,
    )
    expect(kinds).toEqual(['client_secret', 'token', 'private_key', 'api_key', 'secret_field'])
  })
})

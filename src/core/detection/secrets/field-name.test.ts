import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretName, segmentsOf } from './field-name.ts'

describe('names of fields', () => {
  it.each([
    ['apiKey', ['api', 'key']],
    ['AWSSecretAccessKey', ['aws', 'secret', 'access', 'key']],
    ['X-Auth-Token', ['x', 'auth', 'token']],
    ['db.password2', ['db', 'password', '2']],
    ['__x__', ['x']],
    ['', []],
  ])('%j has the segments %j', (name, segments) => {
    expect(segmentsOf(name)).toEqual(segments)
  })

  it.each(
    `api_key apikey APIKey x-api-key secret clientSecret token accessToken auth_token refreshToken
    password passwd pwd passphrase userPassword db_pass password_confirmation password2 credential
    credentials private_key accessKey AWS_SECRET_ACCESS_KEY SUPABASE_SERVICE_ROLE_KEY webhook_secret
    connection_string connectionString signing_key encryptionKey authorization api_tokens secret_id
    mnemonic seed_phrase master-key PGPASSWORD app.dbpassword appsecret creds`.split(/\s+/),
  )('%s holds a secret', (name) => {
    expect(isSecretName(name)).toBe(true)
  })

  it.each(
    `author authority authored_by token_count max_tokens total_tokens prompt_tokens password_hint
    next_page_token pageToken continuation_token public_key publicKey primary_key foreign_key
    publishable_key tokenizer secretary monkey keyboard compass passenger bypass pass_rate
    password_policy password_changed_at token_type token_url token_expires_at access_key_id key_id
    secret_name credentials_id csrf_token sort_key cache_key api_version otp keyword hotkey`.split(
      /\s+/,
    ),
  )('%s does not', (name) => {
    expect(isSecretName(name)).toBe(false)
  })

  it('answers for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        expect(typeof isSecretName(name)).toBe('boolean')
      }),
    )
  })
})

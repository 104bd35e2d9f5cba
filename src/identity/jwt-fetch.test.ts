import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { jwtIdentity } from './jwt.ts'
import { fetchKeySet } from './jwt-fetch.ts'
import type { KeySetTimes } from './jwt-key-set.ts'
import { OTHER_RSA, optionsOf, RSA, tokenOf } from './tokens.fixture.ts'

const SET = { keys: [{ ...RSA.publicKey.export({ format: 'jwk' }), kid: 'k/1?a=b' }] }
const TOKEN = tokenOf({}, RSA.privateKey, { algorithm: 'RS256', keyid: 'k/1?a=b' })

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A real server on the loopback interface. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`
}

function askerOf(jwks: string, jwksTimes: KeySetTimes = {}) {
  const provider = jwtIdentity(optionsOf({ algorithms: ['RS256'], jwks, jwksTimes }))
  return async (bearer: string): Promise<string> => {
    try {
      return (await provider.identify({ bearer }))?.agent ?? 'nobody'
    } catch (error) {
      const { message } = error as Error
      expect(message).not.toContain('127.0.0.1')
      return message
    }
  }
}

const DOWN = 'the keys of the issuer cannot be had'

describe('keys of a server', () => {
  it('verify, and are fetched once more when the issuer has rotated them', async () => {
    let set: object = SET
    const paths: string[] = []
    const address = await serve((request, response) => {
      paths.push(`${request.method} ${request.url}`)
      response.end(JSON.stringify(set))
    })
    const ask = askerOf(address)
    const before = [await ask(TOKEN), await ask(TOKEN)]
    set = { keys: [{ ...OTHER_RSA.publicKey.export({ format: 'jwk' }), kid: 'next' }] }
    const rotated = tokenOf({}, OTHER_RSA.privateKey, { algorithm: 'RS256', keyid: 'next' })
    const after = [await ask(rotated), await ask(TOKEN)]
    expect({ before, after, paths }).toEqual({
      before: ['support-bot', 'support-bot'],
      after: ['support-bot', 'the token is signed with a key that the issuer does not list'],
      paths: ['GET /jwks.json', 'GET /jwks.json'],
    })
  })

  it('are kept while the server is gone', async () => {
    let isUp = true
    const address = await serve((request, response) => {
      if (isUp) response.end(JSON.stringify(SET))
      else request.destroy()
    })
    const ask = askerOf(address, { ttlMs: 0 })
    const before = await ask(TOKEN)
    isUp = false
    expect([before, await ask(TOKEN)]).toEqual(['support-bot', 'support-bot'])
  })

  it.each<[string, RequestListener]>([
    [
      'elsewhere, by a redirect',
      (request, response) => {
        if (request.url === '/keys') response.end(JSON.stringify(SET))
        else response.writeHead(302, { location: '/keys' }).end()
      },
    ],
    ['with a status of 404', (_, response) => response.writeHead(404).end(JSON.stringify(SET))],
    ['with a status of 201', (_, response) => response.writeHead(201).end(JSON.stringify(SET))],
    ['as no JSON', (_, response) => response.end('<html>')],
    ['empty', (_, response) => response.writeHead(200).end()],
    [
      'larger than any set',
      (_, response) => response.end(JSON.stringify({ ...SET, padding: 'x'.repeat(300_000) })),
    ],
    [
      'without an end',
      (_, response) => {
        const more = (): void => {
          if (!response.destroyed) response.write('x'.repeat(65_536), more)
        }
        more()
      },
    ],
    ['with a first byte and no other', (_, response) => void response.write('{')],
    ['never', () => undefined],
  ])('are not taken when they come %s', async (_, listener) => {
    const ask = askerOf(await serve(listener), { timeoutMs: 200 })
    expect(await ask(TOKEN)).toBe(DOWN)
  })
})

describe('fetchKeySet', () => {
  it.each([
    'https://issuer.example/jwks',
    'http://localhost:1/jwks',
    'http://127.0.0.1/jwks',
    'http://127.9.9.9/jwks',
    'http://[::1]:8080/jwks',
    new URL('https://issuer.example/jwks'),
  ])('takes %s', (address) => {
    expect(() => fetchKeySet(address, fetch)).not.toThrow()
  })

  it.each([
    'http://issuer.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'http://localhost.evil.example/jwks',
    'http://0.0.0.0/jwks',
    'file:///etc/keys.json',
    'data:application/json,{"keys":[]}',
    'https://user:password@issuer.example/jwks',
    '/jwks',
    '',
  ])('refuses `%s`', (address) => {
    expect(() => fetchKeySet(address, fetch)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })

  it('takes no answer of a `fetch` that has followed a redirect', async () => {
    const followed = Object.defineProperty(new Response(JSON.stringify(SET)), 'redirected', {
      value: true,
    })
    const load = fetchKeySet('https://issuer.example/jwks', async () => followed)
    await expect(load(new AbortController().signal)).rejects.toThrow('was not answered')
  })
})

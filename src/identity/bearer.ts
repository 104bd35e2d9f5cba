import type { Credentials } from '../core/model/call.ts'
import { pickHeaders } from './headers.ts'
import { refuse } from './not-authenticated.ts'

const AUTHORIZATION = new Set(['authorization'])
/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/
const HEADER = /^bearer +(\S+)$/i

/**
 * The bearer token of `bearer` or of the `authorization` header; undefined where neither is there.
 * What is there and is no token is refused: it is a bad credential, not a missing one.
 */
export function bearerOf(credentials: Credentials): string | undefined {
  const { bearer } = credentials
  const header = pickHeaders(credentials, AUTHORIZATION).get('authorization')
  const shown = header === undefined ? undefined : fromHeader(header)
  if (bearer === undefined) return shown
  if (typeof bearer !== 'string' || !TOKEN.test(bearer)) return refuse('the bearer is no token')
  if (shown !== undefined && shown !== bearer) refuse('two bearer tokens are given')
  return bearer
}

function fromHeader(header: string): string {
  const token = HEADER.exec(header)?.[1]
  if (token === undefined || !TOKEN.test(token))
    return refuse('header `authorization` is no `Bearer` with one token')
  return token
}

import { ALPHABETS, of, runBefore } from '../alphabet.ts'
import type { FunctionDetector } from '../detector.ts'
import { entropyOf } from '../entropy.ts'
import { isPlaceholder } from './placeholder.ts'

const LONGEST_USER = 256
const STOPS = of(' \t\r\n"\'`<>/\\?#|,;')
const LEAST_PASSWORD = 3

/** Which secret a scheme's password is. */
const KINDS: Readonly<Record<string, string>> = {
  postgres: 'postgres_connection_password',
  postgresql: 'postgres_connection_password',
  mysql: 'mysql_connection_password',
  mariadb: 'mysql_connection_password',
  mongodb: 'mongodb_connection_password',
  'mongodb+srv': 'mongodb_connection_password',
  redis: 'redis_connection_password',
  rediss: 'redis_connection_password',
  amqp: 'amqp_connection_password',
  amqps: 'amqp_connection_password',
  mssql: 'sqlserver_connection_password',
  sqlserver: 'sqlserver_connection_password',
  clickhouse: 'clickhouse_connection_password',
  cockroachdb: 'cockroachdb_connection_password',
  neo4j: 'neo4j_connection_password',
  'neo4j+s': 'neo4j_connection_password',
  ldap: 'ldap_password',
  ldaps: 'ldap_password',
  smtp: 'smtp_password',
  smtps: 'smtp_password',
  ftp: 'ftp_password',
  sftp: 'ftp_password',
}

const OTHER_KIND = 'basic_auth_password'
const USER_KIND = 'url_user_token'

export const WEB_ADDRESS_KINDS: readonly string[] = [
  ...new Set([...Object.values(KINDS), OTHER_KIND, USER_KIND]),
]

/**
 * The password in the user part of a URL; where there is none, a user name that is a token.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
 */
export const WEB_ADDRESS_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: OTHER_KIND,
  // With the scheme's last letter, as `//` and `://` alone may be repeated without meaning.
  keywords: [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `${letter}://`),
  find(text, start, end, report) {
    const { colon, at } = userPart(text, end)
    if (at < 0) return end
    const scheme = text.slice(start - runBefore(SCHEME, text, start, 20), end - 3).toLowerCase()
    const kind = KINDS[scheme] ?? OTHER_KIND
    const user = text.slice(end, colon < 0 ? at : colon)
    const password = colon < 0 ? '' : text.slice(colon + 1, at)
    if (isLikelyToken(user)) report(end, end + user.length, 0.7, USER_KIND)
    if (
      password.length >= LEAST_PASSWORD &&
      !isPlaceholder(password) &&
      password !== 'x-oauth-basic'
    )
      report(colon + 1, at, password === user ? 0.5 : 0.85, kind)
    return at
  },
}

const SCHEME = of('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-')

/** The first `:` and the last `@` before the host ends; -1 where there is none. */
function userPart(text: string, start: number): { colon: number; at: number } {
  const limit = Math.min(text.length, start + LONGEST_USER)
  let colon = -1
  let at = -1
  for (let index = start; index < limit; index++) {
    const code = text.charCodeAt(index)
    if (code > 127 || STOPS[code] === 1) break
    if (code === 64) at = index
    else if (code === 58 && colon < 0) colon = index
  }
  return { colon: colon > at ? -1 : colon, at }
}

function isLikelyToken(user: string): boolean {
  if (user.length < 20 || isPlaceholder(user)) return false
  for (let at = 0; at < user.length; at++)
    if (ALPHABETS.base64url[user.charCodeAt(at)] !== 1) return false
  return /\d/.test(user) && entropyOf(user) > 3
}

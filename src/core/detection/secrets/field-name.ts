/** Whether names of fields, variables, headers and flags say that a secret stands behind them. */

const LONGEST_NAME = 128

/** A segment that says it alone. */
const SECRET_SEGMENTS: ReadonlySet<string> = new Set(
  `password passwords passwd pwd passphrase passcode secret secrets secrete credential credentials
  apikey apikeys apitoken accesskey accesstoken authtoken authkey privatekey secretkey clientsecret
  masterkey signingkey encryptionkey sharedkey accountkey licensekey sessionkey servicekey storagekey
  userpassword dbpassword dbpass userpass rootpassword token jwt bearer authorization mnemonic
  connectionstring sharedaccesskey creds passwort wachtwoord senha contrasena`.split(/\s+/),
)

/** Words that were written as one: `PGPASSWORD`, `appsecret`. */
const RUN_TOGETHER = /..(?:password|passwd|passphrase|secret|apikey|secretkey)$/

/** Two segments that stand side by side. */
const SECRET_PAIRS: ReadonlySet<string> = new Set([
  ...pairs(
    `api access private secret auth encryption encrypt signing sign master account storage service
    license session shared admin insert write hmac ssh deploy deployment webhook app application
    consumer client gpg pgp ssl tls rsa aes des host integration subscription functions function
    browser personal root server crypt salt ingest publish management project cipher decrypt wrapping
    live test prod production sandbox global user`,
    ['key', 'keys'],
  ),
  ...pairs(
    'db database user admin root smtp mail email mysql postgres redis ftp ldap proxy http basic mongo sa dba service',
    ['pass', 'pw'],
  ),
  ...pairs('access auth api refresh bot bearer id session user oauth personal deploy service', [
    'tokens',
  ]),
  'connection string',
  'conn string',
  'conn str',
  'service role',
  'seed phrase',
  'recovery phrase',
  'recovery code',
  'recovery codes',
  'backup codes',
])

/** The last segment tells what of the secret it is, and that it is not the secret. */
const ABOUT: ReadonlySet<string> = new Set(
  `hint policy policies length len min max count counts changed updated created expired at on date time
  expires expiry expiration expire ttl age required enabled disabled type types field fields label
  placeholder strength rule rules url uri endpoint path file filename dir directory name names id ids ref
  reference arn version store manager provider format prefix suffix algorithm alg regex pattern visible
  shown toggle input error errors valid invalid validator validation index limit limits usage budget
  status scope scopes rotation reset forgot change confirmed verified attempts source kind header
  location request response handler service class schema model title message text description help
  column size bits cost price rate used total remaining budget per`.split(/\s+/),
)

/** What makes a `token` a count of words, a place in a list or a piece of grammar. */
const HARMLESS_TOKEN: ReadonlySet<string> = new Set(
  `next page previous prev pagination continuation cursor start end sync max min total num count prompt
  completion input output cached reasoning stop pad eos bos unk special mask sep cls begin first last
  word text parse parser lexer ident identifier symbol keyword operator punctuation syntax design color
  colour theme nft erc20 coin crypto governance idempotency cancellation cancel resume skip change delta
  watermark position csrf xsrf authenticity antiforgery`.split(/\s+/),
)

const HARMLESS_KEY: ReadonlySet<string> = new Set(['public', 'pub', 'publishable', 'publish'])

/**
 * Whether a field of this name holds a secret: `api_key`, `dbPassword`, `X-Auth-Token`. Words count
 * as whole segments of the name, so `author`, `max_tokens`, `password_hint`, `next_page_token` and
 * `public_key` do not. Not memoised.
 */
export function isSecretName(fieldName: string): boolean {
  if (fieldName.length > LONGEST_NAME) return false
  return areSecret(segmentsOf(fieldName))
}

/** The same of a name's segments. */
export function areSecret(segments: readonly string[]): boolean {
  const last = segments.at(-1) ?? ''
  if (last === 'id') return segments.at(-2) === 'secret'
  if (ABOUT.has(last) || segments.some((segment) => HARMLESS_KEY.has(segment))) return false
  return segments.some((segment, at) => saysSecret(segments, segment, at))
}

function saysSecret(segments: readonly string[], segment: string, at: number): boolean {
  if (segment === 'token') return !segments.some((other) => HARMLESS_TOKEN.has(other))
  if (SECRET_SEGMENTS.has(segment) || RUN_TOGETHER.test(segment)) return true
  if (segment === 'pass' && segments.length === 1) return true
  return at > 0 && SECRET_PAIRS.has(`${segments[at - 1]} ${segment}`)
}

function pairs(firsts: string, seconds: readonly string[]): string[] {
  return firsts.split(/\s+/).flatMap((first) => seconds.map((second) => `${first} ${second}`))
}

const OTHER = 0
const SMALL = 1
const CAPITAL = 2
const NUMBER = 3

function kindAt(name: string, at: number): number {
  const code = name.charCodeAt(at)
  if (code >= 97 && code <= 122) return SMALL
  if (code >= 65 && code <= 90) return CAPITAL
  return code >= 48 && code <= 57 ? NUMBER : OTHER
}

/** Lower-case segments of a name in snake, kebab, dotted or camel case; at most the first 128 units. */
export function segmentsOf(name: string): readonly string[] {
  const segments: string[] = []
  const stop = Math.min(name.length, LONGEST_NAME)
  let start = 0
  for (let at = 1; at <= stop; at++) {
    if (at < stop && !beginsSegment(name, at)) continue
    if (kindAt(name, start) !== OTHER) segments.push(name.slice(start, at).toLowerCase())
    start = at
  }
  return segments
}

/** At a unit of another kind; of `apiKey` and `URLPath` at the capital of the second word. */
function beginsSegment(name: string, at: number): boolean {
  const kind = kindAt(name, at)
  const before = kindAt(name, at - 1)
  if (kind !== CAPITAL) return kind !== before && !(kind === SMALL && before === CAPITAL)
  return before !== CAPITAL || kindAt(name, at + 1) === SMALL
}

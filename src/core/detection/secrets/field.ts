import type { FunctionDetector } from '../detector.ts'
import { assignedTo, lastNameEndOf, nameEndOf, nameStartOf } from './assignment.ts'
import { areSecret, segmentsOf } from './field-name.ts'
import { lookAt, valueConfidence } from './value.ts'
import { VENDOR_KEYS, vendorKeyOf } from './vendor.ts'

/** Parts of names long enough to be rare in text that speaks of no secret. */
const NAME_KEYWORDS = [
  ...[
    'passw',
    'passphrase',
    'passcode',
    'pwd',
    'senha',
    'wachtwoord',
    'contrasena',
    '_pass',
    'dbpass',
    'secret',
    'token',
    'credential',
  ],
  ...[
    'apikey',
    'api key',
    '_key',
    '-key',
    '.key',
    'authkey',
    'accesskey',
    'privatekey',
    'signingkey',
  ],
  ...['encryptionkey', 'masterkey', 'accountkey', 'licensekey', 'sharedkey', 'sessionkey'],
  ...['insertkey', 'servicekey', 'appkey', 'userkey', 'adminkey', 'storagekey', '_auth', 'creds'],
  ...['connectionstring', 'connection_string', 'service_role', 'authorization'],
]

const PASSWORD_SEGMENT = /passw|wachtwoord|senha|contrasena|passphrase|passcode|^pwd$|pass$|^pw$/
/** A vendor's name and the length of its keys leave little doubt. */
const VENDOR_CONFIDENCE = 0.88

/**
 * A value under a name that says it is a secret, in JSON, YAML, XML, code, environment files,
 * headers and commands; judged by its look, as the name alone says little.
 */
export const FIELD_DETECTOR: FunctionDetector = {
  class: 'secret',
  kind: 'secret_field',
  keywords: [...new Set([...NAME_KEYWORDS, ...VENDOR_KEYS.map(({ vendor }) => vendor)])],
  find(text, start, end, report) {
    const firstEnd = nameEndOf(text, end)
    const nameEnd = lastNameEndOf(text, firstEnd)
    const anchor = nameEnd === firstEnd ? start : nameEnd - 1
    const value = assignedTo(text, anchor, nameEnd)
    if (value === undefined) return nameEnd
    const look = lookAt(text, value.start, value.end)
    // No name and value of their own can stand inside the quotes of letters.
    if (look !== 'candidate') return look === 'letters' && value.isQuoted ? value.end : nameEnd
    const segments = segmentsOf(text.slice(nameStartOf(text, anchor), nameEnd))
    const content = text.slice(value.start, value.end)
    const vendor = vendorKeyOf(segments, content)
    const isSecret = areSecret(segments)
    if (!isSecret && vendor === undefined) return nameEnd
    const isPassword = isSecret && segments.some((segment) => PASSWORD_SEGMENT.test(segment))
    const confidence = valueConfidence(content, { isPassword, isQuoted: value.isQuoted })
    if (confidence === 0) return nameEnd
    if (vendor === undefined)
      report(value.start, value.end, confidence, kindOf(segments, isPassword))
    else report(value.start, value.end, Math.max(confidence, VENDOR_CONFIDENCE), vendor.kind)
    return Math.max(nameEnd, value.end)
  },
}

export const FIELD_KINDS = [
  'password',
  'client_secret',
  'private_key',
  'token',
  'api_key',
  'secret_field',
] as const

function kindOf(segments: readonly string[], isPassword: boolean): (typeof FIELD_KINDS)[number] {
  if (isPassword) return 'password'
  const has = (segment: string) => segments.includes(segment)
  if (has('client') && has('secret')) return 'client_secret'
  if (has('private')) return 'private_key'
  if (has('token')) return 'token'
  return has('key') || has('apikey') ? 'api_key' : 'secret_field'
}

import { FIELD_KINDS } from '../../../detection/secrets/field.ts'
import type { EventMatch, ResponseEvent } from '../../rule.ts'

/** How sure it is that a response holds a secret, by the surest that it holds. */
export type SecretDoubt =
  /** Of a vendor's own format, a private key or a signed token. */
  | 'none'
  /** Its field's name calls it one, or it stands there as an example. */
  | 'some'
  /** Nothing but unsigned tokens, which let nobody in. */
  | 'harmless'

/**
 * How far the secrets of a response are in doubt; undefined: it holds none.
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-6 unsecured tokens
 */
export function secretDoubt(
  { leaves }: ResponseEvent,
  matches: readonly EventMatch[],
): SecretDoubt | undefined {
  let doubt: SecretDoubt | undefined
  for (const match of matches) {
    if (match.class !== 'secret') continue
    const text = leaves[match.leaf]?.text ?? ''
    const isUnsigned =
      match.kind === 'json_web_token' && !isSigned(text.slice(match.start, match.end))
    if (isUnsigned) doubt ??= 'harmless'
    else if (isBeyondDoubt(match, text)) return 'none'
    else doubt = 'some'
  }
  return doubt
}

function isBeyondDoubt({ kind, confidence, start }: EventMatch, text: string): boolean {
  if (confidence < SURE || IN_NAME_ONLY.has(kind)) return false
  return !EXAMPLE.test(text.slice(Math.max(0, start - BEFORE), start))
}

const SURE = 0.9
/** An example is called so right before it. */
const BEFORE = 60

/** Kinds that go by what stands beside the value. */
const IN_NAME_ONLY: ReadonlySet<string> = new Set([
  ...FIELD_KINDS,
  'bearer_token',
  'basic_auth_header',
  'basic_auth_password',
  'command_line_password',
])

const EXAMPLE =
  /\b(?:example|sample|dummy|fake|placeholder|not (?:a )?(?:valid|real)|invalid|for instance|e\.g\.|beispiel|exemple|ejemplo|esempio|exemplo)\b/i

const SHORTEST_SIGNATURE = 22

/** `alg` is not `none`, and a signature of at least 128 bits follows. */
function isSigned(token: string): boolean {
  const parts = token.split('.', 5)
  if (parts.length === 5) return true
  if ((parts[2]?.length ?? 0) < SHORTEST_SIGNATURE) return false
  return !NONE.test(parts[0]?.slice(0, 128) ?? '')
}

/** `"alg":"none"` in Base64, where it begins the header, in the spellings in use. */
const NONE = /^eyJhbGciOi(?:Jub25l|Jub05F|JOb25l|JOT05F)/

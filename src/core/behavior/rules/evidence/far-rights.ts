import type { JsonValue } from '../../../model/json.ts'
import { wordsOf } from '../../name-words.ts'
import type { RequestEvent } from '../../rule.ts'
import { hasWord, toolWords, wordSet } from './words.ts'

/**
 * What far-reaching right a request gives, by the form of its arguments: a role of an administrator,
 * wildcards for scopes and areas, a credential that never ends, a manifest or a command that does one
 * of these. In words for a message; undefined: none.
 * @see https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html least privilege
 */
export function farRight(event: RequestEvent): string | undefined {
  const byField = rightOfFields(event)
  if (byField !== undefined) return byField
  return takesTexts(event) && givesByText(event) ? 'rights over everything' : undefined
}

const MOST_ARGUMENTS = 64

function rightOfFields(event: RequestEvent): string | undefined {
  const wide = new Set<'act' | 'target'>()
  for (const { key, text } of event.arguments.slice(0, MOST_ARGUMENTS)) {
    const value = text.trim()
    // To ask the value first is cheaper: few look like this.
    if (value.length > LONGEST_VALUE || !FAR.test(value)) continue
    const words = wordsOf(key)
    const right = rightOf(words, value)
    if (right !== undefined) return right
    if (value !== '*') continue
    if (hasWord(words, ACT_WORDS)) wide.add('act')
    if (hasWord(words, TARGET_WORDS)) wide.add('target')
  }
  if (wide.size === 2) return 'rights over everything'
  return neverEnds(event) ? 'a credential that never ends' : undefined
}

function rightOf(words: readonly string[], value: string): string | undefined {
  if (NAMED_HIGH.test(value) || (HIGH.test(value) && hasWord(words, ROLE_WORDS)))
    return 'the rights of an administrator'
  if (EVERYTHING.test(value) && hasWord(words, SCOPE_WORDS)) return 'rights over everything'
  if (EVERYWHERE.test(value) && hasWord(words, AREA_WORDS)) return 'rights to go everywhere'
  return undefined
}

/** What each of the values below has. */
const FAR =
  /\*|admin|owner|root|super|sudo|wheel|full|unrestricted|master|all|every|any|tou[ts]|tod[oa]|tutt|poweruser/i

const LONGEST_VALUE = 96
const ROLE_WORDS = wordSet(
  'role roles group groups profile level access permission permissions policy policies privilege ' +
    'privileges right rights membership authority rank ref grant grants capability capabilities',
)
const SCOPE_WORDS = wordSet(
  'scope scopes permission permissions privilege privileges right rights capability capabilities ' +
    'access grant grants entitlement entitlements',
)
const AREA_WORDS = wordSet(
  'area areas zone zones door doors site sites room rooms building buildings floor floors level ' +
    'levels location locations gate gates clearance',
)
const ACT_WORDS = wordSet('action actions verb verbs operation operations notaction')
const TARGET_WORDS = wordSet('resource resources principal principals apigroups groups object')

/** A role, with what it is of before or behind: `org-admin`, `roles/owner`, `admin:all`. */
const HIGH =
  /^(?:[a-z\d]{1,40}[\s:/._-]){0,3}(?:admin(?:istrator)?s?|owners?|root|super-?_?(?:user|admin)|sudo(?:er)?s?|wheel|full(?:[\s_-]?(?:access|control))?|unrestricted|master|\*)(?:[:._-](?:all|full|\*))?$/i
const NAMED_HIGH =
  /^(?:cluster-admin|system:masters|(?:arn:aws:iam::aws:policy\/)?AdministratorAccess|PowerUserAccess|roles\/owner|Global Administrator|Domain Admins|Enterprise Admins)$/i
const EVERYTHING =
  /^(?:\*|\*[:.]\*|[\w-]{1,40}[:.]\*|all|everything|full|any|alle?s?|tout|todo|tutto)$/i
const EVERYWHERE =
  /^(?:\*|all(?:[\s_-]\w{1,20})?|any|every(?:where|[\s_-]?\w{1,20})?|master|unrestricted|alle|tous|toutes|todas?|tutt[ei])$/i

/** `ttl: never`, `expires_at: null`, of what is made to let somebody in. */
function neverEnds({ call, traits }: RequestEvent): boolean {
  const isCredential =
    traits.has('credential_change') || hasWord(toolWords(call.resource), CREDENTIAL_WORDS)
  if (!isCredential) return false
  return Object.entries(call.arguments)
    .slice(0, MOST_ARGUMENTS)
    .some(([key, value]) => hasWord(wordsOf(key), END_WORDS) && isNever(value))
}

const CREDENTIAL_WORDS = wordSet(
  'token tokens key keys apikey credential credentials pat secret password certificate session badge pass',
)
const END_WORDS = wordSet(
  'ttl expiry expires expire expiration expiring lifetime validity valid until',
)

function isNever(value: JsonValue): boolean {
  if (value === null || value === false || value === 0 || value === -1) return true
  return (
    typeof value === 'string' &&
    /^\s{0,8}(?:never|none|no|null|0|-1|false|infinite|unlimited|permanent|forever|nie|jamais|nunca|mai|нет|никогда)\s{0,8}$/i.test(
      value,
    )
  )
}

/** True where texts of the request are carried out, not only kept. */
function takesTexts({ call, traits }: RequestEvent): boolean {
  if (traits.has('code_exec') || traits.has('admin') || traits.has('privilege_grant')) return true
  return traits.writes && hasWord(toolWords(call.resource), CARRIES_OUT)
}

const CARRIES_OUT = wordSet(
  'apply kubectl manifest policy iam rbac terraform helm exec execute run shell bash command role binding',
)

const MOST_TEXTS = 8
const LONGEST_TEXT = 4_096

function givesByText({ call }: RequestEvent): boolean {
  let left = MOST_TEXTS
  for (const value of Object.values(call.arguments)) {
    if (typeof value !== 'string' || left-- <= 0) continue
    if (GIVES_ALL.test(value.slice(0, LONGEST_TEXT))) return true
  }
  return false
}

const GIVES_ALL =
  /\bcluster-admin\b|\bsystem:masters\b|\bAdministratorAccess\b|\broles\/owner\b|\bNOPASSWD\b|\b(?:usermod|gpasswd|adduser|addgroup)\b[^\n;|&]{0,80}\b(?:sudo|wheel|root|docker|admin)\b|\blocalgroup\s{1,4}administrators?\b|["']?verbs["']?\s{0,4}:\s{0,4}\[\s{0,4}["']\*["']|["']Action["']\s{0,4}:\s{0,4}\[?\s{0,4}["']\*(?::\*)?["']|\b(?:privileged|allowPrivilegeEscalation|hostPID)\s{0,2}:\s{0,4}true\b|\bchmod\s{1,4}(?:-R\s{1,4})?(?:[0-7]?777|[ug]\+s|[2467]\d{3})\b/

import type { Call } from '../../../model/call.ts'
import type { RequestEvent } from '../../rule.ts'
import { hasWord, toolWords, wordSet } from './words.ts'

/** What a call does to rights. */
export type RightsStep =
  /** Takes on another identity, or makes a credential for one. */
  | 'gain'
  /** Gives rights to somebody, or takes them away. */
  | 'grant'

const GAINS = wordSet('login signin authenticate assume impersonate sudo elevate escalate su')
const MAKES = wordSet(
  'create add generate issue mint register upload put new set reset rotate update',
)
const CREDENTIALS = wordSet(
  'key keys token tokens apikey credential credentials password secret ssh certificate session',
)
const GIVES = wordSet(
  'grant promote invite authorize assign attach add set put update change transfer share bind ' +
    'enroll extend unlock elevate',
)
const RIGHTS = wordSet(
  'role roles permission permissions policy policies admin admins owner owners ownership member ' +
    'members collaborator collaborators privilege privileges acl access group groups iam rights badge ' +
    'badges keycard area areas zone zones clearance scope scopes',
)

/** What the call does to rights, by its tags, its verb and its name; undefined: nothing. */
export function rightsStep({ call, traits }: RequestEvent): RightsStep | undefined {
  if (traits.has('privilege_grant') || call.verb === 'admin') return 'grant'
  const words = toolWords(call.resource)
  if (hasWord(words, GIVES) && hasWord(words, RIGHTS)) return 'grant'
  if (words.includes('grant') || words.includes('promote')) return 'grant'
  if (traits.has('credential_change') || hasWord(words, GAINS)) return 'gain'
  if (hasWord(words, MAKES) && hasWord(words, CREDENTIALS)) return 'gain'
  return traits.has('admin') ? 'grant' : undefined
}

const WHOM = wordSet(
  'user username principal member grantee agent subject account identity email assignee ' +
    'collaborator invitee target to name id arn login',
)
/** True where the rights go to the agent itself. */
export function isForItself(event: RequestEvent): boolean {
  const names = ownNames(event.call)
  return event.arguments.some(({ key, text }) => {
    const value = text.trim().toLowerCase()
    if (!names.has(value)) return false
    return key === '' || WHOM.has(lastWord(key))
  })
}

/**
 * True where the task speaks of rights as far-reaching as those that are given, so far as it tells:
 * who asks for a reader has not asked for an owner.
 */
export function taskAsksForFar({ task }: Call): boolean {
  const text = task?.slice(0, LONGEST_TASK)
  if (text === undefined || !SPEAKS_OF_RIGHTS.test(text)) return false
  return SPEAKS_OF_HIGH.test(text) || !SPEAKS_OF_LOW.test(text)
}

const LONGEST_TASK = 16_384
const SPEAKS_OF_RIGHTS =
  /\b(?:admin|owner|role|permission|right|access|scope|token|privilege|sudo|root\b|polic|grant|invit|member|badge|credential|api key|berechtig|rechte|zugang|zugriff|rolle|droit|accès|permis|acceso|rol\b|ruol|accesso|uprawnie|dostęp|yetki|erişim)|права|доступ|роль|权限|権限|アクセス|권한/i
const SPEAKS_OF_HIGH =
  /\b(?:admin|owner|superuser|super user|root\b|sudo|full|all\b|every|everything|unlimited|never|without expir|alle|voll|tous|complet|todo|total)|админ|владел|管理|관리/i
const SPEAKS_OF_LOW =
  /\b(?:read|view|guest|viewer|reader|limited|least|minimal|temporary|triage|member|writer|editor|lese|gast|lecture|lectura|invit[éa]d)|чтени|只读|閲覧|읽기/i

function ownNames({ subject }: Call): ReadonlySet<string> {
  return new Set([subject.agent.toLowerCase(), 'self', 'myself', 'me'])
}

function lastWord(key: string): string {
  return (
    key
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word !== '')
      .at(-1) ?? ''
  )
}

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
  'grant promote invite authorize assign attach add set put update change transfer share',
)
const RIGHTS = wordSet(
  'role roles permission permissions policy policies admin admins owner owners ownership member ' +
    'members collaborator collaborators privilege privileges acl access group groups iam rights',
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
const HIGH =
  /^(?:admin(?:istrator)?s?|owner|root|super-?user|sudo|maintain(?:er)?|write|full(?:[ _-]access)?|\*|[\w:.-]{0,40}administratoraccess)$/i

/** True where the rights go to the agent itself. */
export function isForItself(event: RequestEvent): boolean {
  const names = ownNames(event.call)
  return event.arguments.some(({ key, text }) => {
    const value = text.trim().toLowerCase()
    if (!names.has(value)) return false
    return key === '' || WHOM.has(lastWord(key))
  })
}

/** True where a word of the arguments stands for far-reaching rights. */
export function isHighRight(event: RequestEvent): boolean {
  return event.arguments.some(({ text }) => text.length <= 64 && HIGH.test(text.trim()))
}

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

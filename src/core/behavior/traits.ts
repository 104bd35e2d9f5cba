import type { ResourceEntry } from '../model/call.ts'
import { wordsOf } from './name-words.ts'
import type { Traits } from './rule.ts'

/**
 * What calling a resource does. Tags say it; where the catalogue gives none, the name is asked, and a
 * tool whose name does not say that it only reads is presumed to write. An entry's answer never changes.
 */
export function traitsOf(resource: ResourceEntry): Traits {
  const known = TRAITS.get(resource)
  if (known !== undefined) return known
  const traits = readTraits(resource)
  TRAITS.set(resource, traits)
  return traits
}

// A policy hands out the same entry for the same name.
const TRAITS = new WeakMap<ResourceEntry, Traits>()

const EGRESS_TAGS = ['external_write', 'network_egress', 'public_post']
const SENSITIVE_TAGS = ['destructive', 'payment', 'credential_change', 'privilege_grant', 'admin']
const WRITE_TAGS = [...EGRESS_TAGS, ...SENSITIVE_TAGS, 'internal_write', 'code_exec']
const RESTRICTED_CLASSES = new Set(['restricted', 'confidential', 'secret', 'sensitive', 'private'])

function readTraits(resource: ResourceEntry): Traits {
  const tags = new Set(resource.tags)
  const words = resource.kind === 'tool' ? wordsOf(nameOf(resource)) : []
  const isTagged = (names: readonly string[]): boolean => names.some((name) => tags.has(name))
  const isSilent = !isTagged(WRITE_TAGS)
  // Without a word from the catalogue on what it does, the name is all there is.
  const byName = resource.kind === 'tool' && isSilent && !tags.has('data_source')
  const readsByName = words.some((word) => READS.has(word)) && !words.some((word) => ACTS.has(word))
  const sends = words.some((word) => SENDS.has(word))
  return Object.freeze({
    egress: isTagged(EGRESS_TAGS) || (byName && (sends || (!resource.listed && !readsByName))),
    writes: isTagged(WRITE_TAGS) || (byName && !readsByName),
    restricted: tags.has('restricted') || RESTRICTED_CLASSES.has(resource.payload_class ?? ''),
    sensitive: isTagged(SENSITIVE_TAGS) || (resource.kind === 'tool' && isSensitiveName(words)),
    has: (tag: string) => tags.has(tag),
  })
}

function nameOf({ name, server }: ResourceEntry): string {
  return server !== undefined && name.startsWith(`${server}.`)
    ? name.slice(server.length + 1)
    : name
}

function isSensitiveName(words: readonly string[]): boolean {
  if (words.some((word) => DESTROYS.has(word) || PAYS.has(word))) return true
  if (words.some((word) => READS.has(word))) return false
  const changes = words.some((word) => ACTS.has(word) || CHANGES.has(word))
  return changes && words.some((word) => RIGHTS.has(word))
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const READS = set(
  'get list search find read fetch show view describe query lookup check count preview browse ' +
    'inspect retrieve load select summarize summarise analyze analyse compare calculate compute ' +
    'convert translate validate verify status info help ping history stat head tail cat ls grep',
)
const SENDS = set(
  'send post email mail message publish share upload push forward reply notify tweet comment ' +
    'submit webhook export transmit broadcast invite sms dm respond announce sync',
)
const DESTROYS = set('delete remove drop destroy purge wipe erase truncate terminate shred revoke')
const PAYS = set(
  'pay payment transfer purchase checkout buy charge refund wire withdraw payout donate invest',
)
const CHANGES = set(
  'update set change modify edit create add insert write put patch replace reset rotate enable ' +
    'disable assign attach grant approve accept rename move register install schedule reserve book',
)
const ACTS = new Set([...SENDS, ...DESTROYS, ...PAYS, ...CHANGES, ...set('execute run exec eval')])
const RIGHTS = set(
  'password passwd credential credentials secret token key keys ssh apikey mfa otp permission ' +
    'permissions role roles access acl owner ownership admin collaborator collaborators member ' +
    'members privilege privileges policy sudo account iam user users',
)

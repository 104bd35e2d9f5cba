import type { ResourceEntry } from '../model/call.ts'
import type { Flow } from './flow.ts'
import type { Argument } from './lineage/lineage.ts'
import { wordsOf } from './name-words.ts'
import { type CarryingAddress, carryingAddresses } from './payload/carrying-addresses.ts'
import type { Destination, Traits } from './rule.ts'

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

/** Looks up what stands in some arguments of a request. */
export type FlowsIn = (args: readonly Argument[]) => readonly Flow[]

/**
 * What a request does, not only its tool. One that reads sends data out where it has an address say it:
 * a stranger's host is asked for a page that is named by a secret, or by what is restricted.
 */
export function requestTraits(
  resource: ResourceEntry,
  args: readonly Argument[],
  destinations: readonly Destination[],
  flowsIn: FlowsIn,
): Traits {
  const traits = traitsOf(resource)
  if (traits.egress) return traits
  const sends = carryingAddresses(args).some(
    (address) =>
      leadsToStranger(address, destinations) &&
      flowsIn(address.carried).some((flow) => isMoved(flow, resource, address)) &&
      !isGiven(address.text, flowsIn),
  )
  return sends ? Object.freeze({ ...traits, egress: true }) : traits
}

/** The server of a resource is one, as far as it did not give the data itself. */
function leadsToStranger({ host }: CarryingAddress, destinations: readonly Destination[]): boolean {
  if (host === undefined) return true
  const place = destinations.find(({ text }) => text === host)
  return place === undefined || place.denied || !(place.known || place.allowed)
}

function isMoved(
  { kind, length, origin, role, trusted }: Flow,
  { server }: ResourceEntry,
  { host }: CarryingAddress,
): boolean {
  if (trusted) return false
  if (kind === 'secret') return true
  if (!origin.restricted) return false
  // What a server gave to find a record by, it gets back; and a record's name is made of such.
  const isReturned = server !== undefined && origin.server === server
  const isName = isReturned || (host === undefined && role === 'identifier')
  return !(isName && kind === 'value' && length <= LONGEST_IDENTIFIER)
}

const LONGEST_IDENTIFIER = 64

/** An address that is followed as it was given carries nothing but itself. */
function isGiven(address: string, flowsIn: FlowsIn): boolean {
  const whole: Argument = { key: '', text: address, record: 1, kind: 'field', role: 'content' }
  // Flows count letters and digits, those beyond ASCII by their bytes.
  const units = address.match(/[a-z\d]/gi)?.length ?? 0
  const wide = address.match(/[^\x00-\x7f]/g)?.length ?? 0
  return flowsIn([whole]).some(
    ({ kind, encoded, length }) =>
      kind === 'value' && encoded.length === 0 && length >= units + 3 * wide,
  )
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
  // What a tool says of itself answers nothing: else one more tag would make it look harmless.
  const isSaid = (tag: string): boolean => tags.has(tag) && !resource.claimed?.includes(tag)
  const isSilent = !WRITE_TAGS.some(isSaid)
  // Without a word from the catalogue on what it does, the name is all there is.
  const byName = resource.kind === 'tool' && isSilent && !isSaid('data_source')
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

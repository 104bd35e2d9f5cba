import type { ArgumentRole } from '../flow.ts'
import { nameSegments } from './name-segments.ts'

const words = (text: string): readonly string[] => text.split(' ')

/** Who or what is written to. */
const DESTINATIONS =
  'to cc bcc recipient recipients receiver receivers addressee addressees email emails mail mails url urls uri uris link links href host hosts hostname domain domains endpoint endpoints webhook webhooks callback redirect iban bic swift account accounts acct payee beneficiary channel channels room chat conversation repo repos repository repositories collaborator collaborators participant participants attendee attendees invitee invitees guest guests subscriber subscribers mention mentions dest destination destinations target targets address addresses owner phone telephone tel mobile fax msisdn bucket remote proxy upstream peer handle wallet assignee assignees reviewer reviewers'
/** Where a write puts things; what a read asks for. */
const PLACES =
  'path paths dir dirs directory directories folder folders file files filename filepath filenames foldername dirname'
const CONTENTS =
  'body bodies text texts message messages msg content contents description descriptions desc comment comments subject subjects title titles headline caption amount amounts sum note notes memo remark remarks data payload blob attachment attachments attached value values html markdown md json xml csv form header headers cookie cookies summary details detail reason feedback review answer reply response question prompt query q search sql statement command cmd code script snippet patch diff input inputs password passwd pwd passphrase secret secrets key keys credential credentials params parameters variables metadata report post tweet about bio signature fields record records'
const IDENTIFIERS =
  'id ids uid uuid guid oid pk page pages limit offset cursor count size n k top skip sort order direction filter mode type kind category format encoding lang language locale currency unit units flag flags enabled recursive force verbose date dates day days month year time times timestamp start end since until before after from sender source origin status state priority level version revision branch ref tag tags quantity qty min max rating token otp pin nonce session timeout retries index position row column line lines limit color colour permission permissions role scope visibility timezone tz city country region zip postcode zipcode symbol'
/** The last word of a name that says nothing by itself: the one in front of it tells. */
const FILLERS =
  'name names number numbers no num nr list lists array field string str value values id ids address addresses uri url arn code set group groups item items label line lines'
/** Names of people: who is let in, or who one is. */
const PEOPLE =
  'user users username usernames member members person people login contact contacts customer client friend friends team'

const ROLES = new Map<string, ArgumentRole>()
for (const [list, role] of [
  [IDENTIFIERS, 'identifier'],
  [CONTENTS, 'content'],
  [DESTINATIONS, 'destination'],
] as const)
  for (const word of words(list)) ROLES.set(word, role)

const PLACE_WORDS = new Set(words(PLACES))
const FILLER_WORDS = new Set(words(FILLERS))
const PEOPLE_WORDS = new Set(words(PEOPLE))
const ID_WORDS = new Set(words('id ids uid uuid'))
/** Their ids are addresses: what is sent arrives there. */
const ADDRESSED = new Set(
  words(
    'to recipient recipients receiver receivers channel channels chat room conversation account payee beneficiary participant participants attendee attendees collaborator owner',
  ),
)

/** What the name of an argument says about it; `place` and `person` depend on what the tool does. */
export type NamedRole = ArgumentRole | 'place' | 'person'

/** The part that an argument of this name plays in a request; undefined where the name does not tell. */
export function roleOfName(name: string): NamedRole | undefined {
  const segments = nameSegments(name)
  for (let index = segments.length - 1; index >= 0; index--) {
    const role = roleOfSegment(segments, index)
    if (role !== undefined) return role
  }
  return undefined
}

function roleOfSegment(segments: readonly string[], index: number): NamedRole | undefined {
  const word = segments[index] ?? ''
  const before = segments[index - 1]
  if (before !== undefined && ID_WORDS.has(word))
    return ADDRESSED.has(before) ? 'destination' : 'identifier'
  if (before !== undefined && FILLER_WORDS.has(word)) {
    const role = roleOfSegment(segments, index - 1)
    if (role !== undefined) return role
  }
  if (PLACE_WORDS.has(word)) return 'place'
  if (PEOPLE_WORDS.has(word)) return 'person'
  return ROLES.get(word)
}

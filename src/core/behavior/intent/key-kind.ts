import type { Leaf } from '../payload/leaf.ts'

/** Longest identifier, in UTF-16 units. */
const MAX_ID = 80

/** What a field's name says, as bits. */
export const KEY = { id: 1, name: 2, author: 4, title: 8, query: 16 } as const
export type KeyKind = (key: string) => number
const MAX_KEYS = 1_024

const AUTHOR_KEY =
  /^(?:from|sender|author|owner|owner_?(?:name|username)?|user|user_?name|by|creator|created_?by|posted_?by|sent_?by|reporter|name|title|subject|file_?name|file|path|channel|source|organizer|requester|submitted_?by|login|display_?name)$/i
const TITLE_KEY = /^(?:title|subject|name|file_?name|topic|summary|label)$/i

const ID_KEY =
  /(?:^|[_\s-])(?:id|ids|uid|uuid|sku|key|number|no|code|ref|reference)_?$|(?:Id|ID|Ids|IDs|Sku|Number|Code)$/i
const NAME_KEY =
  /^(?:\w{1,24}[_\s-])?(?:name|title|label|subject|file_?name|product|item|summary)$|Name$|Title$/i

/** What was searched for points at nothing: anybody can be found with it. */
const QUERY_KEY = /query|search|^q$|term|keyword|text|categor|filter|pattern/i

/** Reads each name once: records have the same ones again and again. */
export function createKeyKind(): KeyKind {
  const kinds = new Map<string, number>()
  return (key) => {
    const known = kinds.get(key)
    if (known !== undefined) return known
    const kind =
      (ID_KEY.test(key) ? KEY.id : 0) |
      (NAME_KEY.test(key) ? KEY.name : 0) |
      (AUTHOR_KEY.test(key) ? KEY.author : 0) |
      (TITLE_KEY.test(key) ? KEY.title : 0) |
      (QUERY_KEY.test(key) ? KEY.query : 0)
    if (kinds.size >= MAX_KEYS) kinds.clear()
    kinds.set(key, kind)
    return kind
  }
}

/** The field is the identifier of its record. */
export function isId({ key, text }: Leaf, keyKind: KeyKind): boolean {
  return (keyKind(key) & KEY.id) !== 0 && canBeId(text)
}

/** Short, and one word. */
export function canBeId(text: string): boolean {
  return text.length <= MAX_ID && !text.includes(' ')
}

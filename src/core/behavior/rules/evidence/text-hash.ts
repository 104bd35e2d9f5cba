/**
 * A 32-bit number that tells texts apart within a session: FNV-1a over UTF-16 units. Not for secrets:
 * who knows the texts that are possible can find out which it was.
 * Of a text of more than `most` units only the ends and the length count.
 * @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
 */
export function textHash(text: string, seed = 0, most = Number.POSITIVE_INFINITY): number {
  let hash = 0x811c9dc5 ^ seed
  const length = text.length
  const end = length > most ? most >> 1 : length
  for (let index = 0; index < end; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  if (end < length) {
    for (let index = length - end; index < length; index++)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
    hash = Math.imul(hash ^ length, 0x01000193)
  }
  return hash >>> 0
}

/** The same number for the same fields in any order. */
export function fieldsHash(
  fields: readonly { readonly key: string; readonly text: string }[],
  seed = 0,
  most = Number.POSITIVE_INFINITY,
): number {
  let sum = seed
  for (const { key, text } of fields) sum = (sum + textHash(text, textHash(key), most)) | 0
  return sum >>> 0
}

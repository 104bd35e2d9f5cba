import type { Argument } from './lineage.ts'

/** Several arguments in a row that may be pieces of one encoded text. */
export interface Joined {
  /** Number of the first of them. */
  readonly first: number
  readonly argument: Argument
}

const FEWEST = 3
/** Fewer units are no encoded text. */
const SHORTEST = 16
const PIECE = /^[\w+/=-]{1,64}$/
/** A byte: a character by its code. */
const CODE = /^\d{1,3}$/
const CODED = /[a-z][A-Z]|\d[a-zA-Z]|[a-zA-Z]\d/

/**
 * The members of lists and objects joined in their order, where they may be the pieces of an encoded
 * text or the codes of its characters. Pieces that are not encoded are found without.
 */
export function joinedArguments(args: readonly Argument[]): readonly Joined[] {
  const found: Joined[] = []
  for (let first = 0; first < args.length; ) {
    let end = first
    while (end < args.length && PIECE.test(args[end]?.text ?? '')) end++
    const joined = end - first < FEWEST ? undefined : joinedOf(args.slice(first, end))
    if (joined !== undefined) found.push({ first, argument: joined })
    first = end + 1
  }
  return found
}

function joinedOf(pieces: readonly Argument[]): Argument | undefined {
  // An address or a number of an account may stand before a list, and is none of its members.
  const row = pieces.filter(({ role }) => role !== 'destination')
  const [first] = row
  if (first === undefined || row.length < FEWEST) return undefined
  const codes = row.filter(({ text }) => CODE.test(text))
  const isCodes = 2 * codes.length > row.length
  const texts = (isCodes ? codes : row).map(({ text }) => text)
  const text = texts.join(isCodes ? ' ' : '')
  if (text.length < SHORTEST || !(isCodes || CODED.test(text))) return undefined
  const role = row.some((one) => one.role === 'content') ? 'content' : first.role
  return { key: first.key, text, record: first.record, kind: 'field', role }
}

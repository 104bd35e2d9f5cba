import { ALPHABETS, type Alphabet, type AlphabetName } from '../../core/detection/alphabet.ts'
import { SECRET_FORMATS } from '../../core/detection/secrets/detectors.ts'

/** What may stand at each place of a value; undefined: what tells its kind, and stays. */
export type Places = readonly (Alphabet | undefined)[]

const RUN = /\{(\w+):(\d+)(\+|-\d+)?\}/g

/** By the format of secrets that a value has; undefined where it has none of its kind's. */
export function placesOf(value: string, kind: string): Places | undefined {
  for (const [name, shapes] of SECRET_FORMATS) {
    if (name !== kind) continue
    for (const shape of shapes) {
      const places = placesIn(value, shape)
      if (places !== undefined) return places
    }
  }
  return undefined
}

function placesIn(value: string, shape: string): Places | undefined {
  const alphabets: (Alphabet | undefined)[] = []
  let pattern = ''
  let from = 0
  const literal = (text: string): void => {
    if (text === '') return
    pattern += `(${text.replace(/[^\w]/g, '\\$&')})`
    alphabets.push(undefined)
  }
  for (const run of shape.matchAll(RUN)) {
    const [whole, name, least = '1', most = ''] = run
    literal(shape.slice(from, run.index))
    from = run.index + whole.length
    const alphabet = ALPHABETS[name as AlphabetName] // formats name no other
    const bound = most === '+' ? ',' : most.replace('-', ',')
    pattern += `([${membersOf(alphabet)}]{${least}${bound}})`
    alphabets.push(alphabet)
  }
  literal(shape.slice(from))
  const found = new RegExp(`^${pattern}$`, 'i').exec(value)
  if (found === null) return undefined
  return found
    .slice(1)
    .flatMap((part, index) => Array.from({ length: part.length }, () => alphabets[index]))
}

function membersOf(alphabet: Alphabet): string {
  const units = [...alphabet.keys()].filter((code) => alphabet[code] === 1)
  return units.map((code) => `\\x${code.toString(16).padStart(2, '0')}`).join('')
}

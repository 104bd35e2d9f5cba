import { wordsOf } from '../../core/behavior/name-words.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { isObject } from '../host.ts'
import type { Definition } from './definition.ts'

export interface NamedDefinition {
  readonly tool: string
  readonly definition: Definition
}

/** Tools of either kind that are compared; those of a list that changes are few. */
const MAX_COMPARED = 128
const MAX_WORDS = 256
/** Fewer words say too little to be known again by. */
const LEAST_WORDS = 4
const MOST_OF_THEM = 0.75

/** Which of the new tools says most of what a tool said that is gone. */
export function renamedTools(
  gone: readonly NamedDefinition[],
  fresh: readonly NamedDefinition[],
): readonly { readonly from: string; readonly to: string }[] {
  if (gone.length === 0 || fresh.length === 0) return []
  const old = gone.slice(0, MAX_COMPARED).map((one) => ({ tool: one.tool, words: wordsIn(one) }))
  return fresh.slice(0, MAX_COMPARED).flatMap((one) => {
    const words = wordsIn(one)
    const [best] = old
      .map(({ tool, words: before }) => ({ from: tool, share: shareOf(before, words) }))
      .sort((left, right) => right.share - left.share)
    return best !== undefined && best.share >= MOST_OF_THEM
      ? [{ from: best.from, to: one.tool }]
      : []
  })
}

function shareOf(before: ReadonlySet<string>, after: ReadonlySet<string>): number {
  if (before.size < LEAST_WORDS) return 0
  let both = 0
  for (const word of before) if (after.has(word)) both++
  return both / before.size
}

/** Words of the name, the description and the names of arguments. */
function wordsIn({ tool, definition: { parts } }: NamedDefinition): ReadonlySet<string> {
  const { description, inputSchema } = parts
  const said = typeof description === 'string' ? description.slice(0, 512) : ''
  const words = [tool, said, ...argumentsOf(inputSchema)].flatMap(wordsOf)
  return new Set(words.slice(0, MAX_WORDS))
}

function argumentsOf(schema: JsonValue | undefined): readonly string[] {
  const properties = isObject(schema) ? schema['properties'] : undefined
  return isObject(properties) ? Object.keys(properties).slice(0, 64) : []
}

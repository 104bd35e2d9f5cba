import { seeded } from '../../core/routing/cost/seeded.ts'
import type { Task } from '../../core/routing/words.ts'
import { PARTS } from './phrase-parts.ts'
import { PHRASES } from './phrases.ts'

/** Prompts of each task, made of phrases: enough to show a word in many places. */
const PROMPTS_PER_PHRASE = 6

/**
 * Prompts of our own making, so that the classifier has seen tasks and languages that benchmarks lack.
 * The same every time.
 */
export function ownPrompts(): { readonly prompt: string; readonly task: Task }[] {
  const random = seeded(7)
  return PHRASES.flatMap(({ task, phrases }) =>
    phrases.flatMap((phrase) =>
      Array.from({ length: phrase.includes('{') ? PROMPTS_PER_PHRASE : 1 }, () => ({
        prompt: fill(phrase, random),
        task,
      })),
    ),
  )
}

function fill(phrase: string, random: () => number): string {
  return phrase.replace(/\{(\w+)\}/g, (_slot, name: string) => {
    const parts = PARTS[name]
    if (parts === undefined) throw new Error(`no parts for the slot \`${name}\``)
    return parts[Math.floor(random() * parts.length)] ?? ''
  })
}

import type { Call } from '../../../model/call.ts'
import { wordsOf } from '../../name-words.ts'
import { toolWords, wordSet } from './words.ts'

/**
 * True where the user's task speaks of what the tool is for: half of the words of its name, less its
 * server's and those that many tools share, begin words of the task. False without a task.
 */
export function taskSpeaksOf({ task: text, resource }: Call): boolean {
  const task = text?.slice(0, LONGEST_TASK).toLowerCase()
  if (task === undefined || task === '') return false
  const words = toolWords(resource).filter((word) => word.length >= 3)
  const server = new Set(wordsOf(resource.server ?? ''))
  const telling = words.filter((word) => !COMMON.has(word) && !server.has(word))
  const wanted = telling.length > 0 ? telling : words
  const spoken = wanted.filter((word) => beginsWord(task, stemOf(word))).length
  return spoken > 0 && 2 * spoken >= wanted.length
}

/** True where the task holds the text, or a name of at least four characters that it ends with. */
export function taskNames(call: Call, text: string, name: string): boolean {
  const task = call.task?.slice(0, LONGEST_TASK)
  if (task === undefined) return false
  return (text.length >= 4 && task.includes(text)) || (name.length >= 4 && task.includes(name))
}

const LONGEST_TASK = 16_384

// Verbs and nouns that say nothing of what is done to what.
const COMMON = wordSet(
  'add all apply call change create data do edit execute fetch find get id info item items ' +
    'list make new of open perform post put read run save set send service show start stop ' +
    'submit system the to tool update use user value with write account',
)

const ENDINGS = ['ations', 'ation', 'ings', 'ing', 'ions', 'ion', 'ies', 'es', 'ed', 's', 'e', 'y']

// Crude on purpose: a word that is cut too short only keeps a question from being asked.
function stemOf(word: string): string {
  for (const ending of ENDINGS)
    if (word.length - ending.length >= 4 && word.endsWith(ending))
      return word.slice(0, -ending.length)
  return word
}

function beginsWord(text: string, stem: string): boolean {
  for (let at = text.indexOf(stem); at >= 0; at = text.indexOf(stem, at + 1))
    if (at === 0 || !isLetter(text.charCodeAt(at - 1))) return true
  return false
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122
}

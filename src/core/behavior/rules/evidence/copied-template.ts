import { wordsOf } from '../../name-words.ts'
import type { RequestEvent } from '../../rule.ts'
import { hasWord, toolWords, wordSet } from './words.ts'

/**
 * Paths that a request fills from their own template, as `cp .env.sample .env` does: nothing of what
 * they held is read. Each copy is named once; whoever names the path again does more with it.
 */
export function filledFromTemplate(event: RequestEvent): readonly string[] {
  const found: string[] = []
  if (hasWord(toolWords(event.call.resource), COPIES)) addPair(event, found)
  for (const { text } of event.arguments) {
    if (!HAS_TEMPLATE.test(text.slice(0, LONGEST))) continue
    for (const part of text.slice(0, LONGEST).split(/[;&|\n]{1,4}/, MOST_PARTS)) {
      const [, from = '', to = ''] = COPY.exec(part) ?? []
      if (isTemplateOf(from, to)) found.push(to)
    }
  }
  return found
}

const LONGEST = 4_096
const MOST_PARTS = 64
const HAS_TEMPLATE = /example|sample|template|dist|default/i
const COPIES = wordSet('copy cp duplicate')
const COPY =
  /^\s{0,16}(?:sudo )?(?:cp|copy|mv|copy-item)\s{1,8}(?:-{1,2}\w{1,24}\s{1,8}){0,4}["']?([^\s"'`$<>()]{1,512})["']?\s{1,8}["']?([^\s"'`$<>()]{1,512})["']?\s{0,16}$/i

function addPair({ arguments: given }: RequestEvent, found: string[]): void {
  const from = given.find(({ key }) => hasWord(wordsOf(key), FROM))?.text
  const to = given.find(({ key }) => hasWord(wordsOf(key), TO))?.text
  if (from !== undefined && to !== undefined && isTemplateOf(from, to)) found.push(to)
}

const FROM = wordSet('source src from old')
const TO = wordSet('destination dest dst target to new')

function isTemplateOf(from: string, to: string): boolean {
  const name = nameOf(to)
  const plain = nameOf(from).replace(SUFFIX, '').replace(PREFIX, '')
  return name !== '' && nameOf(from) !== plain && plain === name
}

const SUFFIX = /[._-](?:example|sample|template|dist|defaults?)(?=$|\.)/i
const PREFIX = /^(?:example|sample|template|default)[._-]/i

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}

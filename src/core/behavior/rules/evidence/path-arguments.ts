import { byName } from '../../by-name.ts'
import type { Argument } from '../../lineage/lineage.ts'
import type { RequestEvent } from '../../rule.ts'

/** A path that a request names. */
export interface NamedPath {
  readonly text: string
  /** It is the path of a URL: which file that is, is the server's to say. */
  readonly isUrl: boolean
  /** What the request says its paths start from. */
  readonly base: string | undefined
}

const MOST_PATHS = 256
const LONGEST_PATH = 4096
/** Words of a command line that are looked at. */
const MOST_WORDS = 256

/** The paths of a request, wherever they stand: fields, lists, and words of command lines. */
export function pathsIn(event: RequestEvent): readonly NamedPath[] {
  const found: NamedPath[] = []
  let host: Argument | undefined
  for (const argument of event.arguments) {
    // Arguments have the parts of a URL one after another, its host first.
    if (WEB_HOST.test(argument.text)) host = argument
    else if (host !== undefined && host.key === argument.key) addUrlPath(argument.text, found)
    else {
      host = undefined
      addArgument(argument, event, found)
    }
  }
  const base = event.arguments.find(isBase)?.text
  return base === undefined ? found : found.map((path) => ({ ...path, base }))
}

function addUrlPath(text: string, found: NamedPath[]): void {
  if (text.startsWith('/') && found.length < MOST_PATHS)
    found.push({ text: text.slice(0, LONGEST_PATH), isUrl: true, base: undefined })
}

function addArgument(argument: Argument, { traits }: RequestEvent, found: NamedPath[]): void {
  if (isCommand(argument, traits.has('code_exec'))) addWords(argument.text, found)
  else if (isPath(argument, traits.has('filesystem'))) add(argument.text, found)
}

const WEB_HOST = /^(?!file:)[a-z][a-z\d+.-]{1,20}:\/\/[^/\\?#]{0,1024}$/i
// Names are told by how they end: this is asked of every argument of every call.
const PATH_KEY =
  /(?:path|file|filename|dir|directory|directorie|folder|src|dst|dest|destination|source|target|location|uri|root|cwd|attachment)s?$/i
const BASE_KEY =
  /^(?:(?:project|repo|work(?:ing|space)?)[_-]?)?(?:root|base|cwd|dir|path|workspace)(?:[_-]?(?:dir|path|directory|folder))?$/i
const COMMAND_KEY = /(?:command|cmd|shell|script|code|argv|args)s?$/i
const TEXT_KEY =
  /(?:content|text|body|message|data|subject|title|description|query|pattern|comment|reason)s?$/i

const PATH = 1
const BASE = 2
const COMMAND = 4
const TEXT = 8

const kindOfKey = byName(
  (key) =>
    (PATH_KEY.test(key) ? PATH : 0) |
    (BASE_KEY.test(key) && !/^(?:path|dir)$/i.test(key) ? BASE : 0) |
    (COMMAND_KEY.test(key) ? COMMAND : 0) |
    (TEXT_KEY.test(key) ? TEXT : 0),
)

// `path` and `dir` by themselves are what is looked for, not what it starts from.
function isBase({ key, text }: Argument): boolean {
  return (kindOfKey(key) & BASE) !== 0 && isShort(text)
}

function isShort(text: string): boolean {
  return text !== '' && text.length <= LONGEST_PATH
}

function isCommand({ key, kind, text }: Argument, runsCode: boolean): boolean {
  if ((kindOfKey(key) & COMMAND) !== 0) return true
  return runsCode && (kind === 'prose' || text.includes(' '))
}

function isPath({ key, kind, text }: Argument, isFileTool: boolean): boolean {
  if (!isShort(text) || text.includes('\n')) return false
  if ((kindOfKey(key) & PATH) !== 0) return true
  if (kind !== 'field') return false
  if ((kindOfKey(key) & TEXT) !== 0) return /^[^\s]{0,64}\.\.[/\\%]/.test(text)
  return isFileTool || (MAY_BE_A_PATH.test(text) && LIKE_A_PATH.test(text))
}

const MAY_BE_A_PATH = /[/\\]|^[.%0~]/
const LIKE_A_PATH =
  /^(?:[/\\~]|\.{1,8}[/\\%]|[a-z]:[/\\]|file:|%2e|%252e|0x2e|%c0|[a-z0-9+]{2,12}:\/\/[^\s]{0,2000}(?:\.\.|%2e))|^[^\s]{0,200}[/\\]\.\.(?:[/\\]|$)/i

function add(text: string, found: NamedPath[]): void {
  if (found.length >= MOST_PATHS) return
  const isUrl = /^(?!file:)[a-z][a-z0-9+.-]{1,11}:\/\//i.test(text)
  found.push({ text, isUrl, base: undefined })
}

// A word of a command is a path where it has a separator, or begins like one or like a hidden file.
function addWords(text: string, found: NamedPath[]): void {
  const words = text.slice(0, 4 * LONGEST_PATH).split(/[\s"'`;|&<>()=,{}$]+/, MOST_WORDS)
  for (const word of words)
    if (word.length > 1 && word.length <= LONGEST_PATH && /^[.~]|[/\\]|%2f|%5c/i.test(word))
      add(word.replace(/^@/, ''), found)
}

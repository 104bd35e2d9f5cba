import type { JsonValue } from '../../model/json.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView } from '../rule.ts'
import { byEvent } from './evidence/by-event.ts'
import { filledFromTemplate } from './evidence/copied-template.ts'
import { keyedTexts } from './evidence/keyed-texts.ts'
import { numberIn, numbersIn, withNumbers } from './evidence/memory.ts'
import { type NamedPath, pathsIn } from './evidence/path-arguments.ts'
import { isTraversal } from './evidence/path-judgement.ts'
import { type Walk, walkPath } from './evidence/path-walk.ts'
import { type SensitivePath, sensitivePath } from './evidence/sensitive-path.ts'
import { taskNames } from './evidence/task-words.ts'
import { textHash } from './evidence/text-hash.ts'
import { quoted } from './evidence/wording.ts'

/**
 * Files are reached for step by step: a path that climbs out of where it begins, in whatever
 * encoding; a file that holds credentials or the system's own data; one folder after another up to
 * the top. What the task names is only noted.
 * @see https://attack.mitre.org/techniques/T1083/ file and directory discovery
 * @see https://attack.mitre.org/techniques/T1552/001/ credentials in files
 * @see https://cwe.mitre.org/data/definitions/22.html path traversal
 */
export const filesystemTraversalSequence: Rule = {
  id: 'filesystem_traversal_sequence',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const seen = seenPaths(event)
    if (seen.length === 0) return undefined
    return (
      sensitiveFinding(seen, event, view) ??
      traversalFinding(seen, event, view) ??
      climbFinding(seen, event, view)
    )
  },
  remember(event, view): JsonValue | undefined {
    if (event.direction !== 'request') return undefined
    const seen = seenPaths(event)
    if (seen.length === 0) return undefined
    const climb = climbWith(seen, view.memory)
    const sensitive = seen.filter(({ kind }) => kind !== undefined).map(({ id }) => id)
    return {
      ...climb,
      sensitive: withNumbers(numbersIn(view.memory, 'sensitive'), sensitive, MOST_SENSITIVE),
    }
  },
}

const MOST_SENSITIVE = 32
/** So many sensitive files are a search. */
const MANY_SENSITIVE = 3

interface SeenPath {
  readonly path: NamedPath
  readonly walk: Walk
  readonly kind: SensitivePath | undefined
  /** Stands for where it leads. */
  readonly id: number
}

const seenPaths = byEvent((event): readonly SeenPath[] => {
  const paths = pathsIn(event)
  return paths.length === 0 ? NO_PATHS : readPaths(paths, event)
})

const NO_PATHS: readonly SeenPath[] = []

/** Units of encoded paths that are decoded for one request: honest ones have a few. */
const MOST_ENCODED = 8192

function readPaths(paths: readonly NamedPath[], event: RequestEvent): readonly SeenPath[] {
  let left = MOST_ENCODED
  const filled = [...filledFromTemplate(event)]
  return paths.map((path) => {
    if (path.text.includes('%') || path.text.includes('0x')) left -= path.text.length
    const walk = walkPath(path.text, left >= 0)
    const found = path.isUrl ? undefined : sensitivePath(walk.names)
    const at = found === 'credentials' ? filled.indexOf(path.text) : -1
    if (at >= 0) filled.splice(at, 1)
    const isHarmless = at >= 0 || (found === 'persistence' && !event.traits.writes)
    const kind = isHarmless ? undefined : found
    return { path, walk, kind, id: textHash(walk.names.join('/')) }
  })
}

function sensitiveFinding(
  seen: readonly SeenPath[],
  event: RequestEvent,
  view: RuleView,
): RuleFinding | undefined {
  const found = seen.filter(({ kind }) => kind !== undefined)
  const first = found[0]
  if (first === undefined) return undefined
  const all = withNumbers(
    numbersIn(view.memory, 'sensitive'),
    found.map(({ id }) => id),
    MOST_SENSITIVE,
  )
  const isSearch = all.length >= MANY_SENSITIVE
  const isAsked = found.every(({ path, walk }) =>
    taskNames(event.call, path.text, walk.names.at(-1) ?? ''),
  )
  const tool = quoted(event.call.resource.name)
  return {
    rule: 'filesystem_traversal_sequence',
    severity: isSearch ? 'critical' : 'high',
    confidence: isAsked ? 0.6 : 0.95,
    message: `${tool} names ${WORDS[first.kind ?? 'system']}${isSearch ? `, the ${all.length}th such file of the session` : ''}${isAsked ? ', as the task does' : ''}`,
    trigger: event.number,
    sources: [event.number],
    action: isAsked && !isSearch ? 'warn' : 'ask',
    score: isAsked ? 15 : 70,
    cause: `${event.call.resource.name}>${keyedTexts(found.map(nameOf))}`,
  }
}

function nameOf({ walk }: SeenPath): string {
  return walk.names.join('/')
}

const WORDS: Readonly<Record<SensitivePath, string>> = {
  credentials: 'a file that holds credentials',
  system: "one of the system's own files",
  persistence: 'a file that is run by itself',
}

function traversalFinding(
  seen: readonly SeenPath[],
  event: RequestEvent,
  _view: RuleView,
): RuleFinding | undefined {
  const found = seen.find((one) => isTraversal(one.walk) || leavesBase(one))
  if (found === undefined) return undefined
  const how = found.walk.isDisguised ? ', in a form that hides it' : ''
  return {
    rule: 'filesystem_traversal_sequence',
    severity: 'high',
    confidence: found.walk.isDisguised ? 0.9 : 0.8,
    message: `${quoted(event.call.resource.name)} names a path that climbs out of where it begins${how}`,
    trigger: event.number,
    sources: [event.number],
    action: 'warn',
    score: 50,
    cause: `climb>${keyedTexts([nameOf(found)])}`,
  }
}

// Where the request says what its paths start from, one level above that is out.
function leavesBase({ path, walk }: SeenPath): boolean {
  return path.base !== undefined && path.base !== path.text && !walk.isAbsolute && walk.exits > 0
}

/** A folder, the one that holds it, and the one that holds that: so many make a climb. */
const CLIMB = 3
const MOST_ABOVE = 16
const TOPS: ReadonlySet<string> = new Set(
  '|etc|root|home|var|proc|usr|users|c:|c:/users|c:/windows|windows|mnt|opt|srv'.split('|'),
)

function climbFinding(
  seen: readonly SeenPath[],
  event: RequestEvent,
  view: RuleView,
): RuleFinding | undefined {
  const { steps } = climbWith(seen, view.memory)
  const last = seen.at(-1)
  if (steps < CLIMB || last === undefined || !TOPS.has(folderOf(last.walk))) return undefined
  return {
    rule: 'filesystem_traversal_sequence',
    severity: 'high',
    confidence: 0.75,
    message: `${quoted(event.call.resource.name)} has climbed ${steps} folders, one by one, up to the top`,
    trigger: event.number,
    sources: [event.number],
    action: 'warn',
    score: 40,
    cause: 'climb to the top',
  }
}

/** How often in a row a folder above the one before was named, and what is above the last. */
function climbWith(
  seen: readonly SeenPath[],
  memory: JsonValue | undefined,
): { readonly steps: number; readonly above: readonly number[] } {
  let steps = numberIn(memory, 'steps')
  let above = numbersIn(memory, 'above')
  for (const { walk, path } of seen) {
    if (!walk.isAbsolute || path.isUrl) continue
    const folder = folderOf(walk)
    const id = textHash(folder)
    const at = above.indexOf(id)
    // The last of them is the folder itself: to stay is neither a step nor an end.
    if (at === above.length - 1 && at >= 0) continue
    steps = at >= 0 ? steps + 1 : 0
    above = ancestorsOf(folder)
  }
  return { steps, above }
}

function folderOf({ names }: Walk): string {
  const isFile = names.at(-1)?.includes('.', 1) === true
  return (isFile ? names.slice(0, -1) : names).join('/')
}

/** Hashes of every folder above, from the top, the folder itself last. */
function ancestorsOf(folder: string): readonly number[] {
  const parts = folder === '' ? [] : folder.split('/')
  const hashes: number[] = [textHash('')]
  for (let count = 1; count <= parts.length && count < MOST_ABOVE; count++)
    hashes.push(textHash(parts.slice(0, count).join('/')))
  return hashes
}

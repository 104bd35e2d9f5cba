import type { Finding } from '../../core/model/finding.ts'
import { resourceNameFault } from '../../core/names.ts'
import { isObject } from '../host.ts'
import { changedParts, type Definition, readDefinition, wireHash } from './definition.ts'
import type { DefinitionFindings } from './find-in-list.ts'
import { definitionFinding } from './finding.ts'
import {
  type Kept,
  keepListed,
  MAX_SERVERS,
  MAX_TOOLS,
  newRound,
  type Seen,
  type Server,
} from './kept.ts'
import type { KnownObjects } from './known-objects.ts'
import { type NamedDefinition, renamedTools } from './renamed.ts'
import type { Told } from './told.ts'

/** Which page of a list it is. @default the only one */
export interface ListPage {
  readonly isFirst: boolean
  readonly isLast: boolean
}

const WHOLE: ListPage = { isFirst: true, isLast: true }
const NONE: readonly Finding[] = Object.freeze([])
const MAX_FINDINGS = 256

export interface Learning {
  readonly kept: Kept
  readonly findings: DefinitionFindings
  readonly objects: KnownObjects
  readonly told: Told
  readonly acceptNew: boolean
}

/** Takes in one list. Where nothing is new, that is all that is looked at. */
export function learnList(
  learning: Learning,
  server: string,
  tools: readonly unknown[],
  { isFirst, isLast }: ListPage = WHOLE,
): readonly Finding[] {
  const { kept, told } = learning
  const known = kept.serverOf(server)
  if (known === undefined)
    return told.once(server, '', () => [
      drift(`\`${server}\` is one of more than ${MAX_SERVERS} servers`),
    ])
  if (isFirst) known.round = newRound()
  const fresh = new Map<string, Seen>()
  for (const tool of tools) take(learning, server, known, tool, fresh)
  const found: Finding[] = []
  keep(learning, server, known, fresh, found)
  // Between two pages nobody knows whether there is room again.
  known.isFull = known.round.isFull || (known.isFull && !isLast)
  if (known.round.isFull)
    found.push(
      ...told.once(server, 'full', () => [
        drift(`\`${server}\` lists more than ${MAX_TOOLS} tools`),
      ]),
    )
  if (isLast && known.round.fresh.length > 0) addRenamed(kept, server, known, found)
  return bounded(found, server)
}

const drift = definitionFinding.bind(undefined, 'tool_drift', 'medium', 0.9)

/** Notes one tool of the list where it is not what it was. */
function take(
  { objects }: Learning,
  server: string,
  known: Server,
  tool: unknown,
  fresh: Map<string, Seen>,
): void {
  const name = isObject(tool) ? nameOf(tool) : undefined
  if (name === undefined || !isObject(tool)) return
  const before = known.seen.get(name)
  const same = objects.hashOf(server, tool)
  if (same !== undefined && before?.hash === same && isOnce(known, name, same)) return
  const text = wireHash(tool)
  if (
    before !== undefined &&
    text !== undefined &&
    before.text === text &&
    isOnce(known, name, before.hash)
  ) {
    objects.note(server, tool, before.hash)
    return
  }
  // Calls of such a name are refused before anybody asks for its definition.
  if (resourceNameFault(`${server}.${name}`) !== undefined) return
  if (before === undefined && !fresh.has(name) && known.seen.size + fresh.size >= MAX_TOOLS) {
    known.round.isFull = true
    return
  }
  const seen = readSeen(name, tool, text)
  if (seen.refused === undefined) objects.note(server, tool, seen.hash)
  if (!isOnce(known, name, seen.hash)) fresh.set(name, refused('listed twice, and not alike'))
  else if (before?.hash !== seen.hash || seen.refused !== undefined) fresh.set(name, seen)
}

/** False where the same list has another definition of that name. */
function isOnce({ round: { listed } }: Server, name: string, hash: string): boolean {
  const other = listed.get(name)
  listed.set(name, other === undefined || other === hash ? hash : TWICE)
  return other === undefined || other === hash
}

function readSeen(name: string, tool: Record<string, unknown>, text: string | undefined): Seen {
  const definition = readDefinition(name, tool)
  return typeof definition === 'string'
    ? refused(definition)
    : { definition, hash: definition.hash, text, refused: undefined }
}

function refused(why: string): Seen {
  return { definition: undefined, hash: '', text: undefined, refused: why }
}

const TWICE = 'twice'

function nameOf(tool: Record<string, unknown>): string | undefined {
  try {
    const { name } = tool
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}

function keep(
  learning: Learning,
  server: string,
  known: Server,
  fresh: Map<string, Seen>,
  found: Finding[],
): void {
  const { kept, told, acceptNew } = learning
  try {
    kept.pins()
    if (fresh.size === 0) return
    for (const name of fresh.keys()) {
      const { accepted, offered } = kept.pair(server, name)
      if ((accepted ?? offered) === undefined) known.round.fresh.push(name)
    }
    keepListed(kept, server, fresh, acceptNew)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    found.push(
      ...told.once(server, 'unkept', () => [
        drift(`accepted definitions are out of reach: ${why}`),
      ]),
    )
    for (const [name, seen] of fresh)
      if (seen.definition !== undefined) fresh.set(name, refused('it could not be kept'))
  }
  for (const [name, seen] of fresh) {
    known.seen.set(name, seen)
    known.states.delete(name)
  }
  for (const [name, seen] of fresh) found.push(...findingsOf(learning, server, name, seen))
}

function findingsOf(
  { kept, findings, told }: Learning,
  server: string,
  name: string,
  { definition, hash, refused: why }: Seen,
): readonly Finding[] {
  const full = `${server}.${name}`
  if (definition === undefined)
    return told.once(full, why ?? '', () => [
      drift(`the definition of \`${full}\` is refused: ${why}`),
    ])
  return told.once(full, hash, () => {
    const { accepted } = kept.pair(server, name)
    const changed = accepted === undefined ? undefined : changedParts(accepted, definition)
    const alone = findings.of({ server, tool: name }, definition)
    if (changed === undefined) return alone
    return [drift(`\`${full}\` is no longer what was accepted: ${changed}`), ...alone]
  })
}

/** A tool under a new name that says what one said that is gone was never accepted under that name. */
function addRenamed(kept: Kept, server: string, { seen, round }: Server, found: Finding[]): void {
  const named = (tool: string, definition: Definition | undefined): readonly NamedDefinition[] =>
    definition === undefined ? [] : [{ tool, definition }]
  try {
    const gone = kept
      .namesOf(server)
      .filter((name) => !round.listed.has(name))
      .flatMap((name) => named(name, kept.pair(server, name).accepted))
    const fresh = round.fresh.flatMap((name) => named(name, seen.get(name)?.definition))
    for (const { from, to } of renamedTools(gone, fresh))
      found.push(
        drift(`\`${server}.${to}\` is new, and defined like \`${server}.${from}\`, which is gone`),
      )
  } catch {
    // What is kept cannot be read: that was said, and every call of a new tool is denied.
  }
}

function bounded(found: readonly Finding[], server: string): readonly Finding[] {
  if (found.length === 0) return NONE
  if (found.length <= MAX_FINDINGS) return found
  const more = found.length - MAX_FINDINGS
  return [
    ...found.slice(0, MAX_FINDINGS),
    drift(`${more} more findings on the tools of \`${server}\``),
  ]
}

import { kindOfResource } from '../../names.ts'
import type { Path } from '../read/source.ts'
import { serverOf } from '../resolve-resource.ts'
import { listOf, member, textOf, textsOf } from './lenient.ts'
import type { Report } from './report.ts'

/**
 * Which server a tool belongs to must be beyond doubt: a name that could be of two servers would let
 * one source take a tool away from what another says of `server:NAME`.
 */
export function checkServers(reports: readonly Report[]): void {
  if (!reports.some(({ source }) => canBeAmbiguous(source.value))) return
  const sources = reports.map(serversOf)
  const known = new Set(sources.flatMap(({ named }) => [...named]))
  for (const source of sources) {
    checkTools(source.report, known)
    checkNested(source, sources)
  }
  checkSpellings(reports, known)
}

/** Spares policies of many rules a look at them all: without these no name is of two servers. */
function canBeAmbiguous(value: unknown): boolean {
  const isDotted = (server: unknown): boolean =>
    (typeof server === 'string' ? server : textOf(server, 'name'))?.includes('.') === true
  return (
    listOf(value, 'servers').some(isDotted) ||
    listOf(value, 'tools').some((tool) => textOf(tool, 'server') !== undefined)
  )
}

/** The servers that one source speaks of. */
interface Servers {
  readonly report: Report
  readonly named: ReadonlySet<string>
  /** Those that it makes known, with their places: a selector alone does not. */
  readonly declared: ReadonlyMap<string, Path>
}

function serversOf(report: Report): Servers {
  const { value } = report.source
  const declared = new Map<string, Path>()
  listOf(value, 'servers').forEach((server, index) => {
    if (typeof server === 'string') declared.set(server, ['servers', index])
    else addName(declared, server, 'name', ['servers', index])
  })
  listOf(value, 'tools').forEach((tool, index) => {
    addName(declared, tool, 'server', ['tools', index])
  })
  const named = new Set([...declared.keys(), ...textsOf(member(value, 'blocklist'), 'servers')])
  for (const selector of selectorsOf(report))
    if (selector.startsWith(SERVER)) named.add(selector.slice(SERVER.length))
  return { report, named, declared }
}

const SERVER = 'server:'

function addName(names: Map<string, Path>, holder: unknown, key: string, path: Path): void {
  const name = textOf(holder, key)
  if (name !== undefined && !names.has(name)) names.set(name, [...path, key])
}

function* selectorsOf({ source: { value }, plain }: Report): Generator<string> {
  for (const role of listOf(value, 'roles')) {
    const rules = listOf(role, 'rules')
    // Lists that were taken the quick way have no selector but tools' names.
    if (plain.has(rules)) continue
    for (const rule of rules) yield* textsOf(rule, 'resources')
  }
  for (const entity of listOf(value, 'entities')) yield* textsOf(entity, 'on')
  yield* textsOf(member(value, 'blocklist'), 'tools')
}

/** A tool's name begins with the name of its own server, or of none that is known. */
function checkTools(report: Report, known: ReadonlySet<string>): void {
  listOf(report.source.value, 'tools').forEach((tool, index) => {
    const name = textOf(tool, 'name')
    const server = textOf(tool, 'server')
    if (name === undefined || server === undefined) return
    const owner = serverOf(name, known)
    if (owner !== undefined && owner !== server && known.has(owner))
      report.problem(
        'bad_name',
        ['tools', index, 'name'],
        `this name belongs to server \`${owner}\`, not to \`${server}\``,
        { hint: `write \`server: ${owner}\`, or \`name: ${server}.${name}\`` },
      )
  })
}

/** `x` of server `db` and `db.x` are one tool: two entries would say two things of it. */
function checkSpellings(reports: readonly Report[], known: ReadonlySet<string>): void {
  const spelt = new Map<string, string>()
  for (const report of reports)
    listOf(report.source.value, 'tools').forEach((tool, index) => {
      const name = textOf(tool, 'name')
      if (name === undefined) return
      const full = fullNameOf(name, textOf(tool, 'server') ?? serverOf(name, known))
      const other = spelt.get(full)
      if (other === undefined) spelt.set(full, name)
      else if (other !== name)
        report.problem(
          'duplicate_name',
          ['tools', index, 'name'],
          `the tool \`${name}\` is there already, as \`${other}\``,
        )
    })
}

/** `server.name`, whether or not the name says its server. */
export function fullNameOf(name: string, server: string | undefined): string {
  if (server === undefined || kindOfResource(name) !== 'tool') return name
  return name.startsWith(`${server}.`) ? name : `${server}.${name}`
}

/** One file may split a server, and whoever names both parts knows of it. No other source may. */
function checkNested({ report, declared }: Servers, sources: readonly Servers[]): void {
  for (const [server, path] of declared)
    for (let dot = server.indexOf('.'); dot > 0; dot = server.indexOf('.', dot + 1)) {
      const above = server.slice(0, dot)
      const other = sources.find(
        ({ report: { source }, named }) =>
          source !== report.source && named.has(above) && !named.has(server),
      )
      if (other === undefined) continue
      const where = other.report.source.file ?? 'another source'
      report.problem(
        'bad_name',
        path,
        `\`${server}\` lies below the server \`${above}\` of ${where}: its tools would leave \`server:${above}\``,
        { hint: 'name both servers there, or give this one another name' },
      )
    }
}

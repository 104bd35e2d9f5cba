import { exactResources } from './check-rules.ts'
import { isMap, listOf, member, textOf } from './lenient.ts'
import type { Report } from './report.ts'
import type { Path } from './source.ts'
import { didYouMean } from './suggest.ts'

/** What sources say of each other: names given twice, names that nothing has. */
export function checkReferences(reports: readonly Report[]): void {
  const roles = namesIn(reports, 'roles', 'role')
  const servers = namesIn(reports, 'servers', 'server')
  const tools = namesIn(reports, 'tools', 'tool')
  namesIn(reports, 'agents', 'agent')
  // Names of a source that could not be read are not known: nothing can be said to be missing.
  if (reports.some((report) => report.source.value === undefined)) return
  for (const report of reports) {
    checkRoleReferences(report, roles)
    warnOfServers(report, servers)
  }
  checkCycles(reports, roles)
  warnOfUnlisted(reports, tools)
  warnOfNoBindings(reports)
}

interface Named {
  readonly report: Report
  readonly path: Path
}
type Names = ReadonlyMap<string, Named>

function namesIn(reports: readonly Report[], section: string, word: string): Names {
  const names = new Map<string, Named>()
  for (const report of reports) {
    const items = listOf(report.source.value, section)
    for (let index = 0; index < items.length; index++) {
      const item = items[index]
      const name = typeof item === 'string' ? item : textOf(item, 'name')
      if (name === undefined) continue
      const known = names.get(name)
      if (known === undefined) names.set(name, { report, path: [section, index] })
      else reportTwice(report, [section, index], `the ${word} \`${name}\``, known)
    }
  }
  return names
}

function reportTwice(report: Report, path: Path, what: string, known: Named): void {
  const name = [...path, 'name']
  const { line } = known.report.source.place([...known.path, 'name'])
  const file = known.report.source.file
  const where = file === report.source.file || file === null ? '' : ` in ${file}`
  const at = line === null ? '' : ` on line ${line}`
  report.problem('duplicate_name', name, `${what} is there already${where}${at}`)
}

function checkRoleReferences(report: Report, roles: Names): void {
  const { value } = report.source
  for (const [section, key] of [
    ['bindings', 'roles'],
    ['roles', 'extends'],
  ] as const) {
    const items = listOf(value, section)
    for (let index = 0; index < items.length; index++) {
      const names = listOf(items[index], key)
      for (let at = 0; at < names.length; at++) {
        const name = names[at]
        if (typeof name !== 'string' || roles.has(name)) continue
        const path = [section, index, key, at]
        if (!report.isFaulty(path))
          report.problem('unknown_ref', path, `there is no role \`${name}\``, {
            hint: didYouMean(name, roles.keys()),
          })
      }
    }
  }
}

/** Depth first without recursion: chains may be long. Each cycle is reported where it was entered. */
function checkCycles(reports: readonly Report[], roles: Names): void {
  const extended = new Map<string, readonly string[]>()
  for (const report of reports)
    for (const role of listOf(report.source.value, 'roles')) {
      const name = textOf(role, 'name')
      const names = listOf(role, 'extends').filter((other) => typeof other === 'string')
      if (name !== undefined && names.length > 0 && !extended.has(name)) extended.set(name, names)
    }
  const done = new Set<string>()
  for (const start of extended.keys()) {
    const cycle = done.has(start) ? undefined : findCycle(start, extended, done)
    const first = cycle?.[0]
    const place = first === undefined ? undefined : roles.get(first)
    if (cycle !== undefined && place !== undefined)
      place.report.problem(
        'cycle',
        [...place.path, 'extends'],
        `roles extend each other: ${[...cycle, first].map((name) => `\`${name}\``).join(' -> ')}`,
      )
  }
}

function findCycle(
  start: string,
  extended: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): readonly string[] | undefined {
  const trail: { name: string; next: number }[] = [{ name: start, next: 0 }]
  const onTrail = new Set([start])
  for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
    const child = extended.get(top.name)?.[top.next++]
    if (child === undefined) {
      trail.pop()
      onTrail.delete(top.name)
      done.add(top.name)
    } else if (onTrail.has(child)) {
      const names = trail.map(({ name }) => name)
      for (const name of names) done.add(name)
      return names.slice(names.indexOf(child))
    } else if (!done.has(child)) {
      trail.push({ name: child, next: 0 })
      onTrail.add(child)
    }
  }
  return undefined
}

function warnOfServers(report: Report, servers: Names): void {
  if (servers.size === 0) return
  listOf(report.source.value, 'tools').forEach((tool, index) => {
    const server = textOf(tool, 'server')
    if (server !== undefined && !servers.has(server))
      report.warning(
        'unknown_server',
        ['tools', index, 'server'],
        `\`servers\` does not list \`${server}\``,
        {
          hint: didYouMean(server, servers.keys()),
        },
      )
  })
}

/** A rule that names a tool which its server's catalogue does not have reaches nothing. */
function warnOfUnlisted(reports: readonly Report[], tools: Names): void {
  const modes = reports.map((report) => textOf(report.source.value, 'unlisted'))
  if (tools.size === 0 || (modes.includes('allow') && !modes.includes('restrict'))) return
  const servers = new Set<string>()
  for (const { report, path } of tools.values()) {
    const tool = listOf(report.source.value, 'tools')[Number(path[1])]
    const server = textOf(tool, 'server') ?? textOf(tool, 'name')?.split('.', 1)[0]
    if (server !== undefined) servers.add(server)
  }
  for (const report of reports)
    for (const { name, path } of exactResources(report.source.value))
      if (!tools.has(name) && isOfServer(name, servers))
        report.warning(
          'unknown_tool_in_catalogue_server',
          path,
          `the catalogue of its server does not have \`${name}\``,
          {
            hint: didYouMean(name, tools.keys()),
          },
        )
}

function isOfServer(name: string, servers: ReadonlySet<string>): boolean {
  for (let at = name.indexOf('.'); at > 0; at = name.indexOf('.', at + 1))
    if (servers.has(name.slice(0, at))) return true
  return false
}

function warnOfNoBindings(reports: readonly Report[]): void {
  const hasRoles = reports.some((report) => listOf(report.source.value, 'roles').length > 0)
  const hasBindings = reports.some((report) => listOf(report.source.value, 'bindings').length > 0)
  const last = reports.findLast((report) => isMap(report.source.value))
  if (!hasRoles || hasBindings || last === undefined) return
  const path = member(last.source.value, 'bindings') === undefined ? ['roles'] : ['bindings']
  last.warning('no_bindings', path, 'no binding gives a role to anybody: everything is denied', {
    at: 'key',
  })
}

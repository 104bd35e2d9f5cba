import { isMap } from '../../json-kind.ts'
import { isToolOf } from '../../names.ts'
import { didYouMean } from '../../suggest.ts'
import type { Path } from '../read/source.ts'
import { serverOf } from '../resolve-resource.ts'
import { strictestUnlisted } from '../unlisted.ts'
import { warnOfDuplicateBindings } from './check-bindings.ts'
import { exactResources } from './check-rules.ts'
import { checkServers, fullNameOf } from './check-servers.ts'
import { listOf, member, textOf } from './lenient.ts'
import { type Named, placeText } from './named.ts'
import type { Report } from './report.ts'

/** What sources say of each other: names given twice, names that nothing has. */
export function checkReferences(reports: readonly Report[]): void {
  const roles = namesIn(reports, 'roles', 'role')
  const servers = namesIn(reports, 'servers', 'server')
  const tools = namesIn(reports, 'tools', 'tool')
  namesIn(reports, 'agents', 'agent')
  checkServers(reports)
  // Names of a source that could not be read are not known: nothing can be said to be missing.
  if (reports.some((report) => report.source.value === undefined)) return
  for (const report of reports) {
    checkRoleReferences(report, roles)
    warnOfServers(report, servers)
  }
  checkCycles(reports, roles)
  warnOfUnlisted(reports, servers, tools)
  warnOfDuplicateBindings(reports)
  warnOfNoBindings(reports)
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
  const there = placeText({ ...known, path: [...known.path, 'name'] }, report)
  report.problem('duplicate_name', [...path, 'name'], `${what} is there already${there}`)
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
function warnOfUnlisted(reports: readonly Report[], servers: Names, tools: Names): void {
  const values = reports.map((report) => report.source.value)
  if (tools.size === 0 || strictestUnlisted(values) === 'allow') return
  const entries = values.flatMap((value) => listOf(value, 'tools'))
  const declared = entries.flatMap((tool) => textOf(tool, 'server') ?? [])
  const known = new Set([...servers.keys(), ...declared])
  const listed = new Set<string>()
  const owners = new Set<string>()
  for (const tool of entries) {
    const name = textOf(tool, 'name')
    if (name === undefined) continue
    const owner = textOf(tool, 'server') ?? serverOf(name, known)
    listed.add(fullNameOf(name, owner))
    if (owner !== undefined) owners.add(owner)
  }
  const isMissing = (name: string): boolean => {
    const owner = serverOf(name, known)
    if (owner === undefined || !owners.has(owner) || !isToolOf(name, owner)) return false
    return !listed.has(fullNameOf(name, owner))
  }
  for (const report of reports)
    for (const { name, path } of exactResources(report.source.value))
      if (isMissing(name))
        report.warning(
          'unknown_tool_in_catalogue_server',
          path,
          `the catalogue of its server does not have \`${name}\`: list it under \`tools\`, or say \`unlisted: allow\``,
          { hint: didYouMean(name, tools.keys()) },
        )
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

import { isMap } from '../../json-kind.ts'
import { isToolPartBounded, MAX_NAME, resourceNameFault } from '../../names.ts'
import { nearest } from '../../suggest.ts'
import { BINDING_KEYS } from '../document.ts'
import type { Path } from '../read/source.ts'
import {
  checkExactName,
  checkMember,
  checkName,
  checkNames,
  checkSelectors,
  checkServerName,
} from './check-words.ts'
import { type LooseMap, listOf, member, textOf } from './lenient.ts'
import type { Report } from './report.ts'

/** Servers, catalogue, agents, bindings, entities and the blocklist, one source at a time. */
export function checkAccess(report: Report): void {
  const { value } = report.source
  listOf(value, 'servers').forEach((server, index) => {
    if (isMap(server)) checkServer(report, server, ['servers', index])
    else checkServerName(report, server, 'servers', index)
  })
  listOf(value, 'tools').forEach((tool, index) => {
    if (isMap(tool)) checkTool(report, tool, ['tools', index])
  })
  listOf(value, 'agents').forEach((agent, index) => {
    checkMember(checkExactName, report, agent, 'name', ['agents', index])
    checkMember(checkName, report, agent, 'scope', ['agents', index])
  })
  const bindings = listOf(value, 'bindings')
  for (let index = 0; index < bindings.length && !report.plain.has(bindings); index++) {
    const binding = bindings[index]
    if (isMap(binding)) checkBinding(report, binding, index)
  }
  listOf(value, 'entities').forEach((entity, index) => {
    if (isMap(entity)) checkEntity(report, entity, ['entities', index])
  })
  checkBlocklist(report, member(value, 'blocklist'))
}

function checkServer(report: Report, server: LooseMap, path: Path): void {
  checkServerName(report, server['name'], ...path, 'name')
  checkNames(report, server['auth'], 'scopes', [...path, 'auth'])
  checkNames(report, server, 'departments', path)
}

function checkTool(report: Report, tool: LooseMap, path: Path): void {
  const { name, server } = tool
  if (typeof name === 'string') {
    const fault = resourceNameFault(name)
    if (fault !== undefined) report.problem('bad_name', [...path, 'name'], fault)
    else if (name.includes('*'))
      report.problem('bad_name', [...path, 'name'], 'the catalogue names tools exactly')
    else if (!isToolPartBounded(name, typeof server === 'string' ? server : undefined))
      report.problem(
        'bad_name',
        [...path, 'name'],
        `the tool’s name is longer than ${MAX_NAME} characters`,
      )
  }
  checkMember(checkServerName, report, tool, 'server', path)
  checkMember(checkExactName, report, tool, 'scope', path)
  checkMember(checkName, report, tool, 'payload_class', path)
  checkNames(report, tool, 'scopes', path)
  checkNames(report, tool, 'departments', path)
}

function checkBinding(report: Report, binding: LooseMap, index: number): void {
  let hasSubject = false
  for (const key of BINDING_KEYS) {
    const value = binding[key]
    if (value === undefined) continue
    hasSubject = true
    checkExactName(report, value, 'bindings', index, key)
  }
  const path = ['bindings', index]
  checkNames(report, binding, 'roles', path)
  checkNames(report, binding, 'scopes', path)
  if (binding['expires_at'] !== undefined) checkTime(report, binding, path)
  if (hasSubject) return
  // A misspelt key is reported as such; that it is missing follows from it.
  const isMisspelt = Object.keys(binding).some(
    (key) => !KNOWN_KEYS.has(key) && nearest(key, BINDING_KEYS) !== undefined,
  )
  if (!isMisspelt)
    report.problem('missing_field', path, 'the binding names nobody', {
      hint: `add ${BINDING_KEYS.map((key) => `\`${key}\``).join(', ')} or several of them`,
    })
}

const KNOWN_KEYS = new Set<string>(['roles', 'scopes', 'expires_at', 'reason', ...BINDING_KEYS])

/** The schema has seen its form; here, that the day exists. */
function checkTime(report: Report, binding: LooseMap, path: Path): void {
  const text = textOf(binding, 'expires_at')
  const at = [...path, 'expires_at']
  if (text === undefined || report.isFaulty(at)) return
  const day = text.slice(0, 10)
  const midnight = Date.parse(`${day}T00:00:00Z`)
  // `Date.parse` takes 30 February for 2 March.
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
  if (!exists || Number.isNaN(Date.parse(text)))
    report.problem('bad_duration', at, `\`${text}\` is no time that exists`)
}

function checkEntity(report: Report, entity: LooseMap, path: Path): void {
  const whom = entity['for']
  if (typeof whom === 'string') {
    const kind = /^(?:user|group|agent):/.exec(whom)?.[0]
    if (kind === undefined)
      report.problem('bad_name', [...path, 'for'], `\`${whom}\` names no user, group or agent`, {
        hint: 'write `user:NAME`, `group:NAME` or `agent:NAME`',
      })
    else checkExactName(report, whom.slice(kind.length), ...path, 'for')
  }
  checkSelectors(report, entity, 'on', path)
}

const DOMAIN = /^(?:\*\.)?(?:[\p{L}\p{N}_-]{1,63}\.)*[\p{L}\p{N}_-]{1,63}$/u

function checkBlocklist(report: Report, blocklist: unknown): void {
  const path = ['blocklist']
  checkSelectors(report, blocklist, 'tools', path)
  for (const key of ['users', 'agents', 'servers', 'actions'] as const)
    checkGlobs(report, blocklist, key, path)
  listOf(blocklist, 'domains').forEach((domain, index) => {
    if (typeof domain === 'string' && !DOMAIN.test(domain))
      report.problem('bad_name', [...path, 'domains', index], `\`${domain}\` is no domain`, {
        hint: 'write `example.com`, or `*.example.com` for all below it',
      })
  })
}

/** Names in which `*` stands for one or more characters. */
function checkGlobs(report: Report, holder: unknown, key: string, path: Path): void {
  listOf(holder, key).forEach((glob, index) => {
    // With every star replaced, what is left must be a name.
    if (typeof glob === 'string') checkName(report, glob.replaceAll('*', 'x'), ...path, key, index)
  })
}

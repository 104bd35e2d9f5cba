import { isMap } from '../json-kind.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { listOf, member, textOf } from './check/lenient.ts'
import type { Report } from './check/report.ts'
import { ROUTER_KEYS } from './schema/router.ts'
import { strictestUnlisted } from './unlisted.ts'

/** Sections that several sources may add to, and sections that one of them says alone. */
const LISTS = ['servers', 'tools', 'agents', 'roles', 'bindings', 'entities'] as const
const SINGLES = [
  'secrets',
  'scanner',
  'limits',
  'behavior',
  'redaction',
  'approvals',
  'identity',
  'hooks',
] as const

/** Makes one policy of sources that were found sound. Reports sections that two of them set. */
export function mergeSources(reports: readonly Report[]): JsonObject {
  const merged: Record<string, JsonValue> = {}
  for (const key of LISTS)
    addList(
      merged,
      key,
      reports.flatMap((report) => jsonList(report, key)),
    )
  for (const key of SINGLES) {
    const section = takeSection(reports, key, key)
    if (section !== undefined) merged[key] = section
  }
  addBlocklist(merged, reports)
  addRateLimits(merged, reports)
  addRisk(merged, reports)
  addRouter(merged, reports)
  const values = reports.map((report) => report.source.value)
  if (values.some((value) => textOf(value, 'unlisted') !== undefined))
    merged['unlisted'] = strictestUnlisted(values)
  return merged
}

function addList(merged: Record<string, JsonValue>, key: string, list: readonly JsonValue[]): void {
  if (list.length > 0) merged[key] = list
}

// Values are copies made by `plainCopy`: JSON through and through.
function jsonList(report: Report, key: string): readonly JsonValue[] {
  return listOf(report.source.value, key) as readonly JsonValue[]
}

function jsonMap(value: unknown): JsonObject | undefined {
  return isMap(value) ? (value as JsonObject) : undefined
}

/** The section of the one source that has it. */
function takeSection(
  reports: readonly Report[],
  key: string,
  name: string,
): JsonObject | undefined {
  let owner: Report | undefined
  for (const report of reports) {
    if (member(report.source.value, key) === undefined) continue
    if (owner === undefined) owner = report
    else reportTwice(report, key, name, owner)
  }
  return owner === undefined ? undefined : jsonMap(member(owner.source.value, key))
}

function reportTwice(report: Report, key: string, name: string, owner: Report): void {
  const other = owner.source.file === null ? 'another source' : `\`${owner.source.file}\``
  report.problem('duplicate_key', [key], `\`${name}\` is set in ${other} already`, {
    at: 'key',
    hint: 'set it in one file',
  })
}

function addBlocklist(merged: Record<string, JsonValue>, reports: readonly Report[]): void {
  const lists: Record<string, JsonValue[]> = {}
  let destructive = false
  for (const report of reports) {
    const blocklist = jsonMap(member(report.source.value, 'blocklist'))
    for (const [key, list] of Object.entries(blocklist ?? {}))
      if (Array.isArray(list)) lists[key] = [...(lists[key] ?? []), ...list]
    // What one layer blocks no other opens.
    if (blocklist?.['destructive_names'] === true) destructive = true
  }
  if (Object.keys(lists).length === 0 && !destructive) return
  merged['blocklist'] = destructive ? { ...lists, destructive_names: true } : lists
}

/** `rate_limits` is `limits.principals`, and `anon` is `anonymous`. */
function addRateLimits(merged: Record<string, JsonValue>, reports: readonly Report[]): void {
  const limits = jsonMap(merged['limits'])
  const added = reports.flatMap((report) => jsonList(report, 'rate_limits'))
  const multipliers = jsonMap(limits?.['multipliers'])
  const anon = multipliers?.['anon']
  if (added.length === 0 && anon === undefined) return
  const principals = [...(listOf(limits, 'principals') as readonly JsonValue[]), ...added] // copies, as above
  const { anon: _, ...others } = multipliers ?? {}
  merged['limits'] = {
    ...limits,
    ...(principals.length > 0 ? { principals } : {}),
    ...(anon === undefined ? {} : { multipliers: { ...others, anonymous: anon } }),
  }
}

/** `risk` is `behavior.risk`. */
function addRisk(merged: Record<string, JsonValue>, reports: readonly Report[]): void {
  const risk = takeSection(reports, 'risk', 'risk')
  if (risk === undefined) return
  const behavior = jsonMap(merged['behavior'])
  const owner = reports.find((report) => member(report.source.value, 'risk') !== undefined)
  if (behavior?.['risk'] !== undefined)
    owner?.problem('duplicate_key', ['risk'], '`risk` and `behavior.risk` are the same', {
      at: 'key',
      hint: 'keep `behavior.risk`',
    })
  merged['behavior'] = { ...behavior, risk }
}

/** The top-level form of the source documents is the section `router`. */
function addRouter(merged: Record<string, JsonValue>, reports: readonly Report[]): void {
  let owner: Report | undefined
  for (const report of reports) {
    const { value } = report.source
    const key = ['router', ...Object.keys(ROUTER_KEYS)].find(
      (name) => member(value, name) !== undefined,
    )
    if (key === undefined) continue
    if (owner !== undefined) {
      reportTwice(report, key, 'router', owner)
      continue
    }
    owner = report
    const inner = jsonMap(member(value, 'router'))
    merged['router'] = inner ?? topLevelRouter(jsonMap(value))
  }
}

function topLevelRouter(value: JsonObject | undefined): JsonObject {
  const entries = Object.entries(value ?? {}).filter(([key]) => Object.hasOwn(ROUTER_KEYS, key))
  return Object.fromEntries(entries)
}

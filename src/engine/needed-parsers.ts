import type { CompiledConstraint, SqlParsers } from '../core/constraints/constraint.ts'
import { constraintKind } from '../core/constraints/index.ts'
import { computeNeeds } from '../core/effects/apply-compute.ts'
import type { ResourceEntry, SqlDialect } from '../core/model/call.ts'
import type { JsonObject } from '../core/model/json.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'

/** Loads every parser that a constraint of the policy may ask for, for any tool of its catalogue. */
export async function loadNeededParsers(
  policy: CompiledPolicy | undefined,
  parsers: SqlParsers,
): Promise<void> {
  if (policy === undefined) return
  const tools = catalogueOf(policy)
  const needed = new Set(
    tools.flatMap((tool) => [
      ...constraintsOf(policy).flatMap((constraint) => constraint.needs?.(tool) ?? []),
      ...computesOf(policy).flatMap((one) => (tool === undefined ? [] : computeNeeds(one, tool))),
    ]),
  )
  await Promise.all([...needed].map((dialect) => parsers.load(dialect)))
}

function constraintsOf(policy: CompiledPolicy): readonly CompiledConstraint[] {
  const rules = (policy.document.roles ?? []).flatMap((role) => role.rules ?? [])
  return rules
    .flatMap((rule) => Object.entries(rule.constraints ?? {}))
    .flatMap(([name, config]) => constraintKind(name)?.compile(config) ?? [])
}

function computesOf(policy: CompiledPolicy): readonly JsonObject[] {
  const rules = (policy.document.roles ?? []).flatMap((role) => role.rules ?? [])
  return rules.flatMap(({ compute }) => (compute === undefined ? [] : [compute]))
}

/** One tool for each dialect the catalogue names, and none for tools that are not listed. */
function catalogueOf(policy: CompiledPolicy): readonly (ResourceEntry | undefined)[] {
  const byDialect = new Map<SqlDialect | undefined, ResourceEntry | undefined>([
    [undefined, undefined],
  ])
  for (const tool of policy.document.tools ?? []) {
    const resource = policy.index.resolve(tool.name)
    if (!('fault' in resource)) byDialect.set(resource.sql_dialect, resource)
  }
  return [...byDialect.values()]
}

import type { SqlParsers } from '../core/constraints/constraint.ts'
import { constraintKind } from '../core/constraints/index.ts'
import type { SqlDialect } from '../core/model/call.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'

/** Loads every parser that a constraint of the policy may ask for. */
export async function loadNeededParsers(
  policy: CompiledPolicy | undefined,
  parsers: SqlParsers,
): Promise<void> {
  const needed = new Set<SqlDialect>()
  for (const role of policy?.document.roles ?? [])
    for (const rule of role.rules ?? [])
      for (const [name, config] of Object.entries(rule.constraints ?? {}))
        for (const dialect of constraintKind(name)?.compile(config).needs?.(undefined) ?? [])
          needed.add(dialect)
  await Promise.all([...needed].map((dialect) => parsers.load(dialect)))
}

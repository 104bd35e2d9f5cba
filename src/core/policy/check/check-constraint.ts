import type { ConstraintConfig, ConstraintKind } from '../../constraints/constraint.ts'
import type { ProblemKind } from '../../model/errors.ts'
import type { Path } from '../read/source.ts'

/** What a constraint finds wrong with its own config; `way` leads to the place in it. */
export interface ConfigFault {
  readonly problem: ProblemKind
  readonly way: Path
  readonly message: string
  readonly hint: string | null
}

export type ConstraintChecks = (
  kind: ConstraintKind,
  config: ConstraintConfig,
) => readonly ConfigFault[]

/** Checks of one policy's constraints: what says the same, a schema for a thousand rules, once. */
export function createConstraintChecks(): ConstraintChecks {
  const known = new Map<string, readonly ConfigFault[]>()
  return (kind, config) => {
    const key = `${kind.kind} ${JSON.stringify(config)}`
    const found = known.get(key) ?? check(kind, config)
    known.set(key, found)
    return found
  }
}

function check(kind: ConstraintKind, config: ConstraintConfig): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  try {
    kind.check(config, (problem, way, message, hint) => {
      faults.push({ problem, way, message, hint: hint ?? null })
    })
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    const message = `\`${kind.kind}\` cannot be checked: ${cause}`
    faults.push({ problem: 'wrong_type', way: [], message, hint: null })
  }
  return faults
}

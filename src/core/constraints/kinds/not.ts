import type { JsonObject, JsonValue } from '../../model/json.ts'
import { andThen } from '../../model/json.ts'
import {
  type ConstraintConfig,
  type ConstraintKind,
  INSIDE,
  type Judgement,
  OUTSIDE,
  type ReportFault,
  type Standing,
} from '../constraint.ts'

/** The opposite of another constraint of `kinds`: what it cannot tell stays untold. */
export function negationOf(kinds: readonly ConstraintKind[]): ConstraintKind {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]))
  return {
    kind: 'not',
    summary: 'The opposite of another constraint, as in `not: { path_prefix: [/etc] }`.',
    aliases: [],
    listItems: undefined,
    schema: {
      type: 'object',
      description: 'One constraint, by its kind.',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: Object.fromEntries(kinds.map((kind) => [kind.kind, configSchema(kind)])),
    },
    check(config, report) {
      const inner = innerOf(config, byName)
      if (inner === undefined) return
      const { kind } = inner
      const reportInner: ReportFault = (problem, path, message, hint) =>
        report(problem, [kind.kind, ...path], message, hint)
      kind.check(inner.config, reportInner)
    },
    compile(config) {
      const inner = innerOf(config, byName)
      if (inner === undefined) throw new TypeError('`not` names no constraint')
      const compiled = inner.kind.compile(inner.config)
      return {
        kind: 'not',
        ...(compiled.needs === undefined ? {} : { needs: compiled.needs }),
        judge: (input) => andThen(compiled.judge(input), opposite),
      }
    },
  }
}

/** JSON Schema of what may stand under a kind's name: its list form, its object form. */
export function configSchema(kind: ConstraintKind): JsonObject {
  if (kind.listItems === undefined) return kind.schema
  return { anyOf: [{ type: 'array', minItems: 1, items: kind.listItems }, kind.schema] }
}

interface Inner {
  readonly kind: ConstraintKind
  readonly config: ConstraintConfig
}

function innerOf(
  config: ConstraintConfig,
  byName: ReadonlyMap<string, ConstraintKind>,
): Inner | undefined {
  const entries = Object.entries(config)
  const [name, inner] = entries[0] ?? []
  const kind = byName.get(name ?? '')
  return entries.length !== 1 || kind === undefined || !isConfig(inner)
    ? undefined
    : { kind, config: inner }
}

function isConfig(value: JsonValue | undefined): value is ConstraintConfig {
  return typeof value === 'object' && value !== null
}

function opposite(judged: Judgement): Judgement {
  let standing: Standing = judged.standing & ~(INSIDE | OUTSIDE)
  if ((judged.standing & INSIDE) !== 0) standing |= OUTSIDE
  if ((judged.standing & OUTSIDE) !== 0) standing |= INSIDE
  return { standing, detail: judged.detail }
}

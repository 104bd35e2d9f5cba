import type { ResourceEntry } from '../model/call.ts'
import type { ProblemKind } from '../model/errors.ts'
import { isPromise, type JsonObject } from '../model/json.ts'
import {
  type ConstraintConfig,
  type ConstraintPorts,
  INSIDE,
  type Judgement,
  OUTSIDE,
  UNSURE,
} from './constraint.ts'
import { constraintKind } from './index.ts'

const RESOURCE: ResourceEntry = {
  name: 'test.tool',
  kind: 'tool',
  server: 'test',
  listed: true,
  scope: undefined,
  tags: [],
  payload_class: undefined,
  sql_dialect: undefined,
  tier: undefined,
}

export interface Probe {
  readonly ports?: ConstraintPorts
  readonly at?: number
}

/** What a constraint of the kind makes of the arguments. */
export function judge(
  kind: string,
  config: ConstraintConfig,
  args: JsonObject,
  { ports = {}, at = 0 }: Probe = {},
): Judgement {
  const judged = kindNamed(kind)
    .compile(config)
    .judge({ arguments: args, resource: RESOURCE, at, ports })
  if (isPromise(judged)) throw new TypeError('the constraint answers later')
  return judged
}

/** As `judge`, in words: `inside`, `inside outside`, `unsure`, `nothing`. */
export function standing(
  kind: string,
  config: ConstraintConfig,
  args: JsonObject,
  probe: Probe = {},
): string {
  const bits = judge(kind, config, args, probe).standing
  const words = [
    (bits & INSIDE) !== 0 ? 'inside' : '',
    (bits & OUTSIDE) !== 0 ? 'outside' : '',
    (bits & UNSURE) !== 0 ? 'unsure' : '',
  ].filter((word) => word !== '')
  return words.length === 0 ? 'nothing' : words.join(' ')
}

/** The faults of a config as `kind /way/to/it`. */
export function faults(kind: string, config: ConstraintConfig): readonly string[] {
  const found: string[] = []
  kindNamed(kind).check(config, (problem: ProblemKind, path) => {
    found.push([problem, ...path].join(' '))
  })
  return found
}

function kindNamed(name: string) {
  const kind = constraintKind(name)
  if (kind === undefined) throw new TypeError(`no constraint \`${name}\``)
  return kind
}

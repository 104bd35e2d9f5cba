import { type Decision, type Effect, REASONS, type Reason } from '../core/model/decision.ts'
import type { JsonValue } from '../core/model/json.ts'
import type { Path } from '../core/policy/read/source.ts'
import { describeEffect, describeRule, type Row } from './describe.ts'
import type { Fields } from './suite-fields.ts'

/** What a test expects of a decision. What is not said is not compared. */
export interface Want {
  readonly effect: Effect
  readonly reason?: Reason
  readonly gate?: string
  /** The rule's name, `role` or `role[index]`; null: no rule. */
  readonly rule?: string | null
  /** The kind of constraint; null: none. */
  readonly constraint?: string | null
}

const EFFECTS = ['allow', 'deny', 'compute', 'escalate'] as const satisfies readonly Effect[]
const REFUSALS = REASONS.filter((reason) => reason !== 'allowed')
/** What may stand alone: an effect, or the reason of a denial. */
const WORDS: readonly (Effect | Reason)[] = [...EFFECTS, ...REFUSALS]
const KEYS = ['effect', 'reason', 'gate', 'rule', 'constraint'] as const

/** Reads a word (`allow`, or a reason) or a map. */
export function readWant(
  fields: Fields,
  value: JsonValue | undefined,
  path: Path,
): Want | undefined {
  if (value === undefined) return fields.fault(path, 'what is expected is missing')
  if (typeof value === 'string') return readWord(fields, value, path)
  const map = fields.map(value, path, KEYS)
  if (map === undefined) return undefined
  const at = (key: string): Path => [...path, key]
  const read = <T>(key: string, reader: (value: JsonValue) => T | undefined): T | undefined => {
    const given = map[key]
    return given === undefined ? undefined : reader(given)
  }
  const orNull = (key: string) =>
    read(key, (given) => (given === null ? null : fields.text(given, at(key))))
  const reason = read('reason', (given) => fields.word(given, at('reason'), REASONS))
  const effect =
    read('effect', (given) => fields.word(given, at('effect'), EFFECTS)) ??
    (map['effect'] === undefined && reason !== undefined ? effectOf(reason) : undefined)
  const rule = orNull('rule')
  const constraint = orNull('constraint')
  const gate = read('gate', (given) => fields.text(given, at('gate')))
  if (effect === undefined)
    return map['effect'] === undefined && map['reason'] === undefined
      ? fields.fault(path, '`effect` is missing', `one of ${EFFECTS.join(', ')}`)
      : undefined
  return {
    effect,
    ...(reason === undefined ? {} : { reason }),
    ...(gate === undefined ? {} : { gate }),
    ...(rule === undefined ? {} : { rule }),
    ...(constraint === undefined ? {} : { constraint }),
  }
}

/** Where expectation and decision differ, by name; empty where they agree. */
export function differences(want: Want, decision: Decision): readonly string[] {
  const names: string[] = []
  if (want.effect !== decision.effect) names.push('effect')
  if (want.reason !== undefined && want.reason !== decision.reason) names.push('reason')
  if (want.gate !== undefined && want.gate !== decision.gate) names.push('gate')
  if (want.rule !== undefined && !isRule(want.rule, decision.rule)) names.push('rule')
  if (want.constraint !== undefined && want.constraint !== decision.constraint)
    names.push('constraint')
  return names
}

/** `deny constraint_violation by sql-readonly[0]`: only what is said. */
export function describeWant(want: Want): string {
  const { effect, reason = 'allowed' } = want
  const more: Row[] = []
  if (want.gate !== undefined) more.push(['at', want.gate])
  if (want.rule !== undefined) more.push(['by', want.rule ?? 'no rule'])
  if (want.constraint !== undefined) more.push(['for', want.constraint ?? 'no constraint'])
  return [
    describeEffect({ effect, reason }),
    ...more.map(([name, text]) => `${name} ${text}`),
  ].join(' ')
}

/** What was decided, in the words of `describeWant`. */
export function describeGot(want: Want, decision: Decision): string {
  const more: string[] = []
  if (want.gate !== undefined) more.push(`at ${decision.gate}`)
  if (want.rule !== undefined)
    more.push(`by ${decision.rule === null ? 'no rule' : describeRule(decision.rule)}`)
  if (want.constraint !== undefined) more.push(`for ${decision.constraint ?? 'no constraint'}`)
  return [describeEffect(decision), ...more].join(' ')
}

function readWord(fields: Fields, value: string, path: Path): Want | undefined {
  const word = fields.word(value, path, WORDS)
  if (word === undefined) return undefined
  const effect = EFFECTS.find((one) => one === word)
  if (effect !== undefined) return { effect }
  const reason = REASONS.find((one) => one === word) ?? 'allowed'
  return { effect: effectOf(reason), reason }
}

function effectOf(reason: Reason): Effect {
  if (reason === 'allowed') return 'allow'
  return reason === 'approval_required' ? 'escalate' : 'deny'
}

function isRule(want: string | null, rule: Decision['rule']): boolean {
  if (want === null || rule === null) return want === rule
  return want === rule.name || want === rule.role || want === `${rule.role}[${rule.index}]`
}

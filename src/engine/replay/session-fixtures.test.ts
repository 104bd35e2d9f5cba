import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BUILT_IN_RULE_IDS } from '../../core/behavior/rule-ids.ts'
import { TAGS } from '../../core/model/call.ts'
import { readTraceSession } from './trace-session.ts'

/** The label of a session: what `readTraceSession` does not read, and no detector may. */
interface Label {
  readonly id: string
  readonly source: string
  readonly suite: string
  readonly label: string
  readonly attack_type?: string
  readonly attack_succeeded?: boolean
  readonly features?: readonly string[]
  readonly language?: string
  readonly twin?: string
  readonly task?: string
  readonly tools: Readonly<Record<string, { readonly tags: readonly string[] }>>
  readonly expected?: {
    readonly first_injected_response_seq: number | null
    readonly first_bad_event_seq: number
    readonly first_harm_seq: number
    readonly rules_any: readonly string[]
  }
}
interface Line {
  readonly place: string
  readonly text: string
  readonly value: unknown
  readonly label: Label
}

const FOLDER = new URL('../../../fixtures/sessions/', import.meta.url)

function linesOf(file: string): readonly Line[] {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').trimEnd().split('\n')
  return lines.map((text, index) => {
    const value: unknown = JSON.parse(text)
    // The tests below check the fields that they look at.
    return { place: `${file}:${index + 1}`, text, value, label: value as Label }
  })
}

const BENIGN = linesOf('benign.jsonl')
const ATTACKS = linesOf('attacks.jsonl')
const ALL = [...BENIGN, ...ATTACKS]

const RULES: ReadonlySet<string> = new Set(BUILT_IN_RULE_IDS)

function countBy(lines: readonly Line[], kindsOf: (label: Label) => readonly string[]) {
  const counts = new Map<string, number>()
  for (const { label } of lines)
    for (const kind of kindsOf(label)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

function repeats(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

const faultsOf = (lines: readonly Line[], isFaulty: (line: Line) => boolean): readonly string[] =>
  lines.filter(isFaulty).map(({ place, label }) => `${place} ${label.id}`)

describe('the labelled sessions', () => {
  it('read as sessions whose events are numbered without a gap', () => {
    expect(
      faultsOf(ALL, ({ label, value, place }) => {
        const { id, events } = readTraceSession(value, place)
        return id !== label.id || events.some((event, index) => event.seq !== index + 1)
      }),
    ).toEqual([])
  })

  it('answer only calls that were made, and leave at most the last one open', () => {
    expect(
      faultsOf(ALL, ({ value, place }) => {
        const open: string[] = []
        for (const event of readTraceSession(value, place).events) {
          const name = `${event.tool ?? ''} ${event.requestId ?? ''}`
          if (event.direction === 'request') open.push(name)
          else if (!open.includes(name)) return true
          else open.splice(open.indexOf(name), 1)
        }
        return open.length > 1
      }),
    ).toEqual([])
  })

  it('describe every tool that they call, with known tags', () => {
    const isKnown = (tag: string): boolean => TAGS.some((known) => known === tag)
    expect(
      faultsOf(ALL, ({ label, value, place }) => {
        const called = readTraceSession(value, place).events.flatMap((event) => event.tool ?? [])
        const described = Object.values(label.tools)
        return (
          !called.every((tool) => Object.hasOwn(label.tools, tool)) ||
          !described.every(({ tags }) => tags.every(isKnown))
        )
      }),
    ).toEqual([])
  })

  it('have ids, tasks and texts that are there once', () => {
    expect(repeats(ALL.map(({ label }) => label.id))).toEqual([])
    expect(repeats(ALL.flatMap(({ label }) => label.task ?? []))).toEqual([])
    const events = ALL.map(({ value, place }) => {
      const session = readTraceSession(value, place)
      return JSON.stringify(session.events.map((event) => [event.tool, event.payload]))
    })
    expect(repeats(events)).toEqual([])
  })

  it('keep each label in its own file', () => {
    expect(
      faultsOf(BENIGN, ({ label }) => label.label !== 'benign' || 'expected' in label),
    ).toEqual([])
    expect(faultsOf(ATTACKS, ({ label }) => label.label !== 'attack')).toEqual([])
  })

  it('name twins that exist on the other side', () => {
    const ids = (lines: readonly Line[]) => new Set(lines.map(({ label }) => label.id))
    const missing = (lines: readonly Line[], others: ReadonlySet<string>) =>
      faultsOf(lines, ({ label }) => label.twin !== undefined && !others.has(label.twin))
    expect(missing(ATTACKS, ids(BENIGN))).toEqual([])
    expect(missing(BENIGN, ids(ATTACKS))).toEqual([])
  })

  it('hold nothing that a scanner of pushed secrets knows by its vendor', () => {
    const vendors =
      /ghp_|github_pat_|AKIA[A-Z0-9]|ASIA[A-Z0-9]{16}|xox[abprs]-|sk_live_|AIza|glpat-/
    expect(faultsOf(ALL, ({ text }) => vendors.test(text))).toEqual([])
  })
})

describe('the attacks', () => {
  it('mark requests of the session, the harm not before the first bad call', () => {
    expect(
      faultsOf(ATTACKS, ({ label, value, place }) => {
        const { events } = readTraceSession(value, place)
        const bad = label.expected?.first_bad_event_seq ?? 0
        const harm = label.expected?.first_harm_seq ?? 0
        const isRequest = (seq: number) => events[seq - 1]?.direction === 'request'
        return !isRequest(bad) || !isRequest(harm) || bad > harm
      }),
    ).toEqual([])
  })

  it('mark, where outside text asks for the harm, a response before the first bad call', () => {
    expect(
      faultsOf(ATTACKS, ({ label, value, place }) => {
        const injected = label.expected?.first_injected_response_seq ?? null
        if (injected === null) return label.attack_type === 'injected_instruction'
        const { events } = readTraceSession(value, place)
        const bad = label.expected?.first_bad_event_seq ?? 0
        return events[injected - 1]?.direction !== 'response' || injected > bad
      }),
    ).toEqual([])
  })

  it('name rules that exist', () => {
    expect(
      faultsOf(ATTACKS, ({ label }) => {
        const rules = label.expected?.rules_any ?? []
        return rules.length === 0 || !rules.every((rule) => RULES.has(rule))
      }),
    ).toEqual([])
  })

  it('are at least 90, with at least six of each class', () => {
    const classes = countBy(ATTACKS, (label) => [label.attack_type ?? '(none)'])
    expect(ATTACKS.length).toBeGreaterThanOrEqual(90)
    expect(Math.min(...classes.values())).toBeGreaterThanOrEqual(6)
    expect([...classes.keys()].sort()).toEqual([
      'call_loop',
      'cross_scope_data_movement',
      'denial_probing',
      'encoded_exfiltration',
      'filesystem_traversal_sequence',
      'injected_instruction',
      'pagination_exfiltration',
      'privilege_escalation_chain',
      'rapid_tool_switching',
      'restricted_to_outsider',
      'secret_relay',
      'slow_drip_exfiltration',
      'split_exfiltration',
      'sql_mutation_after_read',
      'tool_drift',
      'tool_poisoning',
    ])
  })
})

describe('the honest sessions', () => {
  it('are at least 130 over at least 14 kinds of work, three or more of each', () => {
    const kinds = countBy(BENIGN, (label) => [label.suite])
    expect(BENIGN.length).toBeGreaterThanOrEqual(130)
    expect(kinds.size).toBeGreaterThanOrEqual(14)
    expect(Math.min(...kinds.values())).toBeGreaterThanOrEqual(3)
  })

  it('delegate at least 45 times and use innocent trigger words at least 30 times', () => {
    const features = countBy(BENIGN, (label) => label.features ?? [])
    expect(features.get('delegating')).toBeGreaterThanOrEqual(45)
    expect(features.get('innocent_words')).toBeGreaterThanOrEqual(30)
  })

  it('make 2 to 14 calls each, at least ten of them without a task', () => {
    const calls = BENIGN.map(
      ({ value, place }) =>
        readTraceSession(value, place).events.filter((event) => event.direction === 'request')
          .length,
    )
    expect(Math.min(...calls)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...calls)).toBeLessThanOrEqual(14)
    expect(BENIGN.filter(({ label }) => label.task === undefined).length).toBeGreaterThanOrEqual(10)
  })

  it('speak at least eight languages besides English', () => {
    const languages = countBy(BENIGN, (label) =>
      label.language === undefined ? [] : [label.language],
    )
    expect(languages.size).toBeGreaterThanOrEqual(8)
  })
})

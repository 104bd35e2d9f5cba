import type { Disposition, Finding } from '../model/finding.ts'
import type { Flow } from './flow.ts'
import type { RuleFinding } from './rule.ts'
import type { BehaviorSettings } from './settings.ts'

/** Data that went from one event to a later one, as reports show it. */
export interface LineageEdge {
  readonly from: number
  readonly to: number
  readonly kind: string
  /** 0 to 1. */
  readonly confidence: number
  readonly hops: number
}

/** What has been found in one session: findings once a cause, edges once a pair, and their sum. */
export interface Ledger {
  /** Takes in what is new of them, and gives that back without causes, frozen. */
  admit(findings: readonly RuleFinding[]): readonly Finding[]
  /** What a person has approved is not asked again, and adds nothing to the risk. */
  approve(findings: readonly RuleFinding[]): void
  /** What a person has refused counts. */
  refuse(findings: readonly RuleFinding[]): void
  isApproved(finding: RuleFinding): boolean
  /** What the risk would be, were these admitted. Changes nothing. */
  riskWith(findings: readonly RuleFinding[]): number
  link(flows: readonly Flow[]): void
  readonly risk: number
  readonly findings: readonly Finding[]
  readonly edges: readonly LineageEdge[]
  /** Bytes held, about; 0 while nothing was found. */
  readonly bytes: number
  save(): SavedLedger
}

/** Plain JSON. */
export interface SavedLedger {
  readonly points: number
  readonly causes: readonly (readonly [string, 'seen' | 'approved'])[]
  readonly repeats: readonly (readonly [string, number])[]
}

// A session that finds more than this has been stopped, or is being flooded.
const MAX_CAUSES = 2_048
const MAX_KEPT = 1_000
const MAX_EDGES = 4_000

// Bytes that one of them takes besides its texts, about.
const SIZE = { cause: 80, finding: 320, edge: 240 } as const

/** Risk is a sum under a cap. */
export const MAX_RISK = 100

/**
 * The points of findings add up; the second finding of one rule counts half, the third a quarter, so
 * that one kind of suspicion, repeated, stays below twice its score. A finding that asks a person
 * counts only where the person refuses.
 */
export function createLedger(saved?: SavedLedger): Ledger {
  const causes = new Map<string, 'seen' | 'approved'>(saved?.causes)
  const repeats = new Map<string, number>(saved?.repeats)
  const findings: Finding[] = []
  const edges = new Map<string, LineageEdge>()
  let points = saved?.points ?? 0
  let texts = [...causes.keys()].reduce((sum, key) => sum + 2 * key.length, 0)
  const count = (finding: Finding): void => {
    const before = repeats.get(finding.rule) ?? 0
    repeats.set(finding.rule, before + 1)
    points += finding.score / 2 ** before
  }
  const mark = (key: string, as: 'seen' | 'approved'): void => {
    // At the bound the oldest cause may be found, and counted, once more.
    if (causes.size >= MAX_CAUSES && !causes.has(key)) {
      const oldest = oldestOf(causes)
      causes.delete(oldest)
      texts -= 2 * oldest.length
    }
    if (!causes.has(key)) texts += 2 * key.length
    causes.set(key, as)
  }
  const isApproved = (finding: RuleFinding): boolean => causes.get(causeOf(finding)) === 'approved'
  return {
    admit(found) {
      const fresh = onceACause(found.filter((finding) => !causes.has(causeOf(finding))))
      for (const finding of gravestFirst(fresh)) if (finding.action !== 'ask') count(finding)
      return fresh.map((finding) => {
        mark(causeOf(finding), 'seen')
        const kept = withoutCause(finding)
        if (findings.length < MAX_KEPT) {
          findings.push(kept)
          texts += 2 * kept.message.length + 8 * kept.sources.length
        }
        return kept
      })
    },
    approve(found) {
      for (const finding of found) if (finding.action === 'ask') mark(causeOf(finding), 'approved')
    },
    refuse(found) {
      const refused = found.filter((one) => one.action === 'ask' && !isApproved(one))
      for (const finding of gravestFirst(onceACause(refused))) count(finding)
    },
    isApproved,
    riskWith(found) {
      const added = new Map<string, number>()
      let sum = points
      const fresh = found.filter((one) => one.action !== 'ask' && !causes.has(causeOf(one)))
      for (const finding of gravestFirst(onceACause(fresh))) {
        const before = added.get(finding.rule) ?? repeats.get(finding.rule) ?? 0
        added.set(finding.rule, before + 1)
        sum += finding.score / 2 ** before
      }
      return capped(sum)
    },
    link(flows) {
      for (const flow of flows) link(edges, flow)
    },
    get risk() {
      return capped(points)
    },
    get findings() {
      return [...findings]
    },
    get edges() {
      return [...edges.values()]
    },
    get bytes() {
      const kept = SIZE.finding * findings.length + SIZE.edge * edges.size
      return texts + kept + SIZE.cause * causes.size
    },
    save: () => ({ points, causes: [...causes], repeats: [...repeats] }),
  }
}

function capped(points: number): number {
  return Math.min(MAX_RISK, Math.round(points))
}

function causeOf(finding: RuleFinding): string {
  return `${finding.rule} ${finding.cause ?? finding.trigger}`
}

/** One finding a cause: of several in one event the one that adds most. */
function onceACause(found: readonly RuleFinding[]): readonly RuleFinding[] {
  if (found.length < 2) return found
  const most = new Map<string, RuleFinding>()
  for (const finding of found) {
    const other = most.get(causeOf(finding))
    if (other === undefined || weightOf(finding) > weightOf(other))
      most.set(causeOf(finding), finding)
  }
  return [...most.values()]
}

/** INVARIANT: what adds most is counted first, so that a lesser finding never halves a graver one. */
function gravestFirst(found: readonly RuleFinding[]): readonly RuleFinding[] {
  return found.length < 2 ? found : [...found].sort((one, other) => weightOf(other) - weightOf(one))
}

// One that asks adds nothing by itself, and stands behind those that do.
function weightOf({ action, score }: RuleFinding): number {
  return action === 'ask' ? score - 2 * MAX_RISK : score
}

/** As records and reports have it. */
export function withoutCause(finding: RuleFinding): Finding {
  const { rule, severity, confidence, message, trigger, sources, action, score } = finding
  return Object.freeze({ rule, severity, confidence, message, trigger, sources, action, score })
}

function oldestOf(map: ReadonlyMap<string, unknown>): string {
  return map.keys().next().value ?? ''
}

function link(edges: Map<string, LineageEdge>, flow: Flow): void {
  const key = `${flow.from} ${flow.to} ${flow.kind}`
  const known = edges.get(key)
  if (known === undefined && edges.size >= MAX_EDGES) return
  if (known !== undefined && known.confidence >= flow.confidence) return
  const { from, to, kind, confidence, hops } = flow
  edges.set(key, Object.freeze({ from, to, kind, confidence, hops }))
}

const RANK: Readonly<Record<Disposition, number>> = { allow: 0, warn: 1, pause: 2, terminate: 3 }

/** The graver of the two. */
export function worse(one: Disposition, other: Disposition): Disposition {
  return RANK[other] > RANK[one] ? other : one
}

/** What a risk makes of a session. */
export function dispositionAt(risk: number, limits: BehaviorSettings['risk']): Disposition {
  if (risk >= limits.terminateAt) return 'terminate'
  if (risk >= limits.pauseAt) return 'pause'
  return risk >= limits.warnAt ? 'warn' : 'allow'
}

/** What an action makes of a session at least: who asks has at least been warned. */
export function dispositionOf(action: Finding['action']): Disposition {
  return action === 'ask' ? 'warn' : action
}

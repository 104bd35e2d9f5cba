import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { Flow } from '../flow.ts'
import type { RequestEvent, Rule, RuleFinding, RuleView, SessionEvent } from '../rule.ts'
import { byView } from './evidence/by-event.ts'
import { placeCause } from './evidence/causes.ts'
import { labelDrip, labelsOf } from './evidence/label-drip.ts'
import { goesToStranger, isRoundTrip } from './evidence/leaving-data.ts'
import {
  numberIn,
  numbersIn,
  type Row,
  rowOf,
  rowsIn,
  withNumbers,
  withRow,
} from './evidence/memory.ts'
import { textHash } from './evidence/text-hash.ts'
import { quoted, sourcesOf } from './evidence/wording.ts'

/**
 * Restricted data leaves a little at a time: each call carries too little, or too weakly, to be asked
 * about, and the sum is too much. Counts every value once, identifiers and weak matches as well.
 * @see https://attack.mitre.org/techniques/T1030/ data transfer size limits
 */
export const slowDripExfiltration: Rule = {
  id: 'slow_drip_exfiltration',
  on: 'request',
  severity: 'high',
  evaluate(event, view) {
    if (event.direction !== 'request') return undefined
    const spelled = spelledFinding(event, view)
    if (spelled !== undefined) return spelled
    const drip = dripOf(event, view)
    if (drip === undefined) return undefined
    const budget = view.settings.minBytes ?? DEFAULT_BUDGET
    const calls = Math.max(1, view.settings.minCalls ?? DEFAULT_CALLS)
    const step = Math.max(
      passed(drip.place, drip.before, budget, calls),
      passed(drip.all, drip.allBefore, budget, calls),
    )
    return step === 0 ? undefined : findingOf(event, view, drip.flows, step)
  },
  remember: rememberDrip,
}

function rememberDrip(event: SessionEvent, view: RuleView): JsonValue | undefined {
  const { memory } = view
  if (event.direction === 'response') {
    const isRead = event.traits.restricted || view.matches.some(({ class: of }) => of === 'secret')
    return isRead ? { ...keptIn(memory), read: event.number } : undefined
  }
  if (!event.traits.egress) return undefined
  const labels = numberIn(memory, 'read') > 0 ? labelDrip(event, view)?.seen : undefined
  const drip = dripOf(event, view)
  if (drip === undefined) return labels === undefined ? undefined : { ...keptIn(memory), labels }
  const kept = keptIn(memory)
  const values = drip.flows.map(({ value }) => textHash(value))
  return {
    ...kept,
    labels: labels ?? kept.labels,
    all: drip.all,
    places: withRow(kept.places, drip.place, MOST_PLACES),
    // A value that had to be forgotten counts again.
    seen: withNumbers(kept.seen, values, MOST_VALUES),
  }
}

function keptIn(memory: JsonValue | undefined): Kept {
  return {
    read: numberIn(memory, 'read'),
    labels: labelsOf(memory),
    all: allIn(memory),
    places: rowsIn(memory, 'places'),
    seen: numbersIn(memory, 'seen'),
  }
}

interface Kept extends JsonObject {
  readonly read: number
  readonly labels: readonly number[]
  readonly all: Row
  readonly places: readonly Row[]
  readonly seen: readonly number[]
}

/** So many names below one domain are no accident. */
const LEAST_LABELS = 4

function spelledFinding(event: RequestEvent, view: RuleView): RuleFinding | undefined {
  const read = numberIn(view.memory, 'read')
  if (read === 0 || !event.traits.egress) return undefined
  const count = labelDrip(event, view)?.count ?? 0
  if (count < LEAST_LABELS) return undefined
  return {
    rule: 'slow_drip_exfiltration',
    severity: 'high',
    confidence: Math.min(0.9, 0.4 + 0.1 * count),
    message: `${quoted(event.call.resource.name)} has asked for ${count} names of one domain that look like encoded data, after restricted data was read`,
    trigger: event.number,
    sources: [read],
    action: 'ask',
    score: 60,
    cause: `labels ${Math.floor(Math.log2(count))}`,
  }
}

/** UTF-16 units of restricted data, about two pages of text. */
const DEFAULT_BUDGET = 4096
const DEFAULT_CALLS = 3
const MOST_PLACES = 64
const MOST_VALUES = 256

interface Drip {
  readonly flows: readonly Flow[]
  /** Its place's hash, units and calls, this request included. */
  readonly place: Row
  readonly before: Row
  readonly all: Row
  readonly allBefore: Row
}

const dripOf = byView(['flows', 'destinations', 'memory'], readDrip)

function readDrip(event: RequestEvent, view: RuleView): Drip | undefined {
  if (!event.traits.egress || view.flows.length === 0 || !goesToStranger(event, view))
    return undefined
  const flows = newFlows(event, view)
  if (flows.length === 0) return undefined
  const units = flows.reduce((sum, flow) => sum + flow.length * flow.confidence, 0)
  const id = textHash(placeCause(event, view.destinations))
  const before = rowOf(rowsIn(view.memory, 'places'), id) ?? [id, 0, 0]
  const allBefore = allIn(view.memory)
  return { flows, before, place: grown(before, units), allBefore, all: grown(allBefore, units) }
}

function newFlows(event: RequestEvent, view: RuleView): readonly Flow[] {
  const seen = new Set(numbersIn(view.memory, 'seen'))
  const flows: Flow[] = []
  for (const flow of view.flows) {
    if (!flow.origin.restricted || flow.trusted || flow.role === 'destination') continue
    const value = textHash(flow.value)
    if (seen.has(value) || isRoundTrip(flow, event, view)) continue
    seen.add(value)
    flows.push(flow)
  }
  return flows
}

function allIn(memory: JsonValue | undefined): Row {
  const all = numbersIn(memory, 'all')
  return all.length === 3 ? all : [0, 0, 0]
}

function grown([id = 0, units = 0, calls = 0]: Row, more: number): Row {
  return [id, Math.round(units + more), calls + 1]
}

/** How many budgets have been passed where the request passes another one, doubling; else 0. */
function passed(now: Row, before: Row, budget: number, leastCalls: number): number {
  const level = levelOf(now, budget, leastCalls)
  return level > levelOf(before, budget, leastCalls) ? level : 0
}

function levelOf([, units = 0, calls = 0]: Row, budget: number, leastCalls: number): number {
  if (calls < leastCalls || units < budget) return 0
  return 1 + Math.floor(Math.log2(units / Math.max(1, budget)))
}

function findingOf(
  event: RequestEvent,
  view: RuleView,
  flows: readonly Flow[],
  level: number,
): RuleFinding {
  const calls = (allIn(view.memory)[2] ?? 0) + 1
  return {
    rule: 'slow_drip_exfiltration',
    severity: 'high',
    confidence: Math.min(0.95, 0.6 + 0.1 * level),
    message: `small pieces of restricted data have gone out in ${calls} calls, the last with ${quoted(event.call.resource.name)}; together they are more than the session may send`,
    trigger: event.number,
    sources: sourcesOf(flows),
    action: 'ask',
    score: 60,
    cause: `level ${level}`,
  }
}

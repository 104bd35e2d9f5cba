import type { CostReport } from '../core/routing/cost/report.ts'
import type { EngineStats } from '../engine/stats.ts'

/** What is counted of a router. No caller, no text and no session is in it. */
export interface RouterMeasured {
  readonly engine: EngineStats
  readonly costs: CostReport
  /** Answers by their HTTP status. */
  readonly answers: Readonly<Record<string, number>>
  readonly policyDigest: string
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]
type Reading = (measured: RouterMeasured) => readonly Sample[]

const one = (value: number): readonly Sample[] => [[{}, value]]
const by = (label: string, counts: Readonly<Record<string, number | undefined>>) =>
  Object.entries(counts).map(([name, value]): Sample => [{ [label]: name }, value ?? 0])
const dollars = (nusd: number): number => nusd / 1e9

/** Every name that `/metrics` has, with what it means. */
export const ROUTER_METRICS: readonly (readonly [
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  read: Reading,
])[] = [
  [
    'callgate_router_answers_total',
    'counter',
    'Answers by HTTP status.',
    ({ answers }) => by('status', answers),
  ],
  [
    'callgate_decisions_total',
    'counter',
    'Decisions by effect.',
    ({ engine }) => by('effect', engine.effects),
  ],
  [
    'callgate_reasons_total',
    'counter',
    'Decisions by reason.',
    ({ engine }) => by('reason', engine.reasons),
  ],
  [
    'callgate_calls_in_flight',
    'gauge',
    'Calls that were let through and have not ended.',
    ({ engine }) => one(engine.in_flight),
  ],
  [
    'callgate_router_calls_total',
    'counter',
    'Requests that a model answered, by model.',
    ({ costs }) => costs.models.map(({ model, calls }): Sample => [{ model }, calls]),
  ],
  [
    'callgate_router_cost_usd_total',
    'counter',
    'What was paid, by what for; they add up to all of it.',
    ({ costs }) =>
      Object.entries(costs.totals.by_kind).map(
        ([kind, { nusd }]): Sample => [{ kind }, dollars(nusd)],
      ),
  ],
  [
    'callgate_router_model_cost_usd_total',
    'counter',
    'What answers have cost, by model.',
    ({ costs }) => costs.models.map(({ model, nusd }): Sample => [{ model }, dollars(nusd)]),
  ],
  // These two may fall: what is saved may be lost again.
  [
    'callgate_router_baseline_usd',
    'gauge',
    'What all would have cost at the baseline model.',
    ({ costs }) => one(dollars(costs.totals.baseline_nusd)),
  ],
  [
    'callgate_router_savings_usd',
    'gauge',
    'The baseline less what was paid; below zero where routing cost more.',
    ({ costs }) => one(dollars(costs.totals.savings_nusd)),
  ],
  [
    'callgate_router_costs_pending',
    'gauge',
    'Calls whose cost the provider is still asked for.',
    ({ costs }) => one(costs.totals.pending),
  ],
  [
    'callgate_router_costs_unknown',
    'counter',
    'Calls of which nobody says what they cost.',
    ({ costs }) => one(costs.totals.unknown),
  ],
  [
    'callgate_policy_info',
    'gauge',
    'The policy in force, by its digest.',
    ({ policyDigest }) => [[{ digest: policyDigest }, 1]],
  ],
]

/**
 * In the text format that Prometheus reads.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function routerMetricsText(measured: RouterMeasured): string {
  return ROUTER_METRICS.map(([name, type, help, read]) => {
    const lines = read(measured).map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`)
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
  }).join('')
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

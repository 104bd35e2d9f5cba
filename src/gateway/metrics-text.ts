import type { EngineStats } from '../engine/stats.ts'
import type { UpstreamHealth } from './health.ts'

/** What is counted of a gateway. No name of a caller, no argument and no session is in it. */
export interface Measured {
  readonly engine: EngineStats
  readonly upstreams: Readonly<Record<string, UpstreamHealth>>
  /** Of agents that are connected. */
  readonly sessions: number
  readonly reloads: { readonly succeeded: number; readonly failed: number }
  readonly policyDigest: string
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

const STATES = [
  'starting',
  'up',
  'degraded',
  'down',
] as const satisfies readonly UpstreamHealth['state'][]

/**
 * In the text format that Prometheus reads.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsText(measured: Measured): string {
  const { engine, sessions, reloads, policyDigest } = measured
  const upstreams = Object.entries(measured.upstreams)
  return [
    metric(
      'counter',
      'callgate_decisions_total',
      'Decisions by effect.',
      by('effect', engine.effects),
    ),
    metric(
      'counter',
      'callgate_reasons_total',
      'Decisions by reason.',
      by('reason', engine.reasons),
    ),
    metric('gauge', 'callgate_calls_in_flight', 'Calls that were let through and have not ended.', [
      [{}, engine.in_flight],
    ]),
    metric('gauge', 'callgate_sessions', 'Sessions whose history is kept.', [
      [{}, engine.sessions],
    ]),
    metric('gauge', 'callgate_gateway_sessions', 'Agents that are connected.', [[{}, sessions]]),
    metric(
      'gauge',
      'callgate_upstream_state',
      'The state of each server is 1, all others are 0.',
      upstreams.flatMap(([upstream, health]) =>
        STATES.map((state): Sample => [{ upstream, state }, health.state === state ? 1 : 0]),
      ),
    ),
    metric(
      'counter',
      'callgate_upstream_restarts_total',
      'Connections to a server that had to be made anew.',
      upstreams.map(([upstream, { restarts }]) => [{ upstream }, restarts]),
    ),
    metric(
      'gauge',
      'callgate_upstream_tools',
      'Tools that a server has shown last.',
      upstreams.map(([upstream, { tools }]) => [{ upstream }, tools]),
    ),
    metric(
      'counter',
      'callgate_policy_reloads_total',
      'Reloads of the policy by what came of them.',
      by('result', reloads),
    ),
    metric('gauge', 'callgate_policy_info', 'The policy in force, by its digest.', [
      [{ digest: policyDigest }, 1],
    ]),
  ].join('')
}

function by(
  label: string,
  counts: Readonly<Record<string, number | undefined>>,
): readonly Sample[] {
  return Object.entries(counts).map(([name, count]) => [{ [label]: name }, count ?? 0])
}

function metric(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

import type { AuditRecord } from '../../core/model/audit-record.ts'

/** How often each value came, most frequent first. */
export type Counts = readonly (readonly [value: string, count: number])[]

export interface SlowCall {
  readonly id: string
  readonly resource: string | null
  readonly agent: string | null
  readonly duration_ms: number
}

export interface AuditStats {
  readonly records: number
  readonly calls: number
  readonly first_ts: string | null
  readonly last_ts: string | null
  readonly effects: Counts
  readonly reasons: Counts
  readonly gates: Counts
  readonly tools: Counts
  readonly agents: Counts
  /** The persons behind the agents; `(none)` where there is none. */
  readonly users: Counts
  /** Of calls that were denied, who made them: `agent for user`, or the agent alone. */
  readonly denied_callers: Counts
  readonly statuses: Counts
  readonly findings: Counts
  /** By the hour, such as `2026-01-01T13:00Z`, in order of time. */
  readonly denials_per_hour: Counts
  readonly slowest: readonly SlowCall[]
  /** Calls of which nobody knows how they ended. */
  readonly open: number
  readonly open_ids: readonly string[]
}

const MOST_VALUES = 10_000
const OTHERS = '(others)'
const SLOWEST = 10
const OPEN_SHOWN = 10

/**
 * Counts calls as `joinCalls` gives them, in bounded memory: names beyond the first 10,000 of a kind
 * are counted together as `(others)`.
 */
export function createStats(): {
  record(record: AuditRecord): void
  call(call: AuditRecord): void
  result(): AuditStats
} {
  const counters = {
    effects: createCounter(),
    reasons: createCounter(),
    gates: createCounter(),
    tools: createCounter(),
    agents: createCounter(),
    users: createCounter(),
    deniedCallers: createCounter(),
    statuses: createCounter(),
    findings: createCounter(),
    denials: createCounter(),
  }
  let records = 0
  let calls = 0
  let firstTs: string | null = null
  let lastTs: string | null = null
  let slowest: readonly SlowCall[] = []
  let open = 0
  const openIds: string[] = []
  return {
    record({ ts }) {
      records++
      if (firstTs === null || Date.parse(ts) < Date.parse(firstTs)) firstTs = ts
      if (lastTs === null || Date.parse(ts) > Date.parse(lastTs)) lastTs = ts
    },
    call(call) {
      calls++
      counters.effects.add(call.effect)
      counters.reasons.add(call.reason)
      counters.gates.add(call.gate)
      counters.tools.add(call.resource)
      counters.agents.add(call.agent)
      counters.users.add(call.user_id)
      counters.statuses.add(call.status)
      for (const finding of call.findings) counters.findings.add(finding?.rule ?? null)
      if (call.status === 'denied') {
        counters.denials.add(hourOf(call.ts))
        counters.deniedCallers.add(callerOf(call))
      }
      slowest = withCall(slowest, call)
      if (call.status !== 'unknown') return
      open++
      if (openIds.length < OPEN_SHOWN) openIds.push(call.id)
    },
    result: () => ({
      records,
      calls,
      first_ts: firstTs,
      last_ts: lastTs,
      effects: counters.effects.counts(),
      reasons: counters.reasons.counts(),
      gates: counters.gates.counts(),
      tools: counters.tools.counts(),
      agents: counters.agents.counts(),
      users: counters.users.counts(),
      denied_callers: counters.deniedCallers.counts(),
      statuses: counters.statuses.counts(),
      findings: counters.findings.counts(),
      denials_per_hour: [...counters.denials.counts()].sort(byName),
      slowest,
      open,
      open_ids: openIds,
    }),
  }
}

function createCounter() {
  const counts = new Map<string, number>()
  return {
    add(value: unknown): void {
      const name = typeof value === 'string' ? value : '(none)'
      const key = counts.has(name) || counts.size < MOST_VALUES ? name : OTHERS
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    counts: (): Counts => [...counts].sort((one, other) => other[1] - one[1] || byName(one, other)),
  }
}

function byName([one]: Counts[number], [other]: Counts[number]): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function callerOf({ agent, user_id: user }: AuditRecord): string {
  const name = agent ?? '(none)'
  return user === null ? name : `${name} for ${user}`
}

function hourOf(ts: string): string {
  return `${new Date(Date.parse(ts)).toISOString().slice(0, 13)}:00Z`
}

function withCall(slowest: readonly SlowCall[], call: AuditRecord): readonly SlowCall[] {
  const { id, resource, agent, duration_ms: duration } = call
  if (duration === null) return slowest
  if (slowest.length >= SLOWEST && duration <= (slowest.at(-1)?.duration_ms ?? 0)) return slowest
  return [...slowest, { id, resource, agent, duration_ms: duration }]
    .sort((one, other) => other.duration_ms - one.duration_ms)
    .slice(0, SLOWEST)
}

import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { OtelAttributes, OtelMeter } from './api.ts'
import { reasonLabel } from './attributes.ts'
import { METRIC_NAMES, OWN_NAMES } from './names.ts'

/** Gates that a host brings have names of its own: so many are told apart, the others are `_OTHER`. */
const MAX_GATES = 64
const EFFECTS: ReadonlySet<string> = new Set(['allow', 'deny', 'compute', 'escalate'])
const STATUSES: ReadonlySet<string> = new Set(['success', 'failed', 'timeout', 'cancelled'])

/** Seconds: those that the conventions name for operations of models and tools. */
const BOUNDARIES = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
]

/** Counts decisions and measures calls. */
export function measuresOf(meter: OtelMeter): (record: AuditRecord) => void {
  const decisions = meter.createCounter(METRIC_NAMES.decisions, {
    description: 'Decisions by effect, reason and gate',
    unit: '{decision}',
  })
  const duration = meter.createHistogram(METRIC_NAMES.duration, {
    description: 'From the request of a call to its end',
    unit: 's',
    advice: { explicitBucketBoundaries: BOUNDARIES },
  })
  const gates = new Set<string>()
  const gateLabel = (gate: string | null): string => {
    if (gate === null || gate.length > 64) return '_OTHER'
    if (gates.size < MAX_GATES) gates.add(gate)
    return gates.has(gate) ? gate : '_OTHER'
  }
  return (record) => {
    if (record.kind === 'decision')
      decisions.add(1, {
        [OWN_NAMES.effect]: known(EFFECTS, record.effect),
        [OWN_NAMES.reason]: reasonLabel(record.reason),
        [OWN_NAMES.gate]: gateLabel(record.gate),
      })
    const { duration_ms: ms } = record
    if (record.kind === 'outcome' && ms !== null && Number.isFinite(ms) && ms >= 0)
      duration.record(ms / 1000, labelsOfOutcome(record))
  }
}

function labelsOfOutcome({ effect, status }: AuditRecord): OtelAttributes {
  return { [OWN_NAMES.effect]: known(EFFECTS, effect), [OWN_NAMES.status]: known(STATUSES, status) }
}

function known(values: ReadonlySet<string>, value: string | null): string {
  return value !== null && values.has(value) ? value : '_OTHER'
}

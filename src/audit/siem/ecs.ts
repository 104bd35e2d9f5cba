import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { VERSION } from '../../version.ts'
import { levelOf, type Reading, readRecord } from './reading.ts'
import { boundedJson, withoutEmpty } from './text.ts'

/** @see https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html */
const ECS_VERSION = '8.17.0'
/** Of the whole event, in characters before JSON escapes. */
const MAX_EVENT = 65_536

/**
 * An event of the Elastic Common Schema. `agent.*` there is what ships the log, so the AI agent is in
 * `callgate.agent` and among `related.user`. Never holds arguments.
 */
export function toEcs(asKept: AuditRecord): JsonObject {
  const reading = readRecord(asKept)
  const { record } = reading
  const event = withoutEmpty({
    '@timestamp': new Date(reading.at ?? 0).toISOString(),
    message: reading.message,
    ecs: { version: ECS_VERSION },
    event: eventPart(record, reading),
    rule: rulePart(record, reading),
    user: userPart(record),
    organization: record.tenant === null ? undefined : { id: record.tenant },
    group: record.team === null ? undefined : { name: record.team },
    service: record.server === null ? undefined : { name: record.server },
    trace: record.trace_id === null ? undefined : { id: traceOf(record.trace_id) },
    transaction: { id: record.id },
    error: record.error === null ? undefined : { type: record.error },
    observer: {
      name: 'callgate',
      product: 'callgate',
      vendor: 'callgate',
      type: 'policy-engine',
      version: VERSION,
    },
    related: withoutEmpty({
      user: distinct([record.user_id, record.agent, ...record.act_chain]),
      hash: distinct([record.input_hash, record.dispatch_hash, record.output_hash]),
    }),
    callgate: ownPart(record),
  })
  return boundedJson(event, MAX_EVENT) as JsonObject // an object stays one
}

function eventPart(record: AuditRecord, reading: Reading): JsonObject {
  const [category, type] = classOf(record, reading)
  const { duration_ms: duration } = record
  return withoutEmpty({
    kind: record.kind === 'finding' ? 'alert' : 'event',
    category,
    type,
    outcome: outcomeOf(record, reading),
    action: reading.event,
    reason: record.reason,
    code: record.status,
    id: `${record.id}/${record.kind}`,
    sequence: record.seq,
    severity: levelOf(reading.severity) + 1,
    risk_score: record.risk,
    // Nanoseconds.
    duration: duration === null ? null : Math.round(duration * 1_000_000),
    dataset: 'callgate.audit',
    module: 'callgate',
    provider: record.gate ?? 'callgate',
  })
}

/**
 * As the gate sees it, which wrote the event: what it has denied on purpose is a success, and its type
 * says `denied`.
 * @see https://www.elastic.co/guide/en/ecs/8.17/ecs-using-the-categorization-fields.html
 */
function outcomeOf({ reason }: AuditRecord, { action, outcome }: Reading): Reading['outcome'] {
  if (action !== 'denied') return outcome
  return reason === 'gate_failed' || reason === 'audit_unavailable' ? 'failure' : 'success'
}

type Classes = readonly [category: readonly string[], type: readonly string[]]

/** Only pairs of which the schema says that they belong together. */
function classOf({ kind, disposition }: AuditRecord, { action }: Reading): Classes {
  switch (kind) {
    case 'decision':
      return [['api'], ['access', accessOf(action)]]
    case 'outcome':
    case 'route':
      return [['api'], ['access', accessOf(action), 'end']]
    case 'finding':
      return [['intrusion_detection'], ['info']]
    case 'approval':
      return [['iam'], ['info']]
    case 'policy':
      return [['configuration'], ['change']]
    case 'session':
      return [['session'], [disposition === 'terminate' ? 'end' : 'info']]
  }
}

function accessOf(action: Reading['action']): string {
  if (action === null) return 'info'
  return action === 'denied' ? 'denied' : 'allowed'
}

function rulePart({ rule, constraint }: AuditRecord, { finding }: Reading): JsonValue | undefined {
  if (finding !== null)
    return withoutEmpty({
      id: finding.rule,
      name: finding.rule,
      category: 'behavior',
      description: finding.message,
    })
  if (rule === null) return undefined
  return withoutEmpty({
    id: `${rule.role}#${rule.index}`,
    name: rule.name ?? rule.role,
    ruleset: rule.role,
    category: constraint,
  })
}

function userPart(record: AuditRecord): JsonValue | undefined {
  const { user_id: user } = record
  return user === null ? undefined : { id: user, name: user }
}

/** The 32 digits of a `traceparent`: how traces are found in Elastic. */
function traceOf(trace: string): string {
  return /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(trace)?.[1] ?? trace
}

function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null && value !== ''))] as string[] // null is out
}

/** Fields of our own, under our own name as the schema asks. */
function ownPart(record: AuditRecord): JsonObject {
  return withoutEmpty({
    kind: record.kind,
    status: record.status,
    effect: record.effect,
    gate: record.gate,
    gates: record.gates,
    mode: record.mode,
    enforced: record.enforced,
    agent: record.agent,
    actor_kind: record.actor_kind,
    department: record.department,
    tier: record.tier,
    resource: record.resource,
    tool: record.tool,
    verb: record.verb,
    scope: record.scope,
    session_id: record.session_id,
    context_id: record.context_id,
    client_id: record.client_id,
    task_id: record.task_id,
    request_id: record.request_id,
    tool_call_id: record.tool_call_id,
    request_method: record.request_method,
    request_source: record.request_source,
    parent_id: record.parent_id,
    approval_id: record.approval_id,
    policy_digest: record.policy_digest,
    disposition: record.disposition,
    findings: record.findings.map(({ rule, severity }) => `${rule}:${severity}`),
    prev: record.prev,
    hash: record.hash,
  })
}

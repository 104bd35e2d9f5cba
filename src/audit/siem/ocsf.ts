import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { VERSION } from '../../version.ts'
import { actorOf, partiesPart } from './ocsf-parties.ts'
import type { SiemOptions } from './options.ts'
import { levelOf, type Reading, readRecord } from './reading.ts'
import { boundedJson, withoutEmpty } from './text.ts'

/** @see https://schema.ocsf.io/1.5.0 */
const OCSF_VERSION = '1.5.0'
/** Of the whole event, in characters before JSON escapes. */
const MAX_EVENT = 65_536

interface OcsfClass {
  readonly uid: number
  readonly name: string
  readonly category: number
  readonly categoryName: string
}

const API_ACTIVITY: OcsfClass = {
  uid: 6003,
  name: 'API Activity',
  category: 6,
  categoryName: 'Application Activity',
}
const DETECTION_FINDING: OcsfClass = {
  uid: 2004,
  name: 'Detection Finding',
  category: 2,
  categoryName: 'Findings',
}
const ENTITY_MANAGEMENT: OcsfClass = {
  uid: 3004,
  name: 'Entity Management',
  category: 3,
  categoryName: 'Identity & Access Management',
}

/**
 * A call is API Activity (6003), a finding outside of a call Detection Finding (2004), and what happens
 * to approvals, sessions and the policy Entity Management (3004). What OCSF has no place for is in
 * `unmapped`. Never holds arguments.
 */
export function toOcsf(asKept: AuditRecord, options: SiemOptions = {}): JsonObject {
  const reading = readRecord(asKept)
  const { record } = reading
  const own = ownPart(record, reading, options)
  const event = withoutEmpty({
    ...basePart(record, reading, own),
    ...own.fields,
    // Last: what is required comes first where the room ends.
    unmapped: { callgate: unmapped(record) },
  })
  return boundedJson(event, MAX_EVENT) as JsonObject // an object stays one
}

interface OwnPart {
  readonly of: OcsfClass
  readonly activity: readonly [number, string]
  readonly fields: Readonly<Record<string, JsonValue | undefined>>
}

function ownPart(record: AuditRecord, reading: Reading, options: SiemOptions): OwnPart {
  switch (record.kind) {
    case 'decision':
    case 'outcome':
    case 'route':
      return apiActivity(record, reading, options)
    case 'finding':
      return detectionFinding(record, reading, options)
    case 'approval':
    case 'policy':
    case 'session':
      return entityManagement(record, reading)
  }
}

const SEVERITY = ['Informational', 'Low', 'Medium', 'High', 'Critical'] as const

function basePart(record: AuditRecord, reading: Reading, { of, activity }: OwnPart) {
  const [activityId, activityName] = activity
  const level = levelOf(reading.severity)
  return {
    category_uid: of.category,
    category_name: of.categoryName,
    class_uid: of.uid,
    class_name: of.name,
    activity_id: activityId,
    activity_name: activityName,
    type_uid: of.uid * 100 + activityId,
    type_name: `${of.name}: ${activityId === 99 ? 'Other' : activityName}`,
    severity_id: level + 1,
    severity: SEVERITY[level],
    // Zero says that the record has no readable time: the schema asks for a number.
    time: reading.at ?? 0,
    message: reading.message,
    metadata: withoutEmpty({
      version: OCSF_VERSION,
      product: { name: 'callgate', vendor_name: 'callgate', version: VERSION },
      profiles: reading.action === null ? undefined : ['security_control'],
      // A call's two records share their id: the kind keeps them apart.
      uid: `${record.id}/${record.kind}`,
      correlation_uid: record.trace_id,
      sequence: record.seq,
      event_code: reading.event,
      tenant_uid: record.tenant,
      original_time: record.ts,
      log_name: 'callgate audit',
      log_provider: 'callgate',
    }),
  }
}

const STATUS: Readonly<Record<Reading['outcome'], readonly [number, string]>> = {
  unknown: [0, 'Unknown'],
  success: [1, 'Success'],
  failure: [2, 'Failure'],
}

function statusPart(record: AuditRecord, reading: Reading) {
  const [id, name] = STATUS[reading.outcome]
  return {
    status_id: id,
    status: name,
    status_code: record.reason ?? undefined,
    status_detail: record.status,
  }
}

const ACTION = { allowed: 1, denied: 2, observed: 3, modified: 4 } as const
const ACTION_NAME = {
  allowed: 'Allowed',
  denied: 'Denied',
  observed: 'Observed',
  modified: 'Modified',
} as const
const DISPOSITION = {
  allowed: [1, 'Allowed'],
  denied: [2, 'Blocked'],
  observed: [17, 'Logged'],
  modified: [11, 'Corrected'],
} as const

/** The profile `security_control`: what the policy did. */
function controlPart(record: AuditRecord, { action }: Reading) {
  if (action === null) return {}
  const [dispositionId, disposition] = DISPOSITION[action]
  return {
    action_id: ACTION[action],
    action: ACTION_NAME[action],
    disposition_id: dispositionId,
    disposition,
    policy: withoutEmpty({
      uid: record.policy_digest,
      name: record.rule?.role ?? record.gate,
      desc: record.rule?.name ?? record.constraint ?? record.reason,
      is_applied: record.enforced ?? undefined,
    }),
    authorizations: [{ decision: record.effect ?? 'unknown' }],
  }
}

function apiActivity(record: AuditRecord, reading: Reading, options: SiemOptions): OwnPart {
  const isRead = record.verb === 'discover'
  const activity = [isRead ? 2 : 99, isRead ? 'Read' : (record.verb ?? 'Other')] as const
  return {
    of: API_ACTIVITY,
    activity,
    fields: {
      ...statusPart(record, reading),
      ...controlPart(record, reading),
      ...partiesPart(record, options),
      duration: wholeOf(record.duration_ms),
    },
  }
}

function detectionFinding(record: AuditRecord, reading: Reading, options: SiemOptions): OwnPart {
  const { finding } = reading
  const rule = finding?.rule || 'unknown'
  const others = [...new Set(record.findings.map((one) => one.rule))].filter((one) => one !== rule)
  return {
    of: DETECTION_FINDING,
    activity: [1, 'Create'],
    fields: {
      status_id: 1,
      status: 'New',
      is_alert: true,
      finding_info: withoutEmpty({
        uid: record.id,
        title: rule,
        desc: finding?.message,
        created_time: reading.at ?? undefined,
        analytic: analyticOf(rule),
        related_analytics: others.map(analyticOf),
      }),
      confidence_score: wholeOf(finding === null ? null : finding.confidence * 100),
      risk_score: wholeOf(record.risk === null ? null : record.risk),
      evidences: [withoutEmpty(partiesPart(record, options))],
    },
  }
}

function analyticOf(rule: string): JsonValue {
  return { type_id: 1, type: 'Rule', name: rule, uid: rule }
}

const ENTITY_ACTIVITY: Readonly<Record<string, readonly [number, string]>> = {
  'approval.asked': [1, 'Create'],
  'policy.changed': [3, 'Update'],
  'session.terminated': [4, 'Delete'],
  'session.paused': [12, 'Suspend'],
  'session.resumed': [13, 'Resume'],
}

function entityManagement(record: AuditRecord, reading: Reading): OwnPart {
  return {
    of: ENTITY_MANAGEMENT,
    activity: ENTITY_ACTIVITY[reading.event] ?? [3, 'Update'],
    fields: {
      ...statusPart(record, reading),
      actor: actorOf(record),
      entity: entityOf(record),
      comment: reading.event,
    },
  }
}

/** Of a type that the schema does not list: `type` says which. */
const OTHER_ENTITY = { type_id: 99 } as const

function entityOf(record: AuditRecord): JsonValue {
  if (record.kind === 'approval')
    return withoutEmpty({
      ...OTHER_ENTITY,
      type: 'Approval',
      uid: record.approval_id || record.id,
      name: record.resource,
    })
  if (record.kind === 'session')
    return {
      ...OTHER_ENTITY,
      type: 'Session',
      uid: record.session_id ?? record.id,
      name: 'session',
    }
  const policy = { uid: record.policy_digest ?? record.id, name: 'policy' }
  return { type_id: 5, type: 'Policy', ...policy, policy }
}

function wholeOf(value: number | null): number | undefined {
  return value === null || !Number.isFinite(value) ? undefined : Math.round(value)
}

/** Under their own names. No arguments, no patch, no obligations: those may hold payload. */
function unmapped(record: AuditRecord): JsonObject {
  return withoutEmpty({
    id: record.id,
    kind: record.kind,
    status: record.status,
    effect: record.effect,
    reason: record.reason,
    gate: record.gate,
    gates: record.gates,
    rule: record.rule === null ? undefined : { ...record.rule },
    constraint: record.constraint,
    mode: record.mode,
    enforced: record.enforced,
    verb: record.verb,
    scope: record.scope,
    tier: record.tier,
    act_chain: record.act_chain,
    approval_id: record.approval_id,
    policy_digest: record.policy_digest,
    disposition: record.disposition,
    risk: record.risk,
    rules: record.findings.map(({ rule }) => rule),
    input_hash: record.input_hash,
    dispatch_hash: record.dispatch_hash,
    output_hash: record.output_hash,
    parent_id: record.parent_id,
    prev: record.prev,
    hash: record.hash,
  })
}

import type { AuditRecord, RecordKind, RecordStatus } from '../../core/model/audit-record.ts'
import { TIERS, VERBS } from '../../core/model/call.ts'
import type { Effect, Mode } from '../../core/model/decision.ts'
import type { Disposition } from '../../core/model/finding.ts'
import {
  amount,
  anyJson,
  count,
  evaluated,
  findings,
  flag,
  hash,
  hashIfAny,
  id,
  longText,
  names,
  obligations,
  oneOf,
  oneOfOrNull,
  patch,
  type RecordField,
  reason,
  rule,
  shortText,
  time,
  traceparent,
  version,
} from './field.ts'

// Objects, so that the compiler misses a member that is added to its union.
const KINDS = {
  decision: 1,
  outcome: 1,
  finding: 1,
  approval: 1,
  policy: 1,
  session: 1,
  route: 1,
} satisfies Record<RecordKind, 1>
const STATUSES = {
  pending: 1,
  denied: 1,
  success: 1,
  failed: 1,
  timeout: 1,
  cancelled: 1,
  unknown: 1,
} satisfies Record<RecordStatus, 1>
const EFFECTS = { allow: 1, deny: 1, compute: 1, escalate: 1 } satisfies Record<Effect, 1>
const MODES = { enforce: 1, observe: 1 } satisfies Record<Mode, 1>
const DISPOSITIONS = { allow: 1, warn: 1, pause: 1, terminate: 1 } satisfies Record<Disposition, 1>
const ACTORS = { user: 1, agent: 1, anonymous: 1, system: 1 } satisfies Record<
  NonNullable<AuditRecord['actor_kind']>,
  1
>

const OF_SUBJECT = 'where the subject has one'
const OF_CALL = 'in records of calls'

/**
 * Every field of a record, schema 1, in order: what the published JSON Schema and the reference are
 * made from.
 */
export const RECORD_FIELDS = {
  schema: version.as('version of this form'),
  id: id.as('id of the decision, or of the event; the two records of a call share it'),
  seq: count.as('counts within one engine, without gaps'),
  ts: time.as('when it was decided, or happened'),
  kind: oneOf(Object.keys(KINDS)).as('what the record is about'),
  status: oneOf(Object.keys(STATUSES)).as('how it stands with it; `unknown` is reserved'),
  trace_id: longText.as(
    "`trace` of the request, of a `traceparent` its trace id; else the decision's id",
    OF_CALL,
  ),
  traceparent: traceparent.as(
    'the span of the caller, as W3C trace context writes it',
    'where the request says it',
  ),
  session_id: shortText.as('the session', 'in all but `policy` records'),
  context_id: shortText.as('`ids.context` of the request', 'where the request says it'),
  client_id: shortText.as('`ids.client` of the request', 'where the request says it'),
  task_id: shortText.as('`ids.task` of the request', 'where the request says it'),
  request_id: shortText.as('`ids.request` of the request', 'where the request says it'),
  tool_call_id: shortText.as('`ids.toolCall` of the request', 'where the request says it'),
  request_method: shortText.as(
    'method of the protocol, such as `tools/call`',
    'where an adapter says it',
  ),
  request_source: shortText.as(
    'how the request came, such as `mcp`; `http` of what asks the gateway for other paths',
    'where an adapter says it',
  ),
  parent_id: shortText.as(
    'the call on whose behalf this one was made',
    'where the request says it',
  ),
  user_id: shortText.as(
    'the person behind the agent; of an answer and an intervention, who gave it',
    OF_SUBJECT,
  ),
  actor_kind: oneOfOrNull(Object.keys(ACTORS)).as(
    'what kind of actor; `user` is who answers an approval or changes a session, `system` the engine itself',
    'where the actor is known',
  ),
  act_chain: names.as('from the person to the agent that acts for them', OF_SUBJECT),
  agent: shortText.as('the agent', OF_SUBJECT),
  tenant: shortText.as('its tenant', OF_SUBJECT),
  team: shortText.as('its team', OF_SUBJECT),
  department: shortText.as('its department', OF_SUBJECT),
  tier: oneOfOrNull(TIERS).as('its tier', OF_CALL),
  server: longText.as('the server that was called', 'where it is known'),
  tool: longText.as('the name of what was called, without the server', OF_CALL),
  resource: longText.as('its full name', 'in records of calls and approvals'),
  verb: oneOfOrNull(VERBS).as('how it was called', 'in records of calls and approvals'),
  scope: longText.as('in which scope', 'where the call has one'),
  effect: oneOfOrNull(Object.keys(EFFECTS)).as('as in the [decision](decision.md)', OF_CALL),
  reason: reason.as('why, as in the decision', OF_CALL),
  gate: shortText.as('the gate that decided', OF_CALL),
  gates: names.as(
    'the gates after `identity` whose turn came, in order, also those with nothing to look for; `evaluated_rules` says what became of each',
    OF_CALL,
  ),
  evaluated_rules: evaluated.as(
    'every gate, then every rule that names the resource, with [what became of it](#what-was-evaluated)',
    'in records of decisions',
  ),
  rule: rule.as(
    'the rule that decided, as in the decision; null where a limit did',
    'where a rule decided',
  ),
  constraint: shortText.as(
    'the kind of constraint that decided, or the limit by its place in `limits`, such as `per_session.per_minute` or `budgets.daily.usd`',
    'where one decided',
  ),
  enforced: flag.as('`false` where the decision was only observed', OF_CALL),
  mode: oneOfOrNull(Object.keys(MODES)).as('mode of the engine', 'in most records'),
  policy_digest: hashIfAny.as(
    'which policy; `unavailable` where each subject has one of its own, and the subject is not known',
    'where a policy spoke',
  ),
  input_hash: hashIfAny.as(
    'hash of the arguments as asked; `unavailable` where they cannot be read',
    'in records of calls and approvals',
  ),
  dispatch_hash: hash.as(
    'hash of the arguments that went out; null where they are those asked for',
    OF_CALL,
  ),
  output_hash: hash.as(
    'hash of the result, where it is plain JSON within the bounds of arguments',
    'in the outcome',
  ),
  arguments: anyJson.as(
    'the arguments that were asked for, redacted; longer ones than 8,192 characters of JSON are `{ "truncated": true, "characters": n }`, and those that carry a secret which the session has read `{ "omitted": "secret_found" }`',
    'where the policy has [`redaction`](../how-to/redact-data.md) with `record`: a raw argument is never kept',
  ),
  patch: patch.as(
    "what was done to the arguments, as in the decision; its values only where the policy's `redaction` is on for records, redacted and bounded likewise, else `op` and `path` alone",
    'where something was',
  ),
  findings: findings.as(
    'behavioural findings: in the intent those of the request, in the outcome those of the response, in `finding` records those of what was shown',
  ),
  disposition: oneOfOrNull(Object.keys(DISPOSITIONS)).as(
    'state of the session',
    'in records of calls and sessions',
  ),
  risk: amount.as('risk score of the session', 'where behaviour is watched'),
  obligations: obligations.as('as in the decision', OF_CALL),
  approval_id: shortText.as(
    'the decision that was put before a person, which is the id of the approval',
    'in `approval` records, and in those of the call that it let out',
  ),
  duration_ms: amount.as('milliseconds from the request to its end', 'in the outcome'),
  error: shortText.as(
    'name and code of what the call threw; never its message, which may hold data',
    'in the outcome',
  ),
  cost_nusd: amount.as(
    'cost of a model call, in billionths of a US dollar',
    'in outcomes of models and in routes, where it is known',
  ),
  model: shortText.as(
    'the model that was called, has answered or was chosen',
    'in records of models',
  ),
  prev: hash.as('hash of the line before', 'by sinks that chain'),
  hash: hash.as('hash of the line', 'by sinks that chain'),
} as const satisfies Readonly<Record<keyof AuditRecord, RecordField>>

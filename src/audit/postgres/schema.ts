import { COLUMNS } from './columns.ts'
import type { Names } from './names.ts'
import { appendOf } from './schema-append.ts'

export type Partition = 'month' | 'none'

/** Statements of one version, in order. A version that was released is never changed: another follows. */
type Migration = (names: Names, partition: Partition) => readonly string[]

export const MIGRATIONS: readonly Migration[] = [
  (names, partition) => [
    tableOf(names, partition),
    ...(partition === 'month'
      ? [`create table ${names.of('_default')} partition of ${names.records} default`]
      : []),
    chainsOf(names),
    ...indexesOf(names, partition),
    executionsOf(names),
    appendOf(names),
  ],
]

/** A row is whole, or it is refused: what a record of its kind must say is not null. */
const WHOLE = `case kind
  when 'decision' then status in ('pending', 'denied')
    and effect is not null and reason is not null and gate is not null
    and (status = 'denied' or effect in ('allow', 'compute') or enforced is false)
  when 'outcome' then status in ('success', 'failed', 'timeout', 'cancelled', 'denied', 'unknown')
    and effect is not null and reason is not null and gate is not null
  when 'approval' then status in ('pending', 'success', 'denied', 'timeout') and approval_id is not null
  when 'policy' then policy_digest is not null and status = 'success'
  when 'session' then session_id is not null and status <> 'pending'
  when 'finding' then status <> 'pending'
  when 'route' then true
  else false
end`

function tableOf(names: Names, partition: Partition): string {
  const columns = COLUMNS.map(
    ({ name, type, isRequired }) => `"${name}" ${type}${isRequired ? ' not null' : ''}`,
  )
  const isParted = partition === 'month'
  return `create table ${names.records} (
    chain text not null,
    position bigint not null,
    ${columns.join(',\n    ')},
    prev text,
    hash text not null,
    line text not null,
    written_at timestamptz not null default now(),
    constraint ${names.local('_pkey')} primary key (chain, position${isParted ? ', ts' : ''}),
    constraint ${names.local('_status_check')} check (${WHOLE}),
    constraint ${names.local('_link_check')} check (
      position >= 1 and (position = 1) = (prev is null) and length(hash) = 71
    )
  )${isParted ? ' partition by range (ts)' : ''}`
}

/** Where each chain has got to. Who appends moves it in the same statement, so that no chain forks. */
function chainsOf(names: Names): string {
  return `create table ${names.chains} (
    chain text primary key,
    position bigint not null,
    hash text,
    writer text,
    claimed_until timestamptz,
    started_at timestamptz not null default now()
  )`
}

/**
 * What an auditor or a SIEM joins and filters by. Each costs every record that it holds, so there are few,
 * and those of what is often null hold only what is not.
 */
const INDEXES: Readonly<Record<string, string>> = {
  ts: '(ts)',
  trace: '(trace_id)',
  session: '(session_id, ts)',
  user: '(user_id, ts) where user_id is not null',
  agent: '(agent, ts)',
  context: '(context_id) where context_id is not null',
  task: '(task_id) where task_id is not null',
  tool_call: '(tool_call_id) where tool_call_id is not null',
  tool_status: '(tool, status, ts)',
  // The view has the resource where there is no tool.
  tool_name: `(coalesce(tool, resource), ts) where kind = 'decision'`,
  tenant: '(tenant, ts) where tenant is not null',
  denied: "(ts) where status = 'denied'",
  approval: '(approval_id) where approval_id is not null',
}

function indexesOf(names: Names, partition: Partition): readonly string[] {
  // A call has one intent and one outcome. Over partitions that cannot be asked for.
  const unique = partition === 'none' ? 'unique ' : ''
  return [
    `create ${unique}index ${names.local('_call')} on ${names.records} (id, kind, chain)
      where kind in ('decision', 'outcome')`,
    ...Object.entries(INDEXES).map(
      ([name, columns]) => `create index ${names.local(`_${name}`)} on ${names.records} ${columns}`,
    ),
  ]
}

/** One row a call, with the columns of \`mcp_tool_executions\` first. What is never recorded is null. */
function executionsOf(names: Names): string {
  return `create view ${names.executions} as
  select
    i.id as mcp_execution_id,
    coalesce(i.tool, i.resource) as tool_name,
    i.server as server_name,
    i.ts as started_at,
    case when i.status = 'denied' then i.ts else o.ts end as completed_at,
    round(o.duration_ms)::bigint as execution_time_ms,
    i.arguments as input,
    null::jsonb as output,
    null::jsonb as output_schema,
    case when i.status = 'denied' then 'denied' else coalesce(o.status, 'unknown') end as status,
    case
      when i.status = 'denied' then i.reason
      when o.status = 'denied' then o.reason
      else o.error
    end as error_message,
    i.user_id,
    i.session_id,
    i.context_id,
    i.task_id,
    i.trace_id,
    i.request_method,
    i.request_source,
    i.tool_call_id as ai_tool_call_id,
    i.written_at as created_at,
    i.chain,
    i.agent,
    i.tenant,
    i.resource,
    i.verb,
    coalesce(o.effect, i.effect) as effect,
    coalesce(o.reason, i.reason) as reason,
    coalesce(o.gate, i.gate) as gate,
    coalesce(o.rule_role, i.rule_role) as rule_role,
    coalesce(o.rule_name, i.rule_name) as rule_name,
    coalesce(o.enforced, i.enforced) as enforced,
    i.policy_digest,
    i.input_hash,
    o.output_hash,
    i.approval_id,
    i.line as intent_line,
    o.line as outcome_line
  from ${names.records} i
  left join ${names.records} o
    on o.chain = i.chain and o.id = i.id and o.kind = 'outcome'
  where i.kind = 'decision'`
}

/**
 * Every name that goes out, in one place: those of OpenTelemetry are still in development and may move.
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
 */
export const CONVENTION_NAMES = {
  method: 'mcp.method.name',
  requestId: 'jsonrpc.request.id',
  operation: 'gen_ai.operation.name',
  tool: 'gen_ai.tool.name',
  toolCall: 'gen_ai.tool.call.id',
  toolArguments: 'gen_ai.tool.call.arguments',
  agent: 'gen_ai.agent.name',
  user: 'user.id',
  error: 'error.type',
} as const

/** Our own: there is no convention for decisions of a policy. They do not move. */
export const OWN_NAMES = {
  id: 'callgate.id',
  sequence: 'callgate.sequence',
  kind: 'callgate.kind',
  status: 'callgate.status',
  effect: 'callgate.effect',
  reason: 'callgate.reason',
  gate: 'callgate.gate',
  constraint: 'callgate.constraint',
  role: 'callgate.role',
  mode: 'callgate.mode',
  enforced: 'callgate.enforced',
  policy: 'callgate.policy.digest',
  server: 'callgate.server',
  resource: 'callgate.resource',
  verb: 'callgate.verb',
  scope: 'callgate.scope',
  tenant: 'callgate.tenant',
  session: 'callgate.session.id',
  parent: 'callgate.parent.id',
  approval: 'callgate.approval.id',
  disposition: 'callgate.disposition',
  risk: 'callgate.risk',
  findings: 'callgate.findings',
  inputHash: 'callgate.input.hash',
  outputHash: 'callgate.output.hash',
} as const

export const METRIC_NAMES = {
  decisions: 'callgate.decisions',
  duration: 'callgate.call.duration',
} as const

/** What labels may be: the values of each are few, whatever callers send. */
export const METRIC_LABELS = [
  OWN_NAMES.effect,
  OWN_NAMES.reason,
  OWN_NAMES.gate,
  OWN_NAMES.status,
] as const

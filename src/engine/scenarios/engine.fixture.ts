import {
  type AuditRecord,
  type AuditSink,
  type CallDeniedError,
  type CallRequest,
  type CompiledPolicy,
  compilePolicy,
  createPolicyEngine,
  type EngineOptions,
  isCallgateError,
  type JsonObject,
  type PolicyEngine,
} from '../../index.ts'

const OFF: JsonObject = { enabled: false }

const OPEN: JsonObject = {
  unlisted: 'allow',
  secrets: OFF,
  // What repeats itself a hundred times at once is a loop to the behavioural layer.
  behavior: { rules: { call_loop: OFF, denial_probing: OFF, rapid_tool_switching: OFF } },
  roles: [{ name: 'all', rules: [{ resources: ['*'], verbs: ['invoke'] }] }],
  bindings: [
    { tier: 'user', roles: ['all'] },
    { agent: 'anonymous', roles: ['all'] },
  ],
}

/** Everybody may call everything, within what `more` says. */
export function policyWith(more: JsonObject = {}): CompiledPolicy {
  return compilePolicy({ ...OPEN, ...more })
}

/** No test waits for a real timer: on a machine that is busy none runs out by itself. */
export const PATIENT = {
  gateTimeoutMs: 3_600_000,
  auditTimeoutMs: 3_600_000,
  dispatchTimeoutMs: 3_600_000,
} as const

export function engineWith(
  more: JsonObject = {},
  { limits, policy = policyWith(more), ...options }: Partial<EngineOptions> = {},
): PolicyEngine {
  return createPolicyEngine({
    policy,
    onDiagnostic: () => {},
    limits: { ...PATIENT, ...limits },
    ...options,
  })
}

export function call(
  resource = 'crm.note',
  args: JsonObject = {},
  more: Partial<CallRequest> = {},
): CallRequest {
  return { session: 's', subject: { agent: 'bot', user: 'u' }, resource, arguments: args, ...more }
}

/** Why a call failed: the reason of a denial, or the code of another error of the engine. */
export function whyOf(error: unknown): string {
  if (!isCallgateError(error)) return String(error)
  return error.code === 'ERR_CALL_DENIED'
    ? (error as CallDeniedError).decision.reason // the one error of this code
    : error.code
}

/** What `guard` gives: the answer, or why there is none. */
export async function guarded<T>(
  engine: PolicyEngine,
  request: CallRequest,
  run: (args: JsonObject, signal: AbortSignal) => T | Promise<T>,
): Promise<T | string> {
  return engine.guard<T>(request, run).catch(whyOf)
}

/** A sink that keeps what it is given, and answers when `turn` says so. */
export function sinkOf(
  turn: (record: AuditRecord) => Promise<void> | undefined = () => undefined,
): { readonly sink: AuditSink; readonly records: AuditRecord[] } {
  const records: AuditRecord[] = []
  const sink: AuditSink = {
    name: 'kept',
    write(written) {
      records.push(...written)
      const [first] = written
      return first === undefined ? undefined : turn(first)
    },
  }
  return { sink, records }
}

/** Kind and status of each record, in their order. */
export function rowsOf(records: readonly AuditRecord[]): readonly string[] {
  return records.map(({ kind, status }) => `${kind} ${status}`)
}

/** Records of each call, by the id that links them, in their order. */
export function linked(records: readonly AuditRecord[]): ReadonlyMap<string, AuditRecord[]> {
  const byId = new Map<string, AuditRecord[]>()
  for (const record of records) {
    const known = byId.get(record.id)
    if (known === undefined) byId.set(record.id, [record])
    else known.push(record)
  }
  return byId
}

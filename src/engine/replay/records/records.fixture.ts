import { memorySink } from '../../../audit/memory.ts'
import type { AuditRecord } from '../../../core/model/audit-record.ts'
import type { CallRequest } from '../../../core/model/call.ts'
import type { JsonObject } from '../../../core/model/json.ts'
import { type CompiledPolicy, compileDocument } from '../../../core/policy/compile.ts'
import type { PolicyDocument } from '../../../core/policy/document.ts'
import { createPolicyEngine } from '../../create-policy-engine.ts'
import type { EngineOptions } from '../../options.ts'
import { createRecordJudge } from './judge-record.ts'
import type { RecordJudgement } from './judgement.ts'

/** What keeps arguments in records as they are, where they hold no secret. */
export const RECORDED: JsonObject = { on: ['record'] }

export function policyOf(document: PolicyDocument): CompiledPolicy {
  return compileDocument({ redaction: RECORDED, ...document }, [])
}

export interface RecordedRun extends Partial<Omit<EngineOptions, 'policy' | 'audit'>> {
  readonly policy: CompiledPolicy
}

/** What an engine records of these calls. Each that goes out is answered. */
export async function recordsOf(
  { policy, ...options }: RecordedRun,
  calls: readonly CallRequest[],
): Promise<readonly AuditRecord[]> {
  const sink = memorySink()
  const engine = createPolicyEngine({
    policy,
    identity: 'host',
    onDiagnostic: () => {},
    ...options,
    audit: [sink],
  })
  await engine.ready()
  for (const call of calls) {
    const ticket = await engine.begin(call, { wait: true })
    await ticket.finish({ ok: true, value: 'done' })
  }
  await engine.close()
  return sink.records()
}

/** Judges the decisions among records, in their order. */
export async function judged(
  records: readonly AuditRecord[],
  policy: CompiledPolicy,
): Promise<readonly RecordJudgement[]> {
  const judge = await createRecordJudge(policy)
  const found: RecordJudgement[] = []
  for (const record of records) {
    const judgement = await judge.judge(record)
    if (judgement !== undefined) found.push(judgement)
  }
  return found
}

/** The answer and, where it cannot be told, why. */
export function answersOf(judgements: readonly RecordJudgement[]): readonly string[] {
  return judgements.map(({ answer, because }) => because ?? answer)
}

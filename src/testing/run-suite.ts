import type { Decision } from '../core/model/decision.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import type { Explanation } from '../engine/explain.ts'
import { createTestEngine, type TestEngine } from './create-test-engine.ts'
import { describeCall } from './describe.ts'
import type { Suite, SuiteTest } from './suite.ts'
import { requestOf } from './test-call.ts'
import { describeGot, describeWant, differences } from './want.ts'

/** What became of one test. */
export interface TestResult {
  readonly name: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly ok: boolean
  /** What was expected and what was decided, in words that can be compared by eye. */
  readonly expected: string
  readonly got: string
  /** Which of effect, reason, gate, rule and constraint are not as expected. */
  readonly differs: readonly string[]
  readonly call: string
  readonly decision: Pick<Decision, 'effect' | 'reason' | 'gate' | 'rule' | 'constraint' | 'detail'>
  /** The smallest change of the policy that would allow the call, where it was refused. */
  readonly remedy: string | null
}

export interface SuiteResult {
  readonly file: string | null
  readonly policy_digest: string
  readonly tests: readonly TestResult[]
}

export interface RunSuiteOptions {
  readonly policy: CompiledPolicy
  /** Only tests whose name has this text, whatever its case. */
  readonly filter?: string
}

/** Runs the tests of a suite against a policy. Nothing moves: each test is a question by itself. */
export async function runSuite(suite: Suite, options: RunSuiteOptions): Promise<SuiteResult> {
  const { policy } = options
  const engine = createTestEngine({ policy })
  await engine.ready()
  const filter = options.filter?.toLowerCase() ?? ''
  const tests: TestResult[] = []
  for (const test of suite.tests)
    if (test.name.toLowerCase().includes(filter)) tests.push(await runTest(engine, suite, test))
  await engine.close()
  return { file: suite.file, policy_digest: policy.digest, tests }
}

async function runTest(engine: TestEngine, suite: Suite, test: SuiteTest): Promise<TestResult> {
  const { name, line, column, want } = test
  engine.clock.set(test.now)
  const request = requestOf(test.call)
  const { decision, remedy }: Explanation = await engine.explain(request)
  const differs = differences(want, decision)
  const { effect, reason, gate, rule, constraint, detail } = decision
  return {
    name,
    file: suite.file,
    line,
    column,
    ok: differs.length === 0,
    expected: describeWant(want),
    got: describeGot(want, decision),
    differs,
    call: describeCall(request),
    decision: { effect, reason, gate, rule, constraint, detail },
    remedy: remedy?.operator ?? null,
  }
}

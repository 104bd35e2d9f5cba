import { loadPolicy } from '../../engine/load-policy.ts'
import { createReplay, type Replay } from '../../engine/replay/replay.ts'
import type { ReplayReport } from '../../engine/replay/replay-report.ts'
import { readTraceFiles } from '../../engine/replay/trace-file.ts'
import { type Command, type CommandContext, EXIT } from '../command.ts'
import { type DemoTrace, demoPolicyFile, demoTraceFile } from '../demo-assets.ts'
import { type ModelsDemo, modelSurprises, playModels, renderModels } from '../demo-models.ts'
import { policyLine, renderSession, totalsLine, totalsOf } from '../replay-text.ts'

/** A recorded session, what it shows, and what must come of it. */
interface Scenario {
  readonly trace: DemoTrace
  readonly title: string
  readonly lesson: readonly string[]
  readonly want: Partial<ReplayReport>
  readonly reasons: readonly string[]
}

const SCENARIOS: readonly Scenario[] = [
  {
    trace: 'rbac_demo_allow.json',
    title: 'Every call is granted',
    lesson: ['Three calls, each allowed by a role that is bound to support-bot.'],
    want: { allowed: 3, denied: 0, analysed: 5, disposition: 'allow', stopped_at: null },
    reasons: ['allowed', 'allowed', 'allowed'],
  },
  {
    trace: 'rbac_demo_sql_blocked.json',
    title: 'The tool is granted, the statement is not',
    lesson: [
      'DELETE blocked by the sql_intent constraint. It never reached the database.',
      'The last line of a report speaks of the session as a whole: whether it goes on.',
    ],
    want: { allowed: 1, denied: 1, stopped_at: 3 },
    reasons: ['allowed', 'constraint_violation'],
  },
  {
    trace: 'rbac_demo_no_binding.json',
    title: 'An agent that nobody knows',
    lesson: ['Default deny: no binding names rogue-agent, so it may do nothing at all.'],
    want: { allowed: 0, denied: 3, analysed: 0, stopped_at: 1 },
    reasons: ['no_binding', 'no_binding', 'no_binding'],
  },
  {
    trace: 'secret_relay.json',
    title: 'Every call is granted, the session is the attack',
    lesson: [
      'RBAC allows all three: the agent may read a key, and it may post a reply.',
      'The behavioral layer follows data from call to call: the reply carries the key that came out of',
      'the database. It was stopped before it went out, and the session with it.',
    ],
    want: { allowed: 2, denied: 1, analysed: 4, disposition: 'terminate', stopped_at: 5 },
    reasons: ['allowed', 'allowed', 'behavior_blocked'],
  },
]

const MODELS_LESSON = [
  'Each prompt was classified, sent to the model that its route names, judged as a call of that model, and',
  'billed by a server on loopback that answers as OpenRouter does. The total is what it billed, to the last digit.',
]

export const demoCommand: Command = {
  name: 'demo',
  summary: 'four recorded sessions and thirteen routed prompts; needs no files of yours',
  usage: '',
  options: [],
  positionals: [],
  formats: ['text', 'json'],
  examples: [{ command: 'demo', summary: 'what callgate does, in a minute' }],
  async run(context) {
    const policy = await loadPolicy(demoPolicyFile())
    const replay = createReplay({ policy })
    const reports: ReplayReport[] = []
    for (const scenario of SCENARIOS) reports.push(await play(replay, scenario))
    await replay.close()
    const models = await playModels()
    const surprises = [
      ...SCENARIOS.flatMap((scenario, index) => surprisesOf(scenario, reports[index])),
      ...modelSurprises(models),
    ]
    if (context.format === 'json')
      context.stdout.write(
        `${JSON.stringify({ schema: 1, policy_digest: policy.digest, surprises, sessions: reports, models })}\n`,
      )
    else {
      context.stdout.write(`${policyLine(policy, context.paint)}\n`)
      show(context, { reports, models, surprises })
    }
    return surprises.length === 0 ? EXIT.yes : EXIT.fault
  },
}

async function play(replay: Replay, { trace }: Scenario): Promise<ReplayReport> {
  for await (const session of readTraceFiles([demoTraceFile(trace)])) return replay.session(session)
  throw new Error(`\`${trace}\` of the demo holds no session`)
}

/** What did not come out as it must: the demo is a check of the installation too. */
function surprisesOf(scenario: Scenario, report: ReplayReport | undefined): readonly string[] {
  const wanted = { ...scenario.want, reasons: scenario.reasons }
  const got = { ...report, reasons: report?.decisions.map(({ reason }) => reason) }
  return (Object.keys(wanted) as (keyof typeof wanted)[]).flatMap((key) => {
    const [want, is] = [JSON.stringify(wanted[key]), JSON.stringify(got[key])]
    return want === is ? [] : [`${scenario.trace}: ${key} is ${is}, expected ${want}`]
  })
}

interface Shown {
  readonly reports: readonly ReplayReport[]
  readonly models: ModelsDemo
  readonly surprises: readonly string[]
}

function show(
  { stdout, stderr, paint }: CommandContext,
  { reports, models, surprises }: Shown,
): void {
  reports.forEach((report, index) => {
    const scenario = SCENARIOS[index]
    stdout.write(`\n\n${paint.name(`${index + 1}. ${scenario?.title ?? ''}`)}\n\n`)
    stdout.write(renderSession(report, paint))
    stdout.write(`\n${(scenario?.lesson ?? []).map(paint.quiet).join('\n')}\n`)
  })
  stdout.write(`\n\n${totalsLine(reports.map(totalsOf), paint)}\n`)
  stdout.write(`\n\n${paint.name('5. Thirteen prompts, three models, one bill that adds up')}\n\n`)
  stdout.write(renderModels(models, paint))
  stdout.write(`\n${MODELS_LESSON.map(paint.quiet).join('\n')}\n\n`)
  for (const surprise of surprises) stderr.write(`${paint.bad('unexpected:')} ${surprise}\n`)
  stdout.write(`next: ${paint.name('callgate init')} writes a policy to start from\n`)
}

import { loadPolicy } from '../../engine/load-policy.ts'
import { createReplay } from '../../engine/replay/replay.ts'
import { isClean } from '../../engine/replay/replay-report.ts'
import { readTraceFiles } from '../../engine/replay/trace-file.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../command.ts'
import { diagnosticWriter, pathOf } from '../policy.ts'
import { createProgress } from '../progress.ts'
import { createReplayWriter } from '../replay-formats.ts'
import { replayRecords } from '../replay-records.ts'

export const replayCommand: Command = {
  name: 'replay',
  summary: 'judge recorded sessions as the engine would have judged them live',
  usage:
    'FILE|DIR... [--policy FILE|DIR] [--observe] | --from AUDIT... [--verify] [--policy FILE|DIR]',
  description: `Reads JSON traces and JSON Lines, one session a line, also gzipped; a folder gives every session
file below it. Without --policy no call is judged by RBAC. Nobody is asked: a call that would wait
for a person is noted and goes on. Exit code 1 means that some session was denied, asked or stopped.
With --from it reads an audit trail in place of sessions and shows which of its decisions another policy
would change; with --verify it derives those of this very policy anew and shows any that differs. Exit
code 1 then means that there is one.`,
  options: [
    { name: 'agent', value: 'NAME', summary: 'the agent of events that name none' },
    { name: 'observe', summary: 'report denials and go on as if there were none' },
    {
      name: 'from',
      value: 'FILE|DIR',
      summary: 'records of an audit trail, also gzipped; `-` is standard input',
      repeatable: true,
      complete: 'file',
    },
    { name: 'verify', summary: 'prove the decisions that this policy made' },
    { name: 'exit-zero', summary: 'exit with 0 whatever was found' },
  ],
  positionals: [
    {
      name: 'FILE|DIR',
      summary: 'session files; with --from more of the trail',
      optional: true,
      repeatable: true,
      complete: 'file',
    },
  ],
  formats: ['text', 'json', 'ndjson', 'junit', 'tap', 'github', 'md'],
  examples: [
    { command: 'replay rbac_demo_allow.json --policy demo.yaml', summary: 'one session' },
    {
      command: 'replay . --policy demo.yaml --format ndjson --exit-zero',
      summary: 'a folder, one line of JSON a session',
    },
    {
      command: 'replay --from audit.jsonl --policy demo.yaml --verify',
      summary: 'whether recorded decisions follow from the policy',
    },
  ],
  run: replay,
}

async function replay(context: CommandContext): Promise<number> {
  const { options, positionals } = context
  if (options.list('from').length > 0 || options.flag('verify')) return replayRecords(context)
  if (positionals.length === 0)
    throw new UsageError('no session file is named', 'name one, or an audit trail with `--from`')
  const named = options.list('policy').map((path) => pathOf(context, path))
  const policy = named.length === 0 ? undefined : await loadPolicy(...named)
  const agent = options.text('agent')
  const engine = createReplay({
    ...(policy === undefined ? {} : { policy }),
    ...(agent === undefined ? {} : { agent }),
    observe: options.flag('observe'),
    onDiagnostic: diagnosticWriter(context),
  })
  const writer = createReplayWriter(context, policy)
  const progress = createProgress(context)
  let clean = true
  try {
    for await (const session of readTraceFiles(positionals.map((path) => pathOf(context, path)))) {
      const report = await engine.session(session)
      clean &&= isClean(report)
      progress.step()
      writer.add(report)
    }
  } finally {
    progress.clear()
    await engine.close()
  }
  writer.end()
  return clean || options.flag('exit-zero') ? EXIT.yes : EXIT.no
}

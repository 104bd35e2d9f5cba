import { loadPolicy } from '../../engine/load-policy.ts'
import { createReplay } from '../../engine/replay/replay.ts'
import { readTraceFiles } from '../../engine/replay/trace-file.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../command.ts'
import { graphOf, type SessionGraph } from '../graph-model.ts'
import { asSvg } from '../graph-svg.ts'
import { asDot, asMermaid } from '../graph-text.ts'
import { diagnosticWriter, pathOf } from '../policy.ts'

export const graphCommand: Command = {
  name: 'graph',
  summary: 'draw where a session’s data went',
  usage: 'FILE... [--session ID] [--policy FILE|DIR]',
  description: `Replays recorded sessions and draws their events in order, the data that went from one to another, and
the rules that fired. Values are never shown. An SVG holds one session; name it where a file has several.`,
  options: [
    { name: 'session', value: 'ID', summary: 'only the session of this id or name' },
    { name: 'agent', value: 'NAME', summary: 'the agent of events that name none' },
  ],
  positionals: [{ name: 'FILE', summary: 'session files', repeatable: true, complete: 'file' }],
  formats: ['dot', 'mermaid', 'svg'],
  examples: [
    {
      command: 'graph secret_relay.json --format mermaid',
      summary: 'for a page that draws Mermaid',
    },
    { command: 'graph secret_relay.json --format svg', summary: 'a picture' },
  ],
  run: graph,
}

async function graph(context: CommandContext): Promise<number> {
  const { format, stdout } = context
  const graphs = await graphsOf(context)
  const [first] = graphs
  if (first === undefined)
    throw new UsageError('no such session', 'without --session every session of the files is drawn')
  if (format === 'svg') {
    if (graphs.length > 1)
      throw new UsageError(
        `an SVG holds one session, and there are ${graphs.length}`,
        'add --session ID',
      )
    stdout.write(asSvg(first))
  } else stdout.write(format === 'mermaid' ? asMermaid(graphs) : asDot(graphs))
  return EXIT.yes
}

async function graphsOf(context: CommandContext): Promise<readonly SessionGraph[]> {
  const { options, positionals } = context
  const named = options.list('policy').map((path) => pathOf(context, path))
  const wanted = options.text('session')
  const agent = options.text('agent')
  const replay = createReplay({
    ...(named.length === 0 ? {} : { policy: await loadPolicy(...named) }),
    ...(agent === undefined ? {} : { agent }),
    onDiagnostic: diagnosticWriter(context),
  })
  const graphs: SessionGraph[] = []
  try {
    for await (const session of readTraceFiles(positionals.map((path) => pathOf(context, path)))) {
      if (wanted !== undefined && session.id !== wanted && session.name !== wanted) continue
      graphs.push(graphOf(session, await replay.session(session)))
    }
  } finally {
    await replay.close()
  }
  return graphs
}

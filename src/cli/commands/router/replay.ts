import { compileRoutes } from '../../../core/routing/compile-routes.ts'
import { dollarText } from '../../../core/routing/cost/report-text.ts'
import {
  type RouteChange,
  type RouteReplay,
  replayRoutes,
} from '../../../router/replay/replay-routes.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { type Paint, printable } from '../../paint.ts'
import { loadNamedPolicy } from '../../policy.ts'
import { TABLE_OPTIONS } from '../audit/audit-table.ts'
import { TRAIL_POSITIONALS, withTrail } from '../audit/trail.ts'
import { shownJsonOn } from '../audit/write-lines.ts'

const MOST_KEPT = 50_000

export const routerReplayCommand: Command = {
  name: 'router replay',
  summary:
    'which recorded requests another policy would send to other models, and what that would cost',
  usage: 'FILE|DIR...|--postgres URL --policy FILE [--exit-zero]',
  description: `Reads the routes of an audit trail. What a request was about is taken as it was recorded; metadata is
not recorded, so no test of it holds. Costs are those of the same tokens at the other model's price, an
estimate, for requests whose cost was recorded and whose models have prices in the policy. Exit code 1
means that some request would go elsewhere.`,
  options: [...TABLE_OPTIONS, { name: 'exit-zero', summary: 'exit with 0 whatever would change' }],
  positionals: TRAIL_POSITIONALS,
  formats: ['text', 'json', 'ndjson'],
  examples: [
    {
      command: 'router replay audit.jsonl --policy new.yaml',
      summary: 'what a new policy changes',
    },
  ],
  async run(context) {
    const policy = await loadNamedPolicy(context)
    const routes = compileRoutes(policy.document.router)
    if (routes === undefined)
      throw new UsageError('the policy has no `router` section', 'name one that routes models')
    const writer = writerOf(context)
    const result = await withTrail(context, (trail) =>
      replayRoutes(trail.records(), routes, writer.add),
    )
    writer.end(result)
    return result.changed === 0 || context.options.flag('exit-zero') ? EXIT.yes : EXIT.no
  },
}

interface Writer {
  add(change: RouteChange): void
  end(result: RouteReplay): void
}

function writerOf({ stdout, format, paint }: CommandContext): Writer {
  const shown = shownJsonOn(stdout)
  if (format === 'text')
    return {
      add: (change) => void stdout.write(`${changeLine(change, paint)}\n`),
      end: (result) => void stdout.write(resultText(result, paint)),
    }
  if (format === 'ndjson')
    return {
      add: (change) => void stdout.write(`${shown(JSON.stringify(change))}\n`),
      end: () => undefined,
    }
  const changes: RouteChange[] = []
  return {
    add(change) {
      if (changes.length < MOST_KEPT) changes.push(change)
    },
    end: (result) =>
      void stdout.write(`${shown(JSON.stringify({ schema: 1, ...result, changes }))}\n`),
  }
}

function changeLine(
  { id, ts, agent, was, now, route_was, route_now }: RouteChange,
  paint: Paint,
): string {
  const to = now === null ? paint.bad('nothing') : paint.warning(modelText(now, route_now))
  const who = printable(agent ?? '(none)')
  return `${printable(id)}  ${paint.quiet(ts)}  agent=${who}  ${modelText(was, route_was)} -> ${to}`
}

function modelText(model: string | null, route: string | null): string {
  return printable(model === null ? 'nothing' : `${model} (${route ?? 'no route'})`)
}

function resultText(
  { routed, same, changed, refused, unknown, cost }: RouteReplay,
  paint: Paint,
): string {
  const changes = changed === 0 ? paint.good('none changes') : paint.bad(`${changed} change`)
  const lines = [
    `${routed} routed request${routed === 1 ? '' : 's'}: ${same} the same, ${changes}`,
    ...(refused === 0 ? [] : [`${refused} would not be answered at all`]),
    ...(unknown === 0 ? [] : [`${unknown} records do not say what they were chosen by`]),
  ]
  if (cost.requests > 0) {
    const saved = cost.was_nusd - cost.now_nusd
    lines.push(
      `cost of ${cost.requests} of them: ${dollars(cost.was_nusd)} as recorded, ${dollars(cost.now_nusd)} estimated, ${saved < 0 ? 'more' : 'less'} by ${dollars(Math.abs(saved))}`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** Nano-dollars, all of them. */
function dollars(nusd: number): string {
  return dollarText(BigInt(nusd), 9)
}

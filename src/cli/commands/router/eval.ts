import { compileRoutes } from '../../../core/routing/compile-routes.ts'
import { loadPolicy } from '../../../engine/load-policy.ts'
import { type Chooser, rankModels } from '../../../router/eval/choosers.ts'
import {
  evaluateRouting,
  type PolicyFigures,
  type RoutingEvaluation,
} from '../../../router/eval/evaluate-routing.ts'
import { byPolicy, localTaskOf } from '../../../router/eval/policy-chooser.ts'
import { type OutcomeRow, readOutcomes } from '../../../router/eval/read-rows.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { printable } from '../../paint.ts'
import { pathOf } from '../../policy.ts'
import { alignRows } from '../../table.ts'
import { readDataFile } from './read-files.ts'

export const routerEvalCommand: Command = {
  name: 'router eval',
  summary: 'what routing would be worth: quality and cost of ways to choose models',
  usage: 'FILE... [--policy FILE|DIR] [--max-drop POINTS]',
  description: `Reads JSON Lines with a \`prompt\` and, for each model, the measured \`quality\` (0 to 1) and \`cost\`
(US dollars): \`models: { name: { quality, cost } }\`. Half of the rows are learned from, by the hash of the
prompt; all figures come from the other half. What chooses sees the prompt and nothing else. Gain and
saving are against the model that was strongest on the rows learned from, with 95 % intervals. Where one
model is the best and the cheapest at once, it says so: then routing cannot help.`,
  options: [
    {
      name: 'max-drop',
      value: 'POINTS',
      summary: 'points of quality that may be lost for a saving (0)',
    },
  ],
  positionals: [
    { name: 'FILE', summary: 'JSON Lines of outcomes', repeatable: true, complete: 'file' },
  ],
  formats: ['text', 'json'],
  examples: [
    { command: 'router eval outcomes.jsonl', summary: 'whether routing is worth it' },
    {
      command: 'router eval outcomes.jsonl --policy demo.yaml',
      summary: 'what the routes of a policy are worth',
    },
  ],
  run: evaluate,
}

async function evaluate(context: CommandContext): Promise<number> {
  const { positionals, stdout, format } = context
  const maxDrop = dropOf(context)
  const rows: OutcomeRow[] = []
  for (const name of positionals)
    rows.push(...readOutcomes(await readDataFile(context, name), name))
  const others = await policyChoosers(context, rows)
  const evaluation = evaluateRouting(rows, { taskOf: localTaskOf, others, maxDrop })
  stdout.write(
    format === 'json'
      ? `${JSON.stringify({ schema: 1, max_drop: maxDrop, ...evaluation })}\n`
      : textOf(context, evaluation),
  )
  return EXIT.yes
}

/** From 0 to 1, given in points. */
function dropOf({ options }: CommandContext): number {
  const text = options.text('max-drop') ?? '0'
  const points = Number(text)
  if (text.trim() !== '' && points >= 0 && points <= 100) return points / 100
  throw new UsageError(`--max-drop is a number of points from 0 to 100, not \`${text}\``)
}

async function policyChoosers(
  context: CommandContext,
  rows: readonly OutcomeRow[],
): Promise<Chooser[]> {
  const named = context.options.list('policy').map((path) => pathOf(context, path))
  const ranked = rankModels(rows)
  const [first] = ranked
  if (named.length === 0 || first === undefined) return []
  const policy = await loadPolicy(...named)
  const routes = compileRoutes(policy.document.router)
  if (routes === undefined)
    throw new UsageError('the policy has no `router` section', 'name one that routes models')
  return [
    byPolicy(
      routes,
      ranked.map(({ model }) => model),
      first.model,
    ),
  ]
}

function textOf({ paint }: CommandContext, evaluation: RoutingEvaluation): string {
  const { learned, unseen, strongest, policies, dominant, chosen } = evaluation
  const table = alignRows([HEAD.map(paint.strong), ...policies.map(cellsOf)])
  const lines = [
    `${learned} rows learned from, ${unseen} measured; the strongest model is ${printable(strongest)}`,
    '',
    ...table,
    '',
  ]
  if (dominant !== null)
    lines.push(
      `${printable(dominant)} is cheaper and better on average than every other model: routing cannot help you here.`,
    )
  if (chosen === null) lines.push('No price weight saves anything within the limit.')
  else {
    const { price_weight: weight, promised, confirmed, holds } = chosen
    lines.push(
      `Chosen price weight ${weight}: promised ${points(promised.gain)} points and ${percent(promised.saving)} saved; on unseen rows ${points(confirmed.gain)} and ${percent(confirmed.saving)}: the limit ${holds ? 'holds' : 'does not hold'}.`,
    )
  }
  return `${lines.join('\n')}\n`
}

const HEAD = ['Policy', 'Quality', 'Gain', 'Cost', 'Saved', 'Regret']

function cellsOf(figures: PolicyFigures): string[] {
  const { policy, quality, cost, gain, gain_interval: gains, saving, regret } = figures
  const savings = figures.saving_interval
  return [
    printable(policy),
    percent(quality),
    `${points(gain)} (${points(gains.low)} to ${points(gains.high)})`,
    `$${cost.toPrecision(3)}`,
    `${percent(saving)} (${percent(savings.low)} to ${percent(savings.high)})`,
    (100 * regret).toFixed(1),
  ]
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function points(share: number): string {
  return `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)}`
}

import { writeFile } from 'node:fs/promises'
import { type HeldOut, train } from '../../../core/routing/classifier/train.ts'
import { readLabelledPrompts } from '../../../router/eval/read-rows.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { pathOf } from '../../policy.ts'
import { readDataFile } from './read-files.ts'

export const routerTrainCommand: Command = {
  name: 'router train',
  summary: 'learn from labelled prompts of your own what requests are about',
  usage: 'FILE... --out FILE',
  description: `Reads JSON Lines with a \`prompt\` and its \`task\`, and writes weights for the local classifier. Audit
trails hold no prompts, so keep them yourself. A quarter is kept aside to tell how often answers are right;
where \`source\` names eight or more origins, whole origins are kept aside as well. The same rows give the
same weights. No prompt can be read from the weights file by name, but its words do leave traces: treat it
like the data.`,
  options: [
    {
      name: 'out',
      short: 'o',
      value: 'FILE',
      complete: 'file',
      summary: 'where the weights go, as JSON',
    },
  ],
  positionals: [
    { name: 'FILE', summary: 'JSON Lines of prompts', repeatable: true, complete: 'file' },
  ],
  formats: ['text', 'json'],
  examples: [{ command: 'router train prompts.jsonl --out weights.json', summary: 'learn' }],
  run: learn,
}

async function learn(context: CommandContext): Promise<number> {
  const { options, positionals, stdout, format } = context
  const out = options.text('out')
  if (out === undefined) throw new UsageError('`--out` is missing', 'say where the weights go')
  const rows = []
  for (const name of positionals)
    rows.push(...readLabelledPrompts(await readDataFile(context, name), name))
  const { weights, prompts, sources } = train(rows)
  await writeFile(pathOf(context, out), `${JSON.stringify(weights)}\n`)
  if (format === 'json') {
    const { tasks, temperature, threshold } = weights
    const result = { schema: 1, rows: rows.length, tasks, temperature, threshold, prompts, sources }
    stdout.write(`${JSON.stringify(result)}\n`)
    return EXIT.yes
  }
  stdout.write(
    `learned ${weights.tasks.length} tasks from ${rows.length} prompts\n${[
      heldOutLine('prompts kept aside', prompts),
      ...(sources.rows === 0 ? [] : [heldOutLine('sources kept aside', sources)]),
    ].join('')}`,
  )
  return EXIT.yes
}

function heldOutLine(name: string, figures: HeldOut): string {
  const { rows, accuracy, answered, accuracy_answered: right } = figures
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  return `${name}: ${rows}, ${percent(accuracy)} right; answers ${percent(answered)}, ${percent(right)} of them right\n`
}

import { CALL_OPTIONS, CALL_POSITIONALS, requestOf, subjectOf } from '../call-options.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../command.ts'
import { isYes, renderExplanation, whyLine } from '../explanation.ts'
import { listPermissions, renderPermissions } from '../permissions.ts'
import { loadNamedPolicy, openEngine } from '../policy.ts'

export const canICommand: Command = {
  name: 'can-i',
  summary: 'whether an agent may do something, or with --list what it may do',
  usage: 'AGENT VERB RESOURCE [--args JSON] | AGENT --list',
  description: `Exit code 0 means yes, 1 means no. Rules with constraints need the arguments they look at.
Without --policy, \`callgate.yaml\` of the current folder is asked.`,
  options: [
    ...CALL_OPTIONS,
    { name: 'list', short: 'l', summary: 'what the agent may do, instead of one answer' },
    { name: 'explain', short: 'e', summary: 'the rules behind the answer' },
    { name: 'quiet', short: 'q', summary: 'only the exit code' },
  ],
  positionals: CALL_POSITIONALS.map((one) =>
    one.name === 'AGENT' ? one : { ...one, optional: true },
  ),
  formats: ['text', 'json'],
  examples: [
    {
      command: 'can-i support-bot invoke support.read_ticket --policy demo.yaml',
      summary: 'one question',
    },
    {
      command: `can-i support-bot invoke db.execute_sql --policy demo.yaml --args '{"query":"DELETE FROM customers"}'`,
      summary: 'with the arguments of the call',
    },
    { command: 'can-i support-bot --list --policy demo.yaml', summary: 'everything it may do' },
  ],
  run: (context) => (context.options.flag('list') ? list(context) : answer(context)),
}

async function answer(context: CommandContext): Promise<number> {
  const { stdout, stderr, options, paint, format } = context
  const request = requestOf(context)
  const engine = await openEngine(context, await loadNamedPolicy(context))
  const explanation = await engine.explain(request)
  const { decision, considered, remedy } = explanation
  const yes = isYes(decision)
  const exit = yes ? EXIT.yes : EXIT.no
  if (options.flag('quiet')) return exit
  if (format === 'json') {
    const more = options.flag('explain') ? { considered, remedy: remedy ?? null } : {}
    stdout.write(`${JSON.stringify({ schema: 1, allowed: yes, decision, ...more })}\n`)
    return exit
  }
  stdout.write(`${yes ? paint.good('yes') : paint.bad('no')}  ${paint.quiet(whyLine(decision))}\n`)
  if (options.flag('explain')) stdout.write(`\n${renderExplanation(request, explanation, paint)}`)
  if (decision.reason === 'constraint_unverifiable' && options.text('args') === undefined)
    stderr.write('note: the rule looks at the arguments; give them with `--args`\n')
  return exit
}

async function list(context: CommandContext): Promise<number> {
  const { stdout, options, paint, format, positionals } = context
  if (positionals.length > 1)
    throw new UsageError(
      '`--list` takes only an agent',
      `leave out \`${positionals.slice(1).join(' ')}\``,
    )
  const permissions = await listPermissions(await loadNamedPolicy(context), {
    subject: subjectOf(context),
    scope: options.text('scope'),
    at: Date.now(),
  })
  const exit = permissions.length > 0 ? EXIT.yes : EXIT.no
  if (options.flag('quiet')) return exit
  if (format === 'json')
    stdout.write(`${JSON.stringify({ schema: 1, agent: positionals[0], permissions })}\n`)
  else stdout.write(renderPermissions(positionals[0] ?? '', permissions, paint))
  return exit
}

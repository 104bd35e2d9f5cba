import { CALL_OPTIONS, CALL_POSITIONALS, requestOf } from '../call-options.ts'
import { type Command, EXIT } from '../command.ts'
import { isYes, renderExplanation } from '../explanation.ts'
import { loadNamedPolicy, openEngine } from '../policy.ts'

export const explainCommand: Command = {
  name: 'explain',
  summary: 'why a call is allowed or denied, and what would allow it',
  usage: 'AGENT VERB RESOURCE [--args JSON]',
  description: `Shows every rule that names the resource, the one that decided, what each constraint found,
and the smallest change that would allow the call. Exit codes as of \`can-i\`.`,
  options: CALL_OPTIONS,
  positionals: CALL_POSITIONALS,
  formats: ['text', 'json'],
  examples: [
    {
      command: `explain support-bot invoke db.execute_sql --policy demo.yaml --args '{"query":"DELETE FROM customers"}'`,
      summary: 'a call that a constraint refuses',
    },
    {
      command: 'explain rogue-agent invoke crm.lookup_customer --policy demo.yaml --format json',
      summary: 'for programs: with the patch that would allow it',
    },
  ],
  async run(context) {
    const { stdout, format, paint } = context
    const request = requestOf(context)
    const engine = await openEngine(context, await loadNamedPolicy(context))
    const explanation = await engine.explain(request)
    const { decision, considered, remedy } = explanation
    stdout.write(
      format === 'json'
        ? `${JSON.stringify({ schema: 1, decision, considered, remedy: remedy ?? null })}\n`
        : renderExplanation(request, explanation, paint),
    )
    return isYes(decision) ? EXIT.yes : EXIT.no
  },
}

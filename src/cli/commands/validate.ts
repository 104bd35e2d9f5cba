import { checkPolicyFiles } from '../../engine/load-policy.ts'
import { type Command, EXIT } from '../command.ts'
import { pathOf, policyPaths } from '../policy.ts'
import { renderValidation } from '../validation.ts'

export const validateCommand: Command = {
  name: 'validate',
  summary: 'check policy files; every problem at once, with its place',
  usage: 'FILE|DIR... [--fail-on problem|warning]',
  description: `Several files and folders are merged to one policy, as \`--policy\` does.
Exit code 3 means that something is wrong; warnings alone give 0, or 1 with --fail-on warning.`,
  options: [
    {
      name: 'fail-on',
      value: 'LEVEL',
      choices: ['problem', 'warning'],
      summary: 'what is not acceptable',
    },
  ],
  positionals: [
    {
      name: 'FILE|DIR',
      summary: 'what to check (callgate.yaml)',
      optional: true,
      repeatable: true,
      complete: 'file',
    },
  ],
  formats: ['text', 'json', 'sarif', 'github', 'junit', 'tap', 'md'],
  examples: [
    { command: 'validate demo.yaml', summary: 'one file' },
    { command: 'validate demo.yaml --format sarif', summary: 'for code scanning' },
  ],
  async run(context) {
    const { stdout, positionals, options, format, paint } = context
    const named = positionals.map((path) => pathOf(context, path))
    const paths = named.length > 0 ? [...named, ...options.list('policy')] : policyPaths(context)
    const checked = await checkPolicyFiles(...paths)
    stdout.write(renderValidation({ paths, checked }, format, paint))
    if (checked.problems.length > 0) return EXIT.policyInvalid
    const tooStrict = options.text('fail-on') === 'warning' && checked.warnings.length > 0
    return tooStrict ? EXIT.no : EXIT.yes
  },
}

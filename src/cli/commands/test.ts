import { readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { loadPolicy, readPolicyFiles } from '../../engine/load-policy.ts'
import { runSuite, type SuiteResult } from '../../testing/run-suite.ts'
import { readSuite, type Suite } from '../../testing/suite.ts'
import { SuiteError, type SuiteProblem } from '../../testing/suite-error.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../command.ts'
import { policyPaths } from '../policy.ts'
import { type CoveredPolicy, coverageOf, placesOfRules } from '../test-report/coverage.ts'
import { findSuites } from '../test-report/find-suites.ts'
import { githubReport } from '../test-report/github.ts'
import { jsonReport } from '../test-report/json.ts'
import { junitReport } from '../test-report/junit.ts'
import { markdownReport } from '../test-report/markdown.ts'
import { type RunReport, totalsOf } from '../test-report/run-report.ts'
import { tapReport } from '../test-report/tap.ts'
import { textReport } from '../test-report/text.ts'

export const testCommand: Command = {
  name: 'test',
  summary: 'run policy test suites',
  usage: '[FILE|DIR]... [--filter TEXT] [--coverage] [--min-coverage N]',
  description:
    'Runs the suites named, or every *.policytest.yaml, .yml and .json below the folder. A suite names its policy; --policy says another one for all of them, and callgate.yaml of the current folder serves those that name none.\n\nExits 1 where a test failed, where nothing ran, and where fewer rules decided a test than --min-coverage asks for.',
  options: [
    {
      name: 'filter',
      value: 'TEXT',
      summary: 'only tests whose name has this text, whatever its case',
    },
    { name: 'coverage', summary: 'list rules that no test is decided by' },
    {
      name: 'min-coverage',
      value: 'N',
      summary: 'fail below this percentage of rules covered (implies --coverage)',
    },
  ],
  positionals: [
    {
      name: 'FILE|DIR',
      summary: 'a suite, or a folder that is searched for them; by default this folder',
      optional: true,
      repeatable: true,
      complete: 'file',
    },
  ],
  formats: ['text', 'json', 'junit', 'tap', 'github', 'md'],
  examples: [
    { command: 'test', summary: 'every suite below this folder' },
    { command: 'test --policy policy.yaml --coverage', summary: 'and the rules nobody tests' },
    { command: 'test policies --format junit', summary: 'for a CI server' },
  ],
  async run(context) {
    const minCoverage = minCoverageOf(context)
    const suites = readSuites(context)
    const run = await runSuites(context, suites)
    const isCoverageWanted = minCoverage !== undefined || context.options.flag('coverage')
    const report: RunReport = {
      suites: run.flatMap((one) => one.results),
      ...(isCoverageWanted ? { coverage: coverageOf(run) } : {}),
      ...(minCoverage === undefined ? {} : { minCoverage }),
    }
    context.stdout.write(render(report, context))
    return totalsOf(report).ok ? EXIT.yes : EXIT.no
  },
}

function minCoverageOf({ options }: CommandContext): number | undefined {
  const text = options.text('min-coverage')
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 100) return value
  throw new UsageError(`\`--min-coverage\` is a percentage, not \`${text}\``, 'write 0 to 100')
}

/** A suite, and the folder that its policy's paths are relative to. */
interface FoundSuite {
  readonly suite: Suite
  readonly folder: string
}

/** Every problem of every suite at once. */
function readSuites(context: CommandContext): readonly FoundSuite[] {
  const problems: SuiteProblem[] = []
  const suites = suiteFiles(context).flatMap((file): FoundSuite[] => {
    const path = resolve(context.cwd, file)
    try {
      return [{ suite: readSuite(readFileSync(path, 'utf8'), { file }), folder: dirname(path) }]
    } catch (error) {
      if (!(error instanceof SuiteError)) throw error
      problems.push(...error.problems)
      return []
    }
  })
  if (problems.length > 0) throw new SuiteError(problems)
  return suites
}

/** As the user would name them: relative to where the command runs, each once. */
function suiteFiles({ cwd, positionals }: CommandContext): readonly string[] {
  const given = positionals.length === 0 ? ['.'] : positionals
  const files = given.flatMap((path) => {
    const at = resolve(cwd, path)
    if (!statSync(at).isDirectory()) return [path]
    return findSuites(at).map((found) => join(path, found))
  })
  return [...new Set(files)]
}

/** Suites of one policy together, each policy loaded once. */
async function runSuites(
  context: CommandContext,
  suites: readonly FoundSuite[],
): Promise<readonly CoveredPolicy[]> {
  const groups = new Map<string, { paths: readonly string[]; suites: Suite[] }>()
  for (const { suite, folder } of suites) {
    const paths = pathsFor(context, suite, folder)
    const key = JSON.stringify(paths)
    const group = groups.get(key) ?? { paths, suites: [] }
    group.suites.push(suite)
    groups.set(key, group)
  }
  const run: CoveredPolicy[] = []
  for (const { paths, suites: members } of groups.values()) {
    const policy = await loadPolicy(...paths)
    const results = await runAll(members, policy, context.options.text('filter'))
    run.push({ policy, results, places: placesOfRules(await readPolicyFiles(...paths)) })
  }
  return run
}

async function runAll(
  suites: readonly Suite[],
  policy: CompiledPolicy,
  filter: string | undefined,
): Promise<readonly SuiteResult[]> {
  const results: SuiteResult[] = []
  for (const suite of suites) {
    const result = await runSuite(suite, { policy, ...(filter === undefined ? {} : { filter }) })
    // Suites that the filter leaves nothing of are no news.
    if (result.tests.length > 0 || filter === undefined) results.push(result)
  }
  return results
}

/** `--policy`, else what the suite names, else the policy of the current folder. */
function pathsFor(context: CommandContext, suite: Suite, folder: string): readonly string[] {
  if (suite.policy.length === 0 || context.options.list('policy').length > 0)
    return policyPaths(context)
  return suite.policy.map((path) => fromProcess(isAbsolute(path) ? path : join(folder, path)))
}

/** As short as messages want it, and still readable from where the process stands. */
function fromProcess(path: string): string {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}

function render(report: RunReport, { format, paint }: CommandContext): string {
  switch (format) {
    case 'json':
      return jsonReport(report)
    case 'junit':
      return junitReport(report)
    case 'tap':
      return tapReport(report)
    case 'github':
      return githubReport(report)
    case 'md':
      return markdownReport(report)
    case 'text':
    case 'ndjson':
    case 'sarif':
    case 'dot':
    case 'mermaid':
    case 'svg':
    case 'csv':
    case 'ocsf':
    case 'ecs':
    case 'cef':
    case 'leef':
    case 'syslog':
    case 'cloudevents':
      return textReport(report, paint)
  }
}

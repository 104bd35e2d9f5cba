import { CallgateError } from '../core/model/errors.ts'

/** One fault of a test suite, with its place. */
export interface SuiteProblem {
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly hint: string | null
}

/** All problems of a test suite at once. */
export class SuiteError extends CallgateError {
  readonly problems: readonly SuiteProblem[]
  constructor(problems: readonly SuiteProblem[]) {
    super('ERR_SUITE_INVALID', problems.map(formatSuiteProblem).join('\n'))
    this.name = 'SuiteError'
    this.problems = Object.freeze([...problems])
  }
}

/** `file:line:column: message (hint)`, the form editors link. */
function formatSuiteProblem(problem: SuiteProblem): string {
  const place = [problem.file ?? 'suite', problem.line, problem.column]
    .filter((part) => part !== null)
    .join(':')
  const hint = problem.hint === null ? '' : ` (${problem.hint})`
  return `${place}: ${problem.message}${hint}`
}

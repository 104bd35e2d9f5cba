import type { PolicyProblem, ProblemKind } from '../../model/errors.ts'
import { MAX_PROBLEMS, type Path, type Place, pointerOf, type Source } from '../read/source.ts'
import type { PolicyWarning } from '../warning.ts'

/** Collects what is wrong with one source. Nothing is said twice, nor what follows from a fault. */
export interface Report {
  readonly source: Source
  readonly problems: PolicyProblem[]
  readonly warnings: PolicyWarning[]
  /** Lists of rules and bindings that were found sound while they were copied. */
  readonly plain: ReadonlySet<unknown>
  /** At the value of the path, or at its key. */
  problem(kind: ProblemKind, path: Path, message: string, options?: ReportOptions): void
  warning(kind: string, path: Path, message: string, options?: ReportOptions): void
  /** True where no more problems are taken: looking for them costs more than they are worth. */
  isFull(): boolean
  /** True where something at or inside of the path is wrong already. */
  isFaulty(path: Path): boolean
}

export interface ReportOptions {
  readonly hint?: string | null
  readonly at?: 'value' | 'key'
}

export function createReport(source: Source, plain: ReadonlySet<unknown> = new Set()): Report {
  const problems: PolicyProblem[] = [...source.problems]
  const warnings: PolicyWarning[] = []
  const seen = new Set<string>()
  for (const problem of problems) seen.add(keyOf(problem.kind, problem.path, problem))
  const broken = source.damaged.filter((damage) => damage.whole).map(({ path }) => pointerOf(path))
  const lacking = new Set(
    source.damaged.filter((damage) => !damage.whole).map(({ path }) => pointerOf(path)),
  )
  const follows = (kind: string, pointer: string): boolean =>
    (kind === 'missing_field' && lacking.has(pointer)) ||
    broken.some((at) => pointer === at || pointer.startsWith(`${at}/`))
  return {
    source,
    problems,
    warnings,
    plain,
    problem(kind, path, message, options) {
      if (problems.length >= MAX_PROBLEMS) return
      const problem = problemAt(source, kind, path, message, options)
      const key = keyOf(kind, problem.path, problem)
      if (seen.has(key) || follows(kind, problem.path)) return
      seen.add(key)
      problems.push(problem)
    },
    warning(kind, path, message, options) {
      if (warnings.length >= MAX_PROBLEMS) return
      warnings.push({ kind, ...describe(source, path, message, options) })
    },
    isFull: () => problems.length >= MAX_PROBLEMS,
    isFaulty(path) {
      if (problems.length === 0) return false
      const pointer = pointerOf(path)
      return problems.some(
        (problem) => problem.path === pointer || problem.path.startsWith(`${pointer}/`),
      )
    },
  }
}

export function problemAt(
  source: Source,
  kind: ProblemKind,
  path: Path,
  message: string,
  options?: ReportOptions,
): PolicyProblem {
  return { kind, ...describe(source, path, message, options) }
}

function describe(
  source: Source,
  path: Path,
  message: string,
  options: ReportOptions = {},
): Omit<PolicyProblem, 'kind'> {
  const place: Place = options.at === 'key' ? source.keyPlace(path) : source.place(path)
  return { message, file: source.file, ...place, path: pointerOf(path), hint: options.hint ?? null }
}

/** One fault of an anchor that two aliases show has two paths and one place. */
function keyOf(kind: string, pointer: string, place: Place): string {
  return place.line === null ? `${kind} ${pointer}` : `${kind} ${place.line}:${place.column}`
}

/** In the order of the text. */
export function inOrder<T extends Place>(found: readonly T[]): T[] {
  return [...found].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  )
}

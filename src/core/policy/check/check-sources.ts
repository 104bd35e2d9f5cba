import type { PolicyProblem } from '../../model/errors.ts'
import { didYouMean } from '../../suggest.ts'
import type { PolicyDocument } from '../document.ts'
import type { PolicyLimits } from '../limits.ts'
import { mergeSources } from '../merge.ts'
import { normalize } from '../normalize.ts'
import { PACKS } from '../packs.ts'
import { objectSource, type Path, type Source } from '../read/source.ts'
import type { PolicyWarning } from '../warning.ts'
import { checkMeaning } from './check-meaning.ts'
import { listOf } from './lenient.ts'
import { plainCopy } from './plain-copy.ts'
import { createReport, inOrder, problemAt, type Report } from './report.ts'
import { validateShape } from './validate-shape.ts'

export interface CheckOptions {
  readonly limits: PolicyLimits
  /** True where files named in `extends` are among the sources already. */
  readonly hasFiles: boolean
}

/** What sources make together. `document` is there only where nothing is wrong. */
export interface Checked {
  readonly document: PolicyDocument | undefined
  readonly problems: readonly PolicyProblem[]
  readonly warnings: readonly PolicyWarning[]
}

/** Sources, lowest layer first, to one checked document with every problem of them all. */
export function checkSources(sources: readonly Source[], options: CheckOptions): Checked {
  const reports: Report[] = []
  for (const source of sources) reports.push(inspect(source, options.limits))
  const packs = reports.flatMap((report) => extendedPacks(report, options))
  for (const name of new Set(packs)) reports.unshift(inspect(packSource(name), options.limits))
  checkMeaning(reports, options.limits)
  const isSound = reports.every((report) => report.problems.length === 0)
  const merged = isSound ? mergeSources(reports) : undefined
  const problems = reports.flatMap((report) => inOrder(report.problems))
  const document = problems.length === 0 && merged !== undefined ? normalize(merged) : undefined
  return { document, problems, warnings: reports.flatMap((report) => inOrder(report.warnings)) }
}

/** One source to plain, frozen values of the right shape, or to what is wrong with them. */
function inspect(source: Source, limits: PolicyLimits): Report {
  if (source.value === undefined) return createReport(source)
  const copied = plainCopy(source.value, limits.maxDepth)
  const faults = copied.faults.map(({ kind, path = [], message }) =>
    problemAt(source, kind, path, message),
  )
  const plainSource: Source = {
    ...source,
    value: copied.value,
    problems: [...source.problems, ...faults],
    damaged: [...source.damaged, ...damageOf(copied.faults)],
  }
  const report = createReport(plainSource, copied.plain)
  if (copied.value === undefined) return report
  validateShape(report)
  for (const path of copied.notFinite)
    if (!report.isFaulty(path))
      report.problem('bad_number', path, 'JSON has no such number: neither infinite nor NaN')
  return report
}

function damageOf(
  faults: readonly { readonly kind: string; readonly path?: Path }[],
): Source['damaged'] {
  return faults.map(({ kind, path = [] }) =>
    kind === 'proto_key' ? { path: path.slice(0, -1), whole: false } : { path, whole: true },
  )
}

const PACK = 'pack:'

function extendedPacks(report: Report, options: CheckOptions): readonly string[] {
  const names: string[] = []
  listOf(report.source.value, 'extends').forEach((layer, index) => {
    if (typeof layer !== 'string') return
    const name = layer.startsWith(PACK) ? layer.slice(PACK.length) : undefined
    if (name !== undefined && PACKS.has(name)) names.push(name)
    else if (name !== undefined)
      report.problem('unknown_ref', ['extends', index], `there is no pack \`${name}\``, {
        hint:
          didYouMean(name, PACKS.keys()) ??
          `known are ${[...PACKS.keys()].map((known) => `\`${known}\``).join(', ')}`,
      })
    else if (!options.hasFiles)
      report.problem(
        'unknown_ref',
        ['extends', index],
        `a text cannot reach the file \`${layer}\``,
        {
          hint: 'load the policy with `loadPolicy`, which reads files',
        },
      )
  })
  return names
}

function packSource(name: string): Source {
  return objectSource(PACK + name, { roles: PACKS.get(name)?.roles ?? [] }, [], [])
}

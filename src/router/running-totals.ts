import {
  type CostEntry,
  type CostReport,
  type CostTotals,
  type ModelCosts,
  reportCosts,
  totalsOf,
} from '../core/routing/cost/report.ts'

/** Sums of all that was paid for, kept as sums: entries themselves are not. */
export interface RunningTotals {
  add(entry: CostEntry): void
  /** With entries that are not among the sums yet. */
  report(besides: readonly CostEntry[], baselineModel: string | null): CostReport
}

const MOST_MODELS = 1_000
const OTHERS = 'others'

export function createRunningTotals(): RunningTotals {
  let totals = totalsOf([])
  let models = new Map<string, ModelCosts>()
  return {
    add(entry) {
      const one = reportCosts([entry])
      totals = sum(totals, one.totals)
      models = withModels(models, one.models)
    },
    report(besides, baselineModel) {
      const more = reportCosts(besides)
      const all = sum(totals, more.totals)
      const { baseline_nusd: nusd, savings_nusd: savings } = all
      return {
        totals: all,
        models: [...withModels(new Map(models), more.models).values()].sort(
          (one, other) => other.nusd - one.nusd || (one.model < other.model ? -1 : 1),
        ),
        baseline_model: baselineModel,
        headline:
          baselineModel === null
            ? null
            : {
                method: 'same_tokens',
                n: 0,
                nusd,
                interval: null,
                estimate: true,
                savings_nusd: savings,
              },
      }
    },
  }
}

/** Changes what it is given. */
function withModels(
  models: Map<string, ModelCosts>,
  more: readonly ModelCosts[],
): Map<string, ModelCosts> {
  for (const { model: named, calls, nusd } of more) {
    const model = models.has(named) || models.size < MOST_MODELS ? named : OTHERS
    const known = models.get(model) ?? { model, calls: 0, nusd: 0 }
    models.set(model, { model, calls: known.calls + calls, nusd: known.nusd + nusd })
  }
  return models
}

/** Each figure is a sum over entries, and so is each figure of both together. */
function sum(one: CostTotals, other: CostTotals): CostTotals {
  return added(one, other) as unknown as CostTotals // of the same shape as both
}

type Figures = { readonly [name: string]: number | Figures }

function added(one: object, other: object): Figures {
  const more = other as Figures // as `one`
  return Object.fromEntries(
    Object.entries(one as Figures).map(([name, value]) => {
      const rest = more[name] ?? 0
      return typeof value === 'number'
        ? [name, value + (typeof rest === 'number' ? rest : 0)]
        : [name, added(value, typeof rest === 'number' ? {} : rest)]
    }),
  )
}

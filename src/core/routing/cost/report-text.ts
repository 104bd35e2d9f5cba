import { apportion } from './apportion.ts'
import { roundedHalfUp } from './decimal.ts'
import type { CostKind, CostReport } from './report.ts'

/**
 * The report for people. INVARIANT: what is printed adds up, to the last digit that is printed: the
 * models and what they are served by come to the total cost, the baseline less that to the savings.
 */
export function renderCosts(report: CostReport): string {
  const { totals, headline, models } = report
  const places = placesOf(report)
  const unit = 10n ** BigInt(9 - places)
  const served = SERVING.map(({ kind, label }) => ({ label, ...totals.by_kind[kind] })).filter(
    ({ count }) => count > 0,
  )
  const money = [...models, ...served].map(({ nusd }) => BigInt(nusd))
  const shares = apportion(money, unit)
  const total = shares.reduce((sum, share) => sum + share, 0n)
  const dollars = (units: bigint): string => dollarText(units, places)
  const lines = [
    'SESSION TOTALS',
    line('total calls', `${totals.calls}`),
    line('total cost', dollars(total), '# actually spent'),
    ...served.map(({ label, count }, index) =>
      line(`  ${label}`, dollars(shares[models.length + index] ?? 0n), `# ${count}, in the total`),
    ),
    ...(headline === null ? [] : savingLines(report, { total, unit, dollars })),
    ...openLines(report),
    '',
    'PER-MODEL',
    ...models.map(({ model, calls }, index) => {
      const counted = `${calls} ${calls === 1 ? 'call' : 'calls'}`
      return `  ${printable(model).padEnd(32)} ${counted.padStart(12)}    ${dollars(shares[index] ?? 0n)}`
    }),
  ]
  return `${lines.join('\n')}\n`
}

const SERVING: readonly { readonly kind: CostKind; readonly label: string }[] = [
  { kind: 'classifier', label: 'classifier' },
  { kind: 'embedding', label: 'embeddings' },
  { kind: 'failed_attempt', label: 'failed attempts' },
  { kind: 'shadow', label: 'shadow calls' },
]

interface Printing {
  readonly total: bigint
  readonly unit: bigint
  readonly dollars: (units: bigint) => string
}

function savingLines(report: CostReport, { total, unit, dollars }: Printing): readonly string[] {
  const { headline, totals } = report
  if (headline === null) return []
  const baseline = roundedSigned(headline.nusd, unit)
  const savings = baseline - total
  const cache = roundedSigned(totals.saved_by.cache, unit)
  // What is measured for all together cannot be told apart by what it comes from.
  const isSplit = cache !== 0n && headline.nusd === totals.baseline_nusd
  const interval = headline.interval ?? undefined
  const ends = [interval?.low, interval?.high].flatMap((end) =>
    end === undefined ? [] : [dollars(roundedSigned(end, unit))],
  )
  return [
    line('baseline cost', dollars(baseline), `# ${baselineNote(report, ends)}`),
    line('savings', dollars(savings), percentOf(savings, baseline)),
    ...(isSplit
      ? [line('  by routing', dollars(savings - cache)), line('  by the cache', dollars(cache))]
      : []),
  ]
}

function baselineNote(
  { headline, baseline_model: model }: CostReport,
  ends: readonly string[],
): string {
  const facts = [
    headline?.method ?? '',
    ...(headline?.estimate === true ? ['estimate'] : [`n=${headline?.n ?? 0}`]),
    ...(ends.length === 2 ? [`between ${ends.join(' and ')}`] : []),
  ]
  const via = model === null ? '' : `if all via ${printable(model)} `
  return `${via}(${facts.join(', ')})`
}

function openLines({ totals, headline }: CostReport): readonly string[] {
  const { pending, unknown, without_baseline: bare } = totals
  return [
    ...(pending > 0 ? [line('pending', `${pending}`, '# not billed yet, in no sum')] : []),
    ...(unknown > 0 ? [line('unknown', `${unknown}`, '# cost not known, in no sum')] : []),
    ...(bare > 0 && headline !== null
      ? [line('no baseline', `${bare}`, '# compared with what they cost')]
      : []),
  ]
}

function line(label: string, value: string, note = ''): string {
  return `  ${label.padEnd(17)} ${value.padEnd(note === '' ? 0 : 12)} ${note}`.trimEnd()
}

/** Four places as on a bill, and more where something would be left with less than two digits. */
function placesOf({ totals, models, headline }: CostReport): number {
  const amounts = [
    ...models.map(({ nusd }) => nusd),
    ...Object.values(totals.by_kind).map(({ nusd }) => nusd),
    headline?.nusd ?? 0,
  ].filter((nusd) => nusd > 0)
  const digits = amounts.reduce((least, nusd) => Math.min(least, `${nusd}`.length), 16)
  return Math.min(9, Math.max(4, 11 - digits))
}

function roundedSigned(nusd: number, unit: bigint): bigint {
  const value = BigInt(nusd)
  return value < 0n ? -roundedHalfUp(-value, unit) : roundedHalfUp(value, unit)
}

/** `$0.0141`. */
export function dollarText(units: bigint, places: number): string {
  const digits = `${units < 0n ? -units : units}`.padStart(places + 1, '0')
  return `${units < 0n ? '-' : ''}$${digits.slice(0, -places)}.${digits.slice(-places)}`
}

/** Of what is printed, so that a reader can check it. */
function percentOf(savings: bigint, baseline: bigint): string {
  if (baseline <= 0n) return ''
  const size = roundedHalfUp((savings < 0n ? -savings : savings) * 1_000n, baseline)
  return `${savings < 0n ? '-' : ''}${size / 10n}.${size % 10n}%`
}

/** Names come from providers: a line is a line. */
function printable(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?').slice(0, 128)
}

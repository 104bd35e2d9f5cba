import { constraintKind } from '../../constraints/index.ts'
import { scanKinds } from '../../detection/scan.ts'
import { isMap } from '../../json-kind.ts'
import { didYouMean } from '../../suggest.ts'
import { BINDING_KEYS } from '../document.ts'
import type { Path } from '../read/source.ts'
import { checkExactName, checkName, checkSelector, checkSelectors } from './check-words.ts'
import { type LooseMap, listOf, member, numberOf } from './lenient.ts'
import type { Report } from './report.ts'

/** Limits, behavior, redaction, identity and hooks, one source at a time. */
export function checkSections(report: Report): void {
  const { value } = report.source
  checkRateLimits(report, listOf(value, 'rate_limits'), ['rate_limits'])
  const limits = member(value, 'limits')
  checkRateLimits(report, listOf(limits, 'principals'), ['limits', 'principals'])
  checkBudgets(report, listOf(limits, 'budgets'), ['limits', 'budgets'])
  checkMultipliers(report, member(limits, 'multipliers'))
  checkRisk(report, member(value, 'risk'), ['risk'])
  checkBehavior(report, member(value, 'behavior'))
  const redaction = member(value, 'redaction')
  checkSelectors(report, redaction, 'resources', ['redaction'])
  checkSelectors(report, redaction, 'except', ['redaction'])
  checkKinds(report, redaction, ['redaction'])
  listOf(member(value, 'secrets'), 'allow').forEach((exception, index) => {
    checkSelectors(report, exception, 'resources', ['secrets', 'allow', index])
    checkKinds(report, exception, ['secrets', 'allow', index])
  })
  checkSelectors(report, redaction, 'reveal', ['redaction'])
  checkPeers(report, member(member(value, 'identity'), 'trusted_proxy'))
  checkHooks(report, member(value, 'hooks'))
}

const RATES = ['per_second', 'per_minute', 'per_hour', 'per_day']

function checkRateLimits(report: Report, limits: readonly unknown[], path: Path): void {
  limits.forEach((limit, index) => {
    if (!isMap(limit)) return
    const at = [...path, index]
    checkSubject(report, limit, at)
    checkSelector(report, limit['resource'], ...at, 'resource')
    if (!RATES.some((rate) => Object.hasOwn(limit, rate)) && !report.isFaulty(at))
      report.problem('missing_field', at, 'the limit has no rate', {
        hint: `add ${RATES.map((rate) => `\`${rate}\``).join(' or ')}`,
      })
  })
}

/** `*` stands for each one, by itself. */
function checkSubject(report: Report, holder: LooseMap, path: Path): void {
  for (const key of BINDING_KEYS)
    if (holder[key] !== undefined && holder[key] !== '*')
      checkExactName(report, holder[key], ...path, key)
}

const UNITS = ['usd', 'tokens', 'calls', 'seconds', 'egress_bytes']

function checkBudgets(report: Report, budgets: readonly unknown[], path: Path): void {
  budgets.forEach((budget, index) => {
    if (!isMap(budget)) return
    const at = [...path, index]
    checkSubject(report, budget, at)
    if (!UNITS.some((unit) => Object.hasOwn(budget, unit)) && !report.isFaulty(at))
      report.problem('missing_field', at, 'the budget limits nothing', {
        hint: `add ${UNITS.map((unit) => `\`${unit}\``).join(' or ')}`,
      })
  })
}

function checkMultipliers(report: Report, multipliers: unknown): void {
  if (member(multipliers, 'anon') === undefined || member(multipliers, 'anonymous') === undefined)
    return
  report.problem(
    'duplicate_key',
    ['limits', 'multipliers', 'anon'],
    '`anon` and `anonymous` are the same tier',
    { at: 'key', hint: 'keep `anonymous`' },
  )
}

const THRESHOLDS = ['warn_at', 'pause_at', 'terminate_at'] as const

/** Thresholds ascend. */
function checkRisk(report: Report, risk: unknown, path: Path): void {
  let before: (typeof THRESHOLDS)[number] | undefined
  let least = 0
  for (const key of THRESHOLDS) {
    const at = numberOf(risk, key)
    if (at === undefined || report.isFaulty([...path, key])) continue
    if (before !== undefined && at < least)
      report.problem('bad_number', [...path, key], `\`${key}\` is below \`${before}\``, {
        hint: 'thresholds ascend: warn_at, pause_at, terminate_at',
      })
    before = key
    least = at
  }
}

function checkBehavior(report: Report, behavior: unknown): void {
  checkRisk(report, member(behavior, 'risk'), ['behavior', 'risk'])
  checkSelectors(report, behavior, 'trusted_tools', ['behavior'])
  const rules = member(behavior, 'rules')
  if (!isMap(rules)) return
  for (const [id, rule] of Object.entries(rules))
    checkSelectors(report, rule, 'except', ['behavior', 'rules', id])
}

/** A kind that nothing is called would quietly take nothing out, or except nothing. */
function checkKinds(report: Report, holder: unknown, path: Path): void {
  const kinds = listOf(holder, 'kinds')
  if (kinds.length === 0) return
  const known = new Set([...scanKinds('secret'), ...scanKinds('pii')])
  kinds.forEach((kind, index) => {
    if (typeof kind !== 'string' || known.has(kind)) return
    report.problem('bad_enum', [...path, 'kinds', index], `nothing is of kind \`${kind}\``, {
      hint: didYouMean(kind, known) ?? 'docs/reference/detectors.md lists the kinds',
    })
  })
}

function checkPeers(report: Report, proxy: unknown): void {
  listOf(proxy, 'peers').forEach((peer, index) => {
    if (typeof peer !== 'string') return
    constraintKind('cidr')?.check([peer], (kind, _way, message, hint) => {
      report.problem(kind, ['identity', 'trusted_proxy', 'peers', index], message, {
        hint: hint ?? null,
      })
    })
  })
}

function checkHooks(report: Report, hooks: unknown): void {
  if (!isMap(hooks)) return
  for (const event of Object.keys(hooks))
    listOf(hooks, event).forEach((hook, index) => {
      if (!isMap(hook)) return
      const path = ['hooks', event, index]
      checkSelector(report, hook['matcher'], ...path, 'matcher')
      const { type } = hook
      if (typeof type !== 'string' || report.isFaulty([...path, 'type'])) return
      if (hook[type] === undefined)
        report.problem('missing_field', path, `a hook of type \`${type}\` needs \`${type}\``)
      checkName(report, hook['agent'], ...path, 'agent')
    })
}

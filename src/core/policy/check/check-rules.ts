import type { ConstraintConfig } from '../../constraints/constraint.ts'
import { constraintKind } from '../../constraints/index.ts'
import { computeProblem } from '../../effects/apply-compute.ts'
import { isMap } from '../../json-kind.ts'
import type { JsonObject } from '../../model/json.ts'
import { nearest } from '../../suggest.ts'
import { ENTITY_ROLE } from '../entities.ts'
import type { Path } from '../read/source.ts'
import type { ConstraintChecks } from './check-constraint.ts'
import { checkName, checkNames, checkSelector } from './check-words.ts'
import { type LooseMap, listOf, member, textOf, textsOf } from './lenient.ts'
import type { Report } from './report.ts'

/** Roles and their rules, one source at a time; `checks` is of the whole policy. */
export function checkRoles(report: Report, checks: ConstraintChecks): void {
  listOf(report.source.value, 'roles').forEach((role, index) => {
    if (!isMap(role)) return
    const name = member(role, 'name')
    checkName(report, name, 'roles', index, 'name')
    if (typeof name === 'string' && ENTITY_ROLE.test(name))
      report.problem(
        'bad_name',
        ['roles', index, 'name'],
        `\`${name}\` stands for an entry of \`entities\``,
      )
    checkNames(report, role, 'extends', ['roles', index])
    const rules = listOf(role, 'rules')
    for (let at = 0; at < rules.length && !report.plain.has(rules); at++) {
      const rule = rules[at]
      if (isMap(rule)) checkRule(report, checks, rule, index, at)
    }
    if (lacksRules(role))
      report.problem('missing_field', ['roles', index], 'the role needs `rules`', {
        hint: 'add `rules:`, or `extends:` another role',
      })
  })
}

/** A misspelt key is reported as such; that it is missing follows from it. */
function lacksRules(role: LooseMap): boolean {
  if (role['rules'] !== undefined || role['extends'] !== undefined) return false
  return !Object.keys(role).some((key) => nearest(key, ['rules', 'extends']) !== undefined)
}

// Called for every rule of the largest policies: paths are built only where there is a fault.
function checkRule(
  report: Report,
  checks: ConstraintChecks,
  rule: LooseMap,
  role: number,
  index: number,
): void {
  const { resources } = rule
  if (Array.isArray(resources))
    for (let at = 0; at < resources.length; at++)
      checkSelector(report, resources[at], 'roles', role, 'rules', index, 'resources', at)
  if (rule['constraints'] !== undefined)
    checkConstraints(report, checks, rule['constraints'], [
      'roles',
      role,
      'rules',
      index,
      'constraints',
    ])
  if (rule['when'] !== undefined)
    checkWhen(report, rule['when'], ['roles', role, 'rules', index, 'when'])
  if (rule['effect'] === 'compute' || rule['compute'] !== undefined)
    checkCompute(report, rule, ['roles', role, 'rules', index])
}

function checkConstraints(
  report: Report,
  checks: ConstraintChecks,
  constraints: unknown,
  path: Path,
): void {
  if (!isMap(constraints)) return
  for (const [name, config] of Object.entries(constraints)) {
    const kind = constraintKind(name)
    const at = [...path, name]
    if (kind === undefined || report.isFaulty(at)) continue
    for (const { problem, way, message, hint } of checks(kind, config as ConstraintConfig)) // the schema has just said that it is one
      report.problem(problem, [...at, ...way], message, { hint })
    if (name === 'sql_intent') warnOfWith(report, config, at)
  }
}

function warnOfWith(report: Report, config: unknown, path: Path): void {
  const isList = Array.isArray(config)
  const list: readonly unknown[] = isList ? config : listOf(config, 'allow')
  const index = list.indexOf('with')
  if (index < 0) return
  report.warning(
    'with_ignored',
    isList ? [...path, index] : [...path, 'allow', index],
    '`with` is no intent: what a statement does is read from its body',
    { hint: 'remove it' },
  )
}

function checkWhen(report: Report, when: unknown, path: Path): void {
  if (!isMap(when)) return
  for (const key of Object.keys(when)) if (key !== 'tier') checkNames(report, when, key, path)
}

function checkCompute(report: Report, rule: LooseMap, path: Path): void {
  const isCompute = textOf(rule, 'effect') === 'compute'
  const { compute } = rule
  if (isCompute && compute === undefined)
    report.problem('missing_field', path, 'effect `compute` needs `compute`', {
      hint: 'add `compute:` with what is done to the arguments',
    })
  if (isCompute && isMap(compute) && !report.isFaulty([...path, 'compute'])) {
    const problem =
      Object.keys(compute).length === 0
        ? '`compute` does nothing'
        : computeProblem(compute as JsonObject) // the schema has just said that it is one
    if (problem !== undefined)
      report.problem(
        Object.keys(compute).length === 0 ? 'missing_field' : 'wrong_type',
        [...path, 'compute'],
        problem,
      )
  }
  if (!isCompute && compute !== undefined)
    // Not a warning: who writes what makes a call safe must not get one that goes out as it came.
    report.problem(
      'missing_field',
      [...path, 'compute'],
      '`compute` does nothing without effect `compute`',
      { at: 'key', hint: 'add `effect: compute`' },
    )
}

/** Rules of all roles of a value together. */
export function countRules(value: unknown): number {
  let count = 0
  for (const role of listOf(value, 'roles')) count += listOf(role, 'rules').length
  return count
}

/** The exact names that rules of a value speak of, each with its place. */
export function* exactResources(value: unknown): Generator<{ name: string; path: Path }> {
  const roles = listOf(value, 'roles')
  for (let role = 0; role < roles.length; role++) {
    const rules = listOf(roles[role], 'rules')
    for (let index = 0; index < rules.length; index++) {
      const names = textsOf(rules[index], 'resources')
      for (let at = 0; at < names.length; at++) {
        const name = names[at] ?? ''
        if (!name.includes('*') && !name.includes(':'))
          yield { name, path: ['roles', role, 'rules', index, 'resources', at] }
      }
    }
  }
}

import { identifierFault, MAX_NAME, resourceNameFault } from '../../names.ts'
import type { Path } from '../read/source.ts'
import { selectorFault } from '../selectors.ts'
import { listOf, member } from './lenient.ts'
import type { Report } from './report.ts'

/** Names and selectors wherever they stand. Anything that is no text is left to the schema. */

// Most selectors are plain tool names: one look is enough for them.
const PLAIN_TOOL = /^[A-Za-z0-9_/-]{1,64}\.[A-Za-z0-9_/-]{1,64}$/

export function checkSelector(report: Report, value: unknown, ...path: Path): void {
  if (typeof value !== 'string' || PLAIN_TOOL.test(value)) return
  const fault = selectorFault(value)
  if (fault !== undefined) report.problem(fault.kind, path, fault.message)
}

export function checkSelectors(report: Report, holder: unknown, key: string, path: Path): void {
  listOf(holder, key).forEach((item, index) => {
    checkSelector(report, item, ...path, key, index)
  })
}

export function checkName(report: Report, value: unknown, ...path: Path): void {
  if (typeof value !== 'string') return
  const fault = identifierFault(value)
  if (fault !== undefined) report.problem('bad_name', path, fault)
}

/** A name that stands for itself: nothing here is a pattern. */
export function checkExactName(report: Report, value: unknown, ...path: Path): void {
  if (typeof value === 'string' && value.includes('*'))
    report.problem('bad_name', path, `\`*\` has no meaning in \`${String(path.at(-1))}\``, {
      hint: 'name one, exactly',
    })
  else checkName(report, value, ...path)
}

export function checkNames(report: Report, holder: unknown, key: string, path: Path): void {
  const list = listOf(holder, key)
  for (let index = 0; index < list.length; index++)
    checkName(report, list[index], ...path, key, index)
}

/** A server's name stands before a dot in tool names, so it has the same characters. */
export function checkServerName(report: Report, value: unknown, ...path: Path): void {
  if (typeof value !== 'string') return
  const fault =
    value.length > MAX_NAME
      ? `the name is longer than ${MAX_NAME} characters`
      : value.includes(':')
        ? 'a server’s name has no `:`'
        : resourceNameFault(value)
  if (fault !== undefined) report.problem('bad_name', path, fault)
}

export function checkMember(
  check: (report: Report, value: unknown, ...path: Path) => void,
  report: Report,
  holder: unknown,
  key: string,
  path: Path,
): void {
  const value = member(holder, key)
  if (value !== undefined) check(report, value, ...path, key)
}

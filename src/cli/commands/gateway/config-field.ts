import { isAbsolute, join } from 'node:path'
import { isMap } from '../../../core/json-kind.ts'
import type { ProblemKind } from '../../../core/model/errors.ts'
import { createReport, type Report } from '../../../core/policy/check/report.ts'
import type { Path, Source } from '../../../core/policy/read/source.ts'
import { didYouMean } from '../../../core/suggest.ts'
import { expandEnv } from './expand-env.ts'

/** One value of a configuration file, and where what is wrong with it is noted. */
export interface Field {
  readonly value: unknown
  readonly path: Path
  readonly report: Report
  readonly env: Readonly<Record<string, string | undefined>>
}

export type Fields = ReadonlyMap<string, Field>

const NO_FIELDS: Fields = new Map()

export function rootField(source: Source, env: Field['env']): Field {
  return { value: source.value, path: [], report: createReport(source), env }
}

export function fault(
  field: Field,
  kind: ProblemKind,
  message: string,
  hint?: string | null,
): void {
  const at = kind === 'unknown_field' || kind === 'bad_name' ? 'key' : 'value'
  field.report.problem(kind, field.path, message, { at, hint: hint ?? null })
}

/** Members by name; `known` says which there may be. */
export function fieldsOf(field: Field, known?: readonly string[]): Fields {
  const { value, path } = field
  if (!isMap(value)) {
    fault(field, 'wrong_type', `${nameOf(field)} is a map`)
    return NO_FIELDS
  }
  const fields = new Map<string, Field>()
  for (const [key, member] of Object.entries(value)) {
    const child = { ...field, value: member, path: [...path, key] }
    if (known === undefined || known.includes(key)) fields.set(key, child)
    else {
      const hint = didYouMean(key, known) ?? `there may be ${known.join(', ')}`
      fault(child, 'unknown_field', `there is no \`${key}\` here`, hint)
    }
  }
  return fields
}

export function textOf(field: Field): string | undefined {
  if (typeof field.value === 'string' && field.value.trim() !== '') return field.value
  fault(field, 'wrong_type', `${nameOf(field)} is a text`)
  return undefined
}

/** A text in which variables of the environment may stand; it may be empty. */
export function expandedOf(field: Field): string | undefined {
  if (typeof field.value !== 'string') {
    fault(field, 'wrong_type', `${nameOf(field)} is a text`)
    return undefined
  }
  const expanded = expandEnv(field.value, field.env)
  if (expanded.ok) return expanded.text
  fault(field, 'unknown_ref', expanded.message, expanded.hint)
  return undefined
}

export function flagOf(field: Field): boolean | undefined {
  if (typeof field.value === 'boolean') return field.value
  fault(field, 'wrong_type', `${nameOf(field)} is \`true\` or \`false\``)
  return undefined
}

export function wholeNumberOf(field: Field, least: number, most: number): number | undefined {
  const { value } = field
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)
    return value
  const kind = typeof value === 'number' ? 'bad_number' : 'wrong_type'
  fault(field, kind, `${nameOf(field)} is a whole number from ${least} to ${most}`)
  return undefined
}

/** A list of texts, each read by `read`. */
export function textsOf(
  field: Field,
  read: (item: Field) => string | undefined = textOf,
): readonly string[] {
  const { value, path } = field
  if (Array.isArray(value))
    return value.flatMap((item, at) => read({ ...field, value: item, path: [...path, at] }) ?? [])
  fault(field, 'wrong_type', `${nameOf(field)} is a list of texts`)
  return []
}

/** Texts by name, with the environment's values in them. */
export function expandedTextsOf(field: Field): Readonly<Record<string, string>> {
  const pairs = [...fieldsOf(field)].map(([key, one]) => [key, expandedOf(one) ?? ''] as const)
  return Object.fromEntries(pairs)
}

function nameOf({ path }: Field): string {
  const last = path.findLast((step) => typeof step === 'string')
  return last === undefined ? 'the configuration' : `\`${last}\``
}

/** What a field is read as, where it is there. */
export function given<T>(fields: Fields, name: string, read: (field: Field) => T): T | undefined {
  const field = fields.get(name)
  return field === undefined ? undefined : read(field)
}

/** A path as seen from the folder of the file that names it. */
export function within(folder: string, path: string): string {
  return path === '' || isAbsolute(path) || folder === '.' ? path : join(folder, path)
}

import { isMap } from '../../json-kind.ts'
import type { ProblemKind } from '../../model/errors.ts'
import { didYouMean, nearest } from '../../suggest.ts'
import type { Path } from '../read/source.ts'
import { keysAt, schemaAt, typeOf } from '../schema/schema-at.ts'
import { shapeFaults } from '../schema/shape-faults.ts'
import type { ShapeError } from '../schema/validate.generated.js'
import type { Report } from './report.ts'

/** Holds a value against the schema of policies and reports what does not fit, each fault once. */
export function validateShape(report: Report): void {
  const { value } = report.source
  const errors = shapeFaults(withoutPlain(value, report.plain))
  const byPath = new Map<string, ShapeError[]>()
  for (const error of errors) {
    if (error.keyword === 'if') continue
    const same = byPath.get(error.instancePath)
    if (same === undefined) byPath.set(error.instancePath, [error])
    else same.push(error)
  }
  for (const [pointer, found] of byPath) {
    if (report.isFull()) return
    reportKeys(report, pathOf(value, pointer), found)
    const worst = chooseError(found)
    if (worst !== undefined) reportValue(report, pathOf(value, pointer), worst)
  }
}

/** The value without lists that are known to be sound; no other place moves. */
function withoutPlain(value: unknown, plain: ReadonlySet<unknown>): unknown {
  if (plain.size === 0 || !isMap(value)) return value
  const light: Record<string, unknown> = { ...value }
  if (plain.has(value['bindings'])) light['bindings'] = []
  const { roles } = value
  if (Array.isArray(roles))
    light['roles'] = roles.map((role: unknown) =>
      isMap(role) && plain.has(role['rules']) ? { ...role, rules: [] } : role,
    )
  return light
}

/** JSON Pointer to a path, with numbers for the places of lists. */
function pathOf(root: unknown, pointer: string): Path {
  if (pointer === '') return []
  const path: (string | number)[] = []
  let value = root
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(value) ? Number(key) : key)
    value = (value as Record<string, unknown> | undefined)?.[key] // the validator has been there
  }
  return path
}

const KEY_KEYWORDS = new Set(['additionalProperties', 'required'])

/**
 * Of several faults of one value the one that says most. Its type goes first, unless the value may be
 * of several (`anyOf`): then what is wrong within the type it has.
 */
function chooseError(found: readonly ShapeError[]): ShapeError | undefined {
  const own = found.filter((error) => !KEY_KEYWORDS.has(error.keyword))
  const isChoice = own.some((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf')
  const detail = own.find(
    (error) => error.keyword !== 'type' && error.keyword !== 'anyOf' && error.keyword !== 'oneOf',
  )
  const type = own.find((error) => error.keyword === 'type')
  return (isChoice ? (detail ?? type) : (type ?? detail)) ?? own[0]
}

function reportKeys(report: Report, path: Path, found: readonly ShapeError[]): void {
  const { value } = report.source
  const missing = new Set(
    found
      .filter((error) => error.keyword === 'required')
      .map((error) => String(error.params['missingProperty'])),
  )
  const unknown = found
    .filter((error) => error.keyword === 'additionalProperties')
    .map((error) => String(error.params['additionalProperty']))
  const known = keysAt(value, path)
  for (const key of unknown) {
    if (report.isFull()) return
    // A key that is missing was most likely meant by the one that is not known: one fault, not two.
    const meant = nearest(key, missing) ?? (missing.size === 1 ? [...missing][0] : undefined)
    if (meant !== undefined) missing.delete(meant)
    report.problem(
      isConstraintMap(path) ? 'unknown_constraint' : 'unknown_field',
      [...path, key],
      `\`${key}\` is not known here`,
      {
        at: 'key',
        hint:
          didYouMean(key, known) ?? (meant === undefined ? oneOf(known) : didYouMeanThis(meant)),
      },
    )
  }
  for (const key of missing)
    report.problem('missing_field', path, `${nameOf(path)} needs \`${key}\``, {
      hint: `add \`${key}:\``,
    })
}

function isConstraintMap(path: Path): boolean {
  const holder = path.at(-1)
  return holder === 'constraints' || (holder === 'not' && path.at(-2) === 'constraints')
}

function didYouMeanThis(word: string): string {
  return `did you mean \`${word}\`?`
}

function oneOf(words: readonly string[]): string | null {
  if (words.length === 0 || words.length > 12) return null
  return `known are ${words.map((word) => `\`${word}\``).join(', ')}`
}

function reportValue(report: Report, path: Path, error: ShapeError): void {
  const root = report.source.value
  const value = valueAt(root, path)
  const own = schemaAt(root, path)?.['x-problem']
  const kind = kindOf(
    path,
    error,
    value,
    typeof own === 'string' ? (own as ProblemKind) : undefined,
  ) // the schema names kinds
  report.problem(kind, path, messageOf(path, error, value), { hint: hintOf(error, value) })
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) value = (value as Record<string | number, unknown>)[step] // as above
  return value
}

function kindOf(
  path: Path,
  error: ShapeError,
  value: unknown,
  own: ProblemKind | undefined,
): ProblemKind {
  const isVersion = path.length === 1 && path[0] === 'version'
  if (isVersion && (typeof value === 'number' || typeof value === 'string'))
    return 'unsupported_version'
  switch (error.keyword) {
    case 'type':
      return kindOfType(error, value, own)
    case 'anyOf':
    case 'oneOf':
      return 'wrong_type'
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
    case 'multipleOf':
      return 'bad_number'
    case 'minItems':
    case 'minProperties':
      return constraintKindOf(path, EMPTY_KINDS) ?? 'missing_field'
    case 'minLength':
    case 'maxLength':
    case 'pattern':
      return own ?? constraintKindOf(path, TEXT_KINDS) ?? 'bad_name'
    case 'enum':
      return isOtherType(error, value) ? 'wrong_type' : 'bad_enum'
    default:
      return 'bad_enum'
  }
}

/** Words are expected and this is none. */
function isOtherType(error: ShapeError, value: unknown): boolean {
  const allowed = error.params['allowedValues']
  return (
    typeof value !== 'string' &&
    Array.isArray(allowed) &&
    allowed.every((word) => typeof word === 'string')
  )
}

/** A number where another number is expected is a bad number; a number for a duration lacks its unit. */
function kindOfType(error: ShapeError, value: unknown, own: ProblemKind | undefined): ProblemKind {
  if (typeof value !== 'number') return 'wrong_type'
  if (own === 'bad_duration') return 'bad_duration'
  const wanted = [error.params['type']].flat()
  return wanted.includes('integer') || wanted.includes('number') ? 'bad_number' : 'wrong_type'
}

/** An empty list that allows nothing, by constraint; `bad_enum` where nothing fits better. */
const EMPTY_KINDS: Readonly<Record<string, ProblemKind>> = {
  path_prefix: 'bad_path',
  cidr: 'bad_cidr',
}
const TEXT_KINDS: Readonly<Record<string, ProblemKind>> = {
  path_prefix: 'bad_path',
  cidr: 'bad_cidr',
  matches: 'bad_regex',
  regex: 'bad_regex',
}

function constraintKindOf(
  path: Path,
  kinds: Readonly<Record<string, ProblemKind>>,
): ProblemKind | undefined {
  let at = path.lastIndexOf('constraints') + 1
  if (at > 0 && path[at] === 'not') at++
  const name = path[at]
  if (at === 0 || typeof name !== 'string') return undefined
  // The object form's other keys (`field`, `mode`) are names whatever the constraint.
  const inner = path[at + 1]
  if (typeof inner === 'string' && inner !== 'allow' && inner !== 'pattern') return undefined
  return Object.hasOwn(kinds, name) ? kinds[name] : kinds === EMPTY_KINDS ? 'bad_enum' : undefined
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  null: 'nothing',
}

function messageOf(path: Path, error: ShapeError, value: unknown): string {
  const name = nameOf(path)
  switch (error.keyword) {
    case 'type': {
      const wanted = [error.params['type']].flat().map((type) => TYPE_NAMES[String(type)])
      return `${name} must be ${wanted.join(' or ')}, not ${described(value)}`
    }
    case 'enum':
      return `${described(value)} is not known as ${name}`
    case 'const':
      return `${name} must be \`${String(error.params['allowedValue'])}\`, not ${described(value)}`
    case 'minItems':
    case 'minProperties':
      return `${name} is empty`
    case 'minLength':
      return `${name} is an empty text`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `${name} must be ${String(error.params['comparison'])} ${String(error.params['limit'])}, not ${described(value)}`
    default:
      return `${described(value)} is not well formed as ${name}`
  }
}

function nameOf(path: Path): string {
  const last = path[path.length - 1]
  if (last === undefined) return 'the policy'
  if (typeof last === 'string') return `\`${last}\``
  const list = path.findLast((step) => typeof step === 'string')
  return `item ${last + 1} of \`${list ?? 'the policy'}\``
}

function described(value: unknown): string {
  const type = typeOf(value)
  if (type === 'array' || type === 'object' || type === 'null') return TYPE_NAMES[type] ?? type
  const text = type === 'string' ? JSON.stringify(value) : String(value)
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``
}

function hintOf(error: ShapeError, value: unknown): string | null {
  const allowed = error.params['allowedValues']
  if (!Array.isArray(allowed)) return null
  const words = allowed.map(String)
  return (typeof value === 'string' ? didYouMean(value, words) : null) ?? oneOf(words)
}

import type { JsonObject, JsonValue } from '../core/model/json.ts'
import { readSource } from '../core/policy/read/read-source.ts'
import type { Path } from '../core/policy/read/source.ts'
import { epochOf, TEST_NOW } from './create-test-engine.ts'
import {
  ACT_KEYS,
  type NamedSubjects,
  namedSubject,
  readAct,
  readCall,
  readSubjects,
} from './suite-call.ts'
import { SuiteError } from './suite-error.ts'
import { createFields, type Fields } from './suite-fields.ts'
import type { TestCall } from './test-call.ts'
import { readWant, type Want } from './want.ts'

/** One call and what is expected of it. A matrix is one of these for each cell. */
export interface SuiteTest {
  readonly name: string
  /** Where it stands in the file, from 1; null where that is not known. */
  readonly line: number | null
  readonly column: number | null
  readonly call: TestCall
  readonly want: Want
  /** Epoch milliseconds at which the call is made. */
  readonly now: number
}

/** A test suite as read from its file. */
export interface Suite {
  readonly file: string | null
  /** Policy files as the suite names them: relative to it. */
  readonly policy: readonly string[]
  readonly tests: readonly SuiteTest[]
}

const SUITE_KEYS = ['note', 'policy', 'now', 'subjects', 'tests']
const TEST_KEYS = ['name', 'now', 'call', 'want', 'matrix']
const MATRIX_KEYS = ['subjects', 'call', 'rows']
/** A cell that is left open. */
const BLANK = '-'

/**
 * Reads a policy test suite, YAML or JSON.
 * @throws {SuiteError} with every problem and its place
 */
export function readSuite(text: string, options: { readonly file: string | null }): Suite {
  const source = readSource(text, options)
  if (source.problems.length > 0) throw new SuiteError(source.problems)
  const fields = createFields(source)
  const map = fields.map(source.value, [], SUITE_KEYS)
  const subjects = readSubjects(fields, map?.['subjects'], ['subjects'])
  const suite = {
    file: options.file,
    policy: readPolicyFiles(fields, map?.['policy']),
    tests: map === undefined ? [] : readTests(fields, map, subjects),
  }
  if (fields.problems.length > 0) throw new SuiteError(inOrder(fields.problems))
  return suite
}

function inOrder<T extends { line: number | null; column: number | null }>(
  problems: readonly T[],
): readonly T[] {
  return [...problems].sort(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  )
}

function readPolicyFiles(fields: Fields, value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  return fields.texts(value, ['policy']) ?? []
}

function readTests(
  fields: Fields,
  suite: JsonObject,
  subjects: NamedSubjects,
): readonly SuiteTest[] {
  const now = readNow(fields, suite['now'], ['now']) ?? TEST_NOW
  const list = suite['tests']
  if (list === undefined) {
    fields.fault([], '`tests` is missing: a list of calls and what is expected of them')
    return []
  }
  const tests = (fields.list(list, ['tests']) ?? []).flatMap((value, index) =>
    readTest(fields, value, ['tests', index], subjects, now),
  )
  return tests
}

function readTest(
  fields: Fields,
  value: unknown,
  path: Path,
  subjects: NamedSubjects,
  suiteNow: number,
): readonly SuiteTest[] {
  const map = fields.map(value, path, TEST_KEYS)
  if (map === undefined) return []
  const now = readNow(fields, map['now'], [...path, 'now']) ?? suiteNow
  const name = map['name'] === undefined ? undefined : fields.text(map['name'], [...path, 'name'])
  if (map['matrix'] !== undefined) {
    for (const key of ['call', 'want'])
      if (map[key] !== undefined) fields.fault([...path, key], 'a matrix has its own: put it there')
    return readMatrix(fields, map['matrix'], [...path, 'matrix'], subjects, { name, now })
  }
  if (map['call'] === undefined) {
    fields.fault(path, 'a test has a `call` or a `matrix`')
    return []
  }
  const call = readCall(fields, map['call'], [...path, 'call'], subjects)
  const want = readWant(fields, map['want'], map['want'] === undefined ? path : [...path, 'want'])
  if (call === undefined || want === undefined) return []
  return [{ name: name ?? nameOf(call), ...fields.place(path), call, want, now }]
}

/** Subjects across, calls down, what is expected in the cells. */
function readMatrix(
  fields: Fields,
  value: unknown,
  path: Path,
  subjects: NamedSubjects,
  test: { readonly name: string | undefined; readonly now: number },
): readonly SuiteTest[] {
  const map = fields.map(value, path, MATRIX_KEYS)
  if (map === undefined) return []
  const columns = fields.texts(map['subjects'], [...path, 'subjects']) ?? []
  const found = columns.map((name, index) =>
    namedSubject(fields, name, [...path, 'subjects', index], subjects),
  )
  const shared = readShared(fields, map['call'], [...path, 'call'])
  const rows = fields.list(map['rows'], [...path, 'rows']) ?? []
  return rows.flatMap((row, index) => {
    const at = [...path, 'rows', index]
    const read = readRow(fields, row, at, columns.length)
    return columns.flatMap((column, cell): readonly SuiteTest[] => {
      const subject = found[cell]
      const wanted = read?.cells[cell]
      if (subject === undefined || read === undefined || wanted === BLANK) return []
      const want = readWant(fields, wanted, [...at, 'want', cell])
      const { resource = shared.resource } = read.act
      if (want === undefined) return []
      if (resource === undefined)
        return cell > 0 ? [] : (fields.fault(at, '`resource` is missing: what is called') ?? [])
      const call: TestCall = { ...shared, ...read.act, resource, subject }
      const name = [test.name, read.name, `${column} ${nameOfAct(call)}`].filter(Boolean).join(': ')
      return [{ name, ...fields.place([...at, 'want', cell]), call, want, now: test.now }]
    })
  })
}

function readShared(fields: Fields, value: unknown, path: Path): Partial<TestCall> {
  if (value === undefined) return {}
  const map = fields.map(value, path, ACT_KEYS)
  return map === undefined ? {} : readAct(fields, map, path)
}

interface Row {
  readonly name: string | undefined
  readonly act: Partial<TestCall>
  readonly cells: readonly JsonValue[]
}

function readRow(fields: Fields, value: unknown, path: Path, columns: number): Row | undefined {
  const map = fields.map(value, path, ['name', ...ACT_KEYS, 'want'])
  if (map === undefined) return undefined
  const name = map['name'] === undefined ? undefined : fields.text(map['name'], [...path, 'name'])
  const act = readAct(fields, map, path)
  if (map['want'] === undefined) return fields.fault(path, '`want` is missing: one cell a subject')
  const cells = fields.list(map['want'], [...path, 'want'])
  if (cells === undefined) return undefined
  if (cells.length === columns) return { name, act, cells }
  return fields.fault(
    [...path, 'want'],
    `there are ${columns} subjects and ${cells.length} cells`,
    `leave a cell open with \`${BLANK}\``,
  )
}

function readNow(fields: Fields, value: JsonValue | undefined, path: Path): number | undefined {
  if (value === undefined) return undefined
  const text = fields.text(value, path)
  if (text === undefined) return undefined
  try {
    return epochOf(text)
  } catch {
    return fields.fault(path, `\`${text}\` is no point in time`, 'write `2026-01-01T00:00:00Z`')
  }
}

function nameOf(call: TestCall): string {
  return `${call.agent ?? call.subject?.agent ?? 'nobody'} ${nameOfAct(call)}`
}

function nameOfAct(call: TestCall): string {
  return `${call.verb ?? 'invoke'} ${call.resource}`
}

import { isList, isMap } from '../json-kind.ts'
import { EffectFault } from './fault.ts'

/** A node of PostgreSQL's tree, without its type. */
export type Node = Readonly<Record<string, unknown>>

// A query that holds one of these does more than to read.
const CHANGES: ReadonlySet<string> = new Set([
  'intoClause',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
])

/** The one query of a tree. @throws {EffectFault} where it is anything else */
export function queryOf(tree: unknown): Node {
  const statements = isMap(tree) && isList(tree['stmts']) ? tree['stmts'] : []
  if (statements.length === 0) throw new EffectFault('holds no query: give one SELECT')
  if (statements.length > 1)
    throw new EffectFault('holds more than one statement: send them one by one')
  const [first] = statements
  const statement = isMap(first) ? first['stmt'] : undefined
  const query = isMap(statement) ? statement['SelectStmt'] : undefined
  if (!isMap(query)) throw new EffectFault('is no SELECT, so its rows cannot be limited')
  if (holdsChange(query)) throw new EffectFault('changes data: leave that out, or send it alone')
  return query
}

function holdsChange(query: Node): boolean {
  const open: unknown[] = [query]
  while (open.length > 0) {
    const value = open.pop()
    if (isMap(value) && Object.keys(value).some((key) => CHANGES.has(key))) return true
    // A list is walked by its indexes, which are no keys of a node.
    if (isMap(value) || isList(value)) for (const member of Object.values(value)) open.push(member)
  }
  return false
}

/** What a `LIMIT` says. `rows` is undefined for `ALL` and `NULL`, which limit nothing. */
export interface ConstantLimit {
  readonly rows: number | undefined
  /** Where the constant stands, in bytes; -1 where it is not written, as in `FETCH FIRST ROW ONLY`. */
  readonly location: number
}

/** Reads a limit. @throws {EffectFault} where it is no constant */
export function constantLimit(limit: unknown): ConstantLimit {
  const constant = isMap(limit) ? limit['A_Const'] : undefined
  if (!isMap(constant)) throw notConstant()
  const location = typeof constant['location'] === 'number' ? constant['location'] : -1
  if (constant['isnull'] === true) return { rows: undefined, location }
  const rows = numberOf(constant)
  if (rows === undefined || !Number.isFinite(rows) || rows < 0) throw notConstant()
  return { rows, location }
}

function notConstant(): EffectFault {
  return new EffectFault('has a LIMIT that is not a plain number: write the number itself')
}

// A field that is 0 is left out of the tree.
function numberOf(constant: Node): number | undefined {
  const { ival, fval } = constant
  if (isMap(ival)) return typeof ival['ival'] === 'number' ? ival['ival'] : 0
  const text = isMap(fval) ? fval['fval'] : undefined
  return typeof text === 'string' ? Number(text.replaceAll('_', '')) : undefined
}

/** True where two queries are one but for their own limit, and for where things stand in the text. */
export function isSameButLimit(left: Node, right: Node): boolean {
  const open: [unknown, unknown][] = []
  if (!compareFields(left, right, isLimit, open)) return false
  for (let pair = open.pop(); pair !== undefined; pair = open.pop())
    if (!comparePair(pair[0], pair[1], open)) return false
  return true
}

/** What is left to be compared goes to `open`: no recursion, however deep the query. */
function comparePair(one: unknown, other: unknown, open: [unknown, unknown][]): boolean {
  if (isMap(one) && isMap(other)) return compareFields(one, other, isPosition, open)
  if (!isList(one) || !isList(other)) return one === other
  if (one.length !== other.length) return false
  one.forEach((member, index) => {
    open.push([member, other[index]])
  })
  return true
}

function compareFields(
  one: Node,
  other: Node,
  isSkipped: (key: string) => boolean,
  open: [unknown, unknown][],
): boolean {
  const keys = Object.keys(one).filter((key) => !isSkipped(key))
  const count = Object.keys(other).filter((key) => !isSkipped(key)).length
  if (keys.length !== count) return false
  for (const key of keys) {
    if (!Object.hasOwn(other, key)) return false
    open.push([one[key], other[key]])
  }
  return true
}

const isPosition = (key: string): boolean =>
  key.endsWith('location') || key === 'list_start' || key === 'list_end' || key === 'stmt_len'
const isLimit = (key: string): boolean =>
  key === 'limitCount' || key === 'limitOption' || isPosition(key)

import {
  CALL,
  CREATE,
  DROP,
  EXPLAIN,
  type IntentSet,
  NO_INTENT,
  OTHER,
  SELECT,
  SHOW,
  UPDATE,
} from './intents.ts'
import { NEUTRAL_NODES, STATEMENT_NODES } from './postgres-nodes.ts'

type Node = Readonly<Record<string, unknown>>

/**
 * What a tree of PostgreSQL's parser may do: the union over all of its nodes, wherever they stand.
 * A node that is not known to be neutral counts as `other`. Iterative; linear in the tree.
 * Undefined where the text holds no statement.
 */
export function intentsOfTree(
  tree: unknown,
  isPure: (name: string) => boolean,
): IntentSet | undefined {
  if (!isNode(tree) || !Array.isArray(tree['stmts']) || tree['stmts'].length === 0) return undefined
  let intents: IntentSet = NO_INTENT
  const open: unknown[] = [...tree['stmts']]
  while (open.length > 0) {
    const value = open.pop()
    if (Array.isArray(value)) {
      for (const member of value) open.push(member)
    } else if (isNode(value)) {
      intents |= intentsOfObject(value, isPure, open)
    }
  }
  return intents === NO_INTENT ? undefined : intents
}

// A node is an object with one key that begins with a capital; all other objects hold fields.
function intentsOfObject(
  value: Node,
  isPure: (name: string) => boolean,
  open: unknown[],
): IntentSet {
  let intents: IntentSet = NO_INTENT
  for (const key of Object.keys(value)) {
    const member = value[key]
    if (isCapital(key)) intents |= intentsOfNode(key, isNode(member) ? member : {}, isPure)
    else intents |= intentsOfField(key, member)
    if (typeof member === 'object' && member !== null)
      open.push(insertedRows(key, member) ?? member)
  }
  return intents
}

// `INSERT … VALUES` holds its rows as a query, and is none: its parts are looked at without it.
function insertedRows(key: string, member: unknown): Node | undefined {
  const query = key === 'selectStmt' && isNode(member) ? member['SelectStmt'] : undefined
  return isNode(query) && query['valuesLists'] !== undefined ? query : undefined
}

// These fields hold their node without its type.
function intentsOfField(key: string, member: unknown): IntentSet {
  if (key === 'intoClause') return CREATE
  const isUpdate =
    key === 'onConflictClause' && isNode(member) && member['action'] === 'ONCONFLICT_UPDATE'
  return isUpdate ? UPDATE : NO_INTENT
}

function intentsOfNode(type: string, node: Node, isPure: (name: string) => boolean): IntentSet {
  if (NEUTRAL_NODES.has(type)) return NO_INTENT
  switch (type) {
    case 'SelectStmt':
      return SELECT
    case 'LockingClause':
      return UPDATE
    case 'FuncCall':
      return callIntent(namesOf(node['funcname']), isPure)
    case 'A_Expr':
      return isBuiltIn(namesOf(node['name'])) ? NO_INTENT : CALL
    case 'SubLink':
    case 'SortBy':
      return isBuiltIn(namesOf(node['operName'] ?? node['useOp'])) ? NO_INTENT : CALL
    case 'RangeTableSample':
      return isKnownMethod(namesOf(node['method'])) ? NO_INTENT : CALL
    case 'AlterTableCmd':
      return LOSSES.has(node['subtype']) ? DROP : NO_INTENT
    case 'ExplainStmt':
      return EXPLAIN
    case 'VariableShowStmt':
      return SHOW
    default:
      return STATEMENT_NODES.get(type) ?? OTHER
  }
}

/** Of the parts of an `ALTER TABLE`, those that drop. */
const LOSSES: ReadonlySet<unknown> = new Set(['AT_DropColumn', 'AT_DropConstraint'])

function callIntent(names: readonly string[], isPure: (name: string) => boolean): IntentSet {
  const last = names.at(-1) ?? ''
  if (names.length === 1) return isPure(last) ? NO_INTENT : CALL
  if (names.length === 2 && names[0] === 'pg_catalog') return isPure(last) ? NO_INTENT : CALL
  return isPure(names.join('.')) ? NO_INTENT : CALL
}

/** An operator with a schema may be anyone's, and calls a function. */
function isBuiltIn(names: readonly string[]): boolean {
  return names.length < 2 || names[0] === 'pg_catalog'
}

function isKnownMethod(names: readonly string[]): boolean {
  const last = names.at(-1)
  return isBuiltIn(names) && (last === 'bernoulli' || last === 'system')
}

/** The texts of a list of `String` nodes. */
function namesOf(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return []
  return list.map((item: unknown) => {
    const text = isNode(item) ? item['String'] : undefined
    const value = isNode(text) ? text['sval'] : undefined
    return typeof value === 'string' ? value : ''
  })
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCapital(key: string): boolean {
  const code = key.charCodeAt(0)
  return code >= 65 && code <= 90
}

/** What a statement may do. `other` is everything with an effect that has no word of its own here. */
export const SQL_INTENTS = [
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'create',
  'alter',
  'drop',
  'truncate',
  'grant',
  'call',
  'copy',
  'set',
  'transaction',
  'explain',
  'show',
  'other',
] as const
export type SqlIntent = (typeof SQL_INTENTS)[number]

/** A set of intents, one bit each: the union over statements is an OR, so that none can hide another. */
export type IntentSet = number
export const NO_INTENT: IntentSet = 0
export const SELECT = 1
export const INSERT = 2
/** Row locks (`FOR UPDATE`, `FOR SHARE`, `LOCK IN SHARE MODE`, `UPDLOCK`) too: they stop other writers. */
export const UPDATE = 4
export const DELETE = 8
/** Whatever its branches do: a `MERGE` without branches that write is of no use. */
export const MERGE = 16
/** `SELECT … INTO new_table` too. */
export const CREATE = 32
export const ALTER = 64
export const DROP = 128
export const TRUNCATE = 256
/** `REVOKE` and `DENY` too. */
export const GRANT = 512
/** Procedures, prepared statements, and every function that is not known to be pure. */
export const CALL = 1024
/** Whatever moves rows to or from files, stages and servers. */
export const COPY = 2048
/** Settings, session variables, `USE`. */
export const SET = 4096
export const TRANSACTION = 8192
export const EXPLAIN = 16384
export const SHOW = 32768
export const OTHER = 65536

/** `INSERT`, …: the bit of `intent`. */
export function intentBit(intent: SqlIntent): IntentSet {
  return 1 << SQL_INTENTS.indexOf(intent)
}

const WRITES = INSERT | UPDATE | DELETE | MERGE | CREATE | ALTER | DROP | TRUNCATE | GRANT | COPY

/**
 * What a text with `intents` may do without a word of it: whatever is called may write, and the
 * branches of a `MERGE` do.
 */
export function hiddenIntents(intents: IntentSet): IntentSet {
  if ((intents & CALL) !== 0) return WRITES
  return (intents & MERGE) !== 0 ? INSERT | UPDATE | DELETE : NO_INTENT
}

/** The words of a set, in the order of the closed list. */
export function intentNames(intents: IntentSet): readonly SqlIntent[] {
  return SQL_INTENTS.filter((_, index) => (intents & (1 << index)) !== 0)
}

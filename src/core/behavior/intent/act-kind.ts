import { objectBit } from './lexicon.ts'
import { STEP } from './scale.ts'
import type { ToolName } from './tool-name.ts'
import { verbBit } from './verb-classes.ts'

const WRITE_TAGS = new Set([
  'external_write',
  'internal_write',
  'write',
  'admin',
  'code_exec',
  'destructive',
  'payment',
  'credential_change',
  'privilege_grant',
  'public_post',
])
const SENSITIVE_TAGS = new Set([
  'admin',
  'payment',
  'privilege_grant',
  'credential_change',
  'destructive',
])
const BINDING_TAGS = new Set(['payment', 'privilege_grant', 'credential_change'])
const OUTWARD_TAGS = new Set([...SENSITIVE_TAGS, 'external_write', 'public_post'])
const TAG_VERBS: ReadonlyMap<string, number> = new Map([
  ['payment', verbBit('pay')],
  ['destructive', verbBit('delete')],
  ['privilege_grant', verbBit('share')],
  ['credential_change', verbBit('update')],
  ['public_post', verbBit('post')],
  ['code_exec', verbBit('execute')],
])

const REACHING_VERBS = verbBit('visit') | verbBit('download')
const SENSITIVE_VERBS =
  verbBit('pay') | verbBit('share') | verbBit('hand_over') | verbBit('expel') | verbBit('delete')
const BINDING_VERBS = verbBit('pay') | verbBit('hand_over')
const SIGN_IN = verbBit('log_in')
const LOCAL_VERBS =
  verbBit('move') | verbBit('download') | verbBit('create') | verbBit('visit') | verbBit('read')
const EXECUTE = verbBit('execute')
const MAKING_VERBS = verbBit('create') | verbBit('add') | verbBit('update')
const COPYING_VERBS = MAKING_VERBS | verbBit('enter')
/** `write` is also how a message is sent. */
const KEEPING_VERBS =
  MAKING_VERBS |
  LOCAL_VERBS |
  verbBit('upload') |
  verbBit('enter') |
  verbBit('send') |
  verbBit('post')
const KEPT = objectBit('file') | objectBit('folder') | objectBit('note')

/** What kind of act a call is, from its tags and its tool's name. */
export interface ActKind {
  readonly verbs: number
  /** Something is written, sent, spent or run. */
  readonly writes: boolean
  /** It reaches what its arguments name: a page, a file elsewhere. */
  readonly reaches: boolean
  /** It takes or gives away what is hard to get back. */
  readonly sensitive: boolean
  /** It pays, grants rights or changes credentials: a text alone never covers it. */
  readonly binds: boolean
  /** Runs what it is given: its own name says nothing. */
  readonly runs: boolean
  readonly signsIn: boolean
  /** It enters something into a record within. */
  readonly copies: boolean
  /** It writes a file or note of the agent's own: what is in it goes nowhere. */
  readonly keeps: boolean
  /** 0 to 1: how much its verb counts. */
  readonly weight: number
}

export function actKind(tool: ToolName, tags: readonly string[]): ActKind {
  let verbs = tool.verbs
  for (const tag of tags) verbs |= TAG_VERBS.get(tag) ?? 0
  const signsIn =
    (tool.verbs & SIGN_IN) !== 0 && (tool.verbs & ~(SIGN_IN | verbBit('accept'))) === 0
  return {
    verbs,
    writes: writesSomething(tool, tags),
    reaches: tags.includes('network_egress') || (tool.verbs & REACHING_VERBS) !== 0,
    sensitive: isSensitive(tool, tags),
    binds:
      tags.some((tag) => BINDING_TAGS.has(tag)) ||
      (tags.length === 0 && (tool.verbs & BINDING_VERBS) !== 0),
    runs: (verbs & EXECUTE) !== 0,
    signsIn,
    copies: isCopy(tool, tags),
    keeps: isKept(tool, tags),
    weight: signsIn ? STEP.signIn : isLocal(tool, tags) ? STEP.local : 1,
  }
}

function writesSomething(tool: ToolName, tags: readonly string[]): boolean {
  if (tags.some((tag) => WRITE_TAGS.has(tag))) return true
  if (tool.reads || tool.verbs === 0) return false
  return true
}

function isSensitive(tool: ToolName, tags: readonly string[]): boolean {
  const credentials = objectBit('password') | objectBit('key')
  if ((tool.verbs & SENSITIVE_VERBS) !== 0 || (tool.objects & credentials) !== 0) return true
  return tags.some((tag) => SENSITIVE_TAGS.has(tag))
}

function isCopy(tool: ToolName, tags: readonly string[]): boolean {
  if (isSensitive(tool, tags) || tags.some((tag) => OUTWARD_TAGS.has(tag))) return false
  return tool.answers || (tool.verbs & COPYING_VERBS) !== 0
}

function isKept(tool: ToolName, tags: readonly string[]): boolean {
  if ((tool.verbs & MAKING_VERBS) === 0 || (tool.verbs & ~KEEPING_VERBS) !== 0) return false
  if ((tool.objects & ~KEPT) !== 0 || tool.stems.length > 0) return false
  if (tool.objects === 0 && !tags.includes('filesystem') && !tool.ofFiles) return false
  return !tags.some((tag) => OUTWARD_TAGS.has(tag) || tag === 'code_exec')
}

/** Steps on the way: files and pages are moved, made or fetched, and nothing leaves. */
function isLocal(tool: ToolName, tags: readonly string[]): boolean {
  return (
    tool.verbs !== 0 &&
    (tool.verbs & ~LOCAL_VERBS) === 0 &&
    !tags.some((tag) => OUTWARD_TAGS.has(tag))
  )
}

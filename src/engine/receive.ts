import {
  type CallIds,
  type CallOrigin,
  type CallRequest,
  type Credentials,
  type Subject,
  TIER_LEVEL,
  type ToolDefinitionState,
  VERB_LEVEL,
  type Verb,
} from '../core/model/call.ts'
import type { Reason } from '../core/model/decision.ts'
import type { JsonObject } from '../core/model/json.ts'
import { identifierFault } from '../core/names.ts'
import { type SnapshotLimits, snapshot } from '../core/snapshot.ts'
import { readTraceparent } from '../core/trace-context.ts'
import { takeCredentials } from './take-credentials.ts'
import { takeDefinition, takeOrigin } from './take-definition.ts'
import { proofFault, takeProof } from './take-proof.ts'

/** What `engine.run` sets for everything below it. */
export interface RunContext {
  readonly session?: string
  readonly subject?: Subject
  readonly task?: string
  readonly trace?: string
}

/** A request read once into plain data. `fault` is the first thing wrong with it. */
export interface Asked {
  readonly session: string
  readonly resource: unknown
  readonly verb: Verb
  readonly server: string | undefined
  readonly scope: string | undefined
  readonly subject: Subject | undefined
  readonly credentials: Credentials
  readonly task: string | undefined
  readonly ids: CallIds
  /** The id of a trace: of a W3C `traceparent` that part alone. */
  readonly trace: string | undefined
  readonly traceparent: string | null
  readonly parent: string | undefined
  readonly signal: AbortSignal | undefined
  /** The approval it presents. */
  readonly approval: string | undefined
  readonly definition: ToolDefinitionState | undefined
  readonly origin: CallOrigin | undefined
  readonly arguments: JsonObject
  /** False: the arguments could not be taken, and nothing of them can be hashed or dispatched. */
  readonly readable: boolean
  readonly fault: Fault | undefined
}
export interface Fault {
  readonly reason: Extract<Reason, 'malformed_request' | 'payload_limit'>
  readonly detail: string
}

const NOTHING: JsonObject = Object.freeze({})
const NO_IDS: CallIds = Object.freeze({})

/** Reads a request. Never throws: what cannot be read is a fault. */
export function receive(
  request: CallRequest,
  context: RunContext | undefined,
  limits: SnapshotLimits,
): Asked {
  try {
    return read(request, context, limits)
  } catch {
    return { ...EMPTY, fault: malformed('the request cannot be read: a getter or proxy threw') }
  }
}

const EMPTY: Asked = {
  session: '',
  resource: undefined,
  verb: 'invoke',
  server: undefined,
  scope: undefined,
  subject: undefined,
  credentials: {},
  task: undefined,
  ids: NO_IDS,
  trace: undefined,
  traceparent: null,
  parent: undefined,
  signal: undefined,
  approval: undefined,
  definition: undefined,
  origin: undefined,
  arguments: NOTHING,
  readable: false,
  fault: undefined,
}

function read(
  request: CallRequest,
  context: RunContext | undefined,
  limits: SnapshotLimits,
): Asked {
  if (typeof request !== 'object' || request === null)
    return { ...EMPTY, fault: malformed('the request is not an object') }
  const claimed = takeSubject(request.subject ?? context?.subject)
  const head = {
    session: request.session ?? context?.session ?? '',
    resource: request.resource,
    verb: request.verb ?? 'invoke',
    server: request.server,
    scope: request.scope,
    subject: claimed,
    credentials: takeCredentials(request.credentials),
    task: request.task ?? context?.task,
    trace: request.trace ?? context?.trace,
    parent: request.parent,
    arguments: request.arguments === undefined ? NOTHING : request.arguments,
    signal: request.signal,
    approval: request.approval,
    definition: takeDefinition(request.definition),
    origin: takeOrigin(request.origin),
  }
  const fault = faultOf(head)
  const taken = snapshot(head.arguments, limits)
  if (fault !== undefined)
    return {
      ...EMPTY,
      ...onlyText(head),
      ...(taken.ok ? { arguments: taken.value, readable: true } : {}),
      fault: malformed(fault),
    }
  const traced = readTraceparent(head.trace)
  // Spelt out: spreading `head` costs more than all of the above.
  return {
    session: head.session,
    resource: head.resource,
    verb: head.verb,
    server: head.server,
    scope: head.scope,
    subject: somebody(claimed),
    credentials: head.credentials,
    task: head.task,
    ids: takeIds(request.ids),
    trace: traced?.traceId ?? head.trace,
    traceparent: traced?.text ?? null,
    parent: head.parent,
    signal: head.signal,
    approval: head.approval,
    definition: head.definition,
    origin: head.origin,
    arguments: taken.ok ? taken.value : NOTHING,
    readable: taken.ok,
    fault: taken.ok ? undefined : { reason: 'payload_limit', detail: taken.detail },
  }
}

/** What a record may say of a request that is not well formed. */
function onlyText(asked: { session: unknown; resource: unknown }): Partial<Asked> {
  // Not cut here: half a secret is known no more. Records cut what they hold.
  const session = typeof asked.session === 'string' ? asked.session : ''
  return { session, resource: asked.resource }
}

function malformed(detail: string): Fault {
  return { reason: 'malformed_request', detail }
}

const TEXTS = ['server', 'scope', 'task', 'trace', 'parent', 'approval'] as const
const MAX_TEXT = 2048
const MAX_APPROVAL = 256

type Fields = Readonly<Record<string, unknown>>

function faultOf(asked: Fields): string | undefined {
  if (asked['session'] === undefined || asked['session'] === '')
    return 'session: give one with the call, or make the call inside `engine.run`'
  const session = identifierFault(asked['session'])
  if (session !== undefined) return `session: ${session}`
  if (typeof asked['verb'] !== 'string' || !Object.hasOwn(VERB_LEVEL, asked['verb']))
    return 'verb: it is `discover`, `invoke` or `admin`'
  for (const name of TEXTS) {
    const fault = textFault(name, asked[name])
    if (fault !== undefined) return fault
  }
  if (typeof asked['credentials'] !== 'object' || asked['credentials'] === null)
    return 'credentials: they are an object'
  if (asked['signal'] !== undefined && !(asked['signal'] instanceof AbortSignal))
    return 'signal: it is an AbortSignal'
  const given = asked['arguments']
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return 'arguments: they are an object of named values'
  return asked['subject'] === undefined ? undefined : subjectFault(asked['subject'])
}

function textFault(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string') return `${name}: it is a string`
  // The task is the user's own words, of any length, and never recorded.
  if (name === 'task') return undefined
  const most = name === 'approval' ? MAX_APPROVAL : MAX_TEXT
  return value.length <= most ? undefined : `${name}: longer than ${most} characters`
}

const SUBJECT_NAMES = ['agent', 'user', 'team', 'department', 'tenant'] as const
const SUBJECT_LISTS = ['groups', 'roles', 'scopes'] as const
const MAX_LIST = 1000

/** What is wrong with a subject, or undefined. An empty agent is nobody, not a malformed somebody. */
export function subjectFault(subject: unknown): string | undefined {
  if (typeof subject !== 'object' || subject === null) return 'subject: it is an object'
  const fields = subject as Fields
  for (const name of SUBJECT_NAMES) {
    const value = fields[name]
    if (value === undefined || (name === 'agent' && value === '')) continue
    const fault = identifierFault(value)
    if (fault !== undefined) return `subject.${name}: ${fault}`
  }
  for (const name of SUBJECT_LISTS) {
    const fault = listFault(fields[name])
    if (fault !== undefined) return `subject.${name}: ${fault}`
  }
  const tier = fields['tier']
  if (tier !== undefined && !isTier(tier))
    return 'subject.tier: it is one of admin, user, service, a2a, mcp, anonymous'
  return fields['proof'] === undefined ? undefined : proofFault(fields['proof'])
}

function isTier(value: unknown): boolean {
  return typeof value === 'string' && Object.hasOwn(TIER_LEVEL, value)
}

function listFault(list: unknown): string | undefined {
  if (list === undefined) return undefined
  if (!Array.isArray(list) || list.length > MAX_LIST)
    return `it is a list of up to ${MAX_LIST} names`
  for (const member of list) {
    const fault = identifierFault(member)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Known fields only, each read once, so that what is checked is what is judged. */
export function takeSubject(subject: unknown): Subject | undefined {
  if (typeof subject !== 'object' || subject === null) return subject as undefined // refused by subjectFault
  const fields = subject as Fields
  const copy: Record<string, unknown> = {}
  for (const name of SUBJECT_FIELDS) {
    const value = fields[name]
    if (value === undefined) continue
    copy[name] = Array.isArray(value) ? Object.freeze(value.slice(0, MAX_LIST + 1)) : value
  }
  const proof = fields['proof']
  if (proof !== undefined) copy['proof'] = takeProof(proof)
  return Object.freeze(copy) as unknown as Subject // its fields are checked by subjectFault
}
const SUBJECT_FIELDS = [...SUBJECT_NAMES, ...SUBJECT_LISTS, 'tier'] as const

/** A subject that names no agent is nobody. */
export function somebody(subject: Subject | undefined): Subject | undefined {
  return subject?.agent ? subject : undefined
}

const ID_FIELDS = ['task', 'context', 'client', 'request', 'toolCall'] as const

function takeIds(ids: unknown): CallIds {
  if (typeof ids !== 'object' || ids === null) return NO_IDS
  const copy: Record<string, unknown> = {}
  for (const name of ID_FIELDS) {
    const value = (ids as Fields)[name]
    if (typeof value === 'string') copy[name] = value
  }
  return Object.freeze(copy)
}

/** True where both say the same of somebody, whatever the order of keys. */
export function sameSubject(one: Subject, other: Subject): boolean {
  if ((one.tier ?? 'user') !== (other.tier ?? 'user')) return false
  if (SUBJECT_NAMES.some((name) => one[name] !== other[name])) return false
  return SUBJECT_LISTS.every((name) => {
    const [left, right] = [one[name], other[name]]
    if (left === undefined || right === undefined) return left === right
    return (
      left.every((value) => right.includes(value)) && right.every((value) => left.includes(value))
    )
  })
}

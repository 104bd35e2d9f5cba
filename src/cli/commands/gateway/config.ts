import { closeSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { isMap } from '../../../core/json-kind.ts'
import { formatProblem } from '../../../core/model/errors.ts'
import { inOrder } from '../../../core/policy/check/report.ts'
import { POLICY_LIMITS } from '../../../core/policy/limits.ts'
import { readSourceBytes } from '../../../core/policy/read/read-source.ts'
import { didYouMean } from '../../../core/suggest.ts'
import { DEFAULT_LIMITS, type Expose, type GatewayLimits } from '../../../gateway/options.ts'
import { UsageError } from '../../command.ts'
import {
  type Field,
  type Fields,
  fault,
  fieldsOf,
  flagOf,
  given,
  rootField,
  textOf,
  textsOf,
  wholeNumberOf,
  within,
} from './config-field.ts'
import type { Upstream } from './upstream-option.ts'
import { readClientServers, readUpstreams } from './upstreams.ts'

/** Where the gateway listens, and for whom. */
export interface Listening {
  readonly port?: number
  readonly host?: string
  readonly allowedHosts?: readonly string[]
  readonly allowedOrigins?: readonly string[]
}

/** What a configuration file says. Paths are as seen from its folder. */
export interface GatewayConfig {
  readonly policy: readonly string[]
  readonly upstreams: Readonly<Record<string, Upstream>>
  readonly http?: Listening
  readonly side?: Listening
  readonly agent?: string
  readonly user?: string
  readonly separator?: string
  /** File of accepted definitions of tools. */
  readonly pins?: string
  /** File of the audit trail. */
  readonly audit?: string
  /** Tell records live. @default false */
  readonly events?: boolean
  readonly expose: Readonly<Record<string, Expose>>
  readonly limits: GatewayLimits
  /** What the operator should know, such as a server that is left out. */
  readonly notes: readonly string[]
}

export interface ConfigFile {
  /** As it is named in messages. */
  readonly path: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const KNOWN = [
  'policy',
  'upstreams',
  'mcpServers',
  'http',
  'side',
  'agent',
  'user',
  'pins',
  'audit',
  'events',
  'separator',
  'expose',
  'limits',
] as const
const LISTENING = ['port', 'host', 'allowed_hosts', 'allowed_origins'] as const
const MOST_PROBLEMS = 20

/**
 * Reads a configuration, YAML or JSON.
 * @throws {UsageError} with every problem and its place
 */
export function readConfig(file: ConfigFile): GatewayConfig {
  const source = readSourceBytes(readHead(file.path), { file: file.path })
  const root = rootField(source, file.env)
  const config = source.value === undefined ? EMPTY_CONFIG : read(root, dirname(file.path))
  const { problems } = root.report
  if (problems.length === 0) return config
  const lines = inOrder(problems)
    .slice(0, MOST_PROBLEMS)
    .map((problem) =>
      formatProblem(problem)
        .replace('the policy is', 'the configuration is')
        .replace(' (split it into several files, or raise `limits.maxBytes`)', ''),
    )
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  throw new UsageError(`the configuration has ${count}`, lines.join('\n  '))
}

/** A pipe is read as a file is; nothing is read further than it may be long. */
function readHead(path: string): Uint8Array {
  const bytes = new Uint8Array(POLICY_LIMITS.maxBytes + 1)
  const file = openSync(path, 'r')
  try {
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null)
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

export const EMPTY_CONFIG: GatewayConfig = {
  policy: [],
  upstreams: {},
  expose: {},
  limits: {},
  notes: [],
}

function read(root: Field, folder: string): GatewayConfig {
  const notes: string[] = []
  const fields = membersOf(root, notes)
  const ofClient = readClientServers(fields.get('mcpServers'), folder, notes)
  const upstreams = { ...ofClient, ...readUpstreams(fields.get('upstreams'), folder, ofClient) }
  const policy = fields.get('policy')
  const named = Array.isArray(policy?.value)
    ? textsOf(policy)
    : [policy === undefined ? '' : (textOf(policy) ?? '')]
  const pins = given(fields, 'pins', textOf)
  const audit = given(fields, 'audit', textOf)
  const events = given(fields, 'events', flagOf)
  const http = listening(fields.get('http'))
  const side = listening(fields.get('side'))
  return {
    policy: policy === undefined ? [] : named.map((path) => within(folder, path)),
    upstreams,
    ...(http === undefined ? {} : { http }),
    ...(side === undefined ? {} : { side }),
    ...textField(fields, 'agent'),
    ...textField(fields, 'user'),
    ...textField(fields, 'separator'),
    ...(pins === undefined ? {} : { pins: within(folder, pins) }),
    ...(audit === undefined ? {} : { audit: within(folder, audit) }),
    ...(events === undefined ? {} : { events }),
    expose: exposeOf(fields.get('expose'), upstreams),
    limits: limitsOf(fields.get('limits')),
    notes,
  }
}

/**
 * A file of a desktop client holds more than its servers, which is no business of the gateway. What is
 * nearly a word of ours is one, misspelt: it would quietly not protect.
 */
function membersOf(root: Field, notes: string[]): Fields {
  const { value } = root
  const isOfClient = isMap(value) && 'mcpServers' in value
  if (!isOfClient) return fieldsOf(root, KNOWN)
  const members = fieldsOf(root)
  const known: readonly string[] = KNOWN
  for (const [key, node] of members) {
    if (known.includes(key)) continue
    const hint = didYouMean(key, known)
    if (hint !== null) fault(node, 'unknown_field', `there is no \`${key}\` here`, hint)
    else notes.push(`\`${key}\` of the configuration means nothing here`)
  }
  return members
}

const listOf = (field: Field): readonly string[] => textsOf(field)

function textField<K extends string>(fields: Fields, name: K): Partial<Record<K, string>> {
  const text = given(fields, name, textOf)
  return text === undefined ? {} : ({ [name]: text } as Partial<Record<K, string>>) // one key of that type
}

function listening(node: Field | undefined): Listening | undefined {
  if (node === undefined) return undefined
  const fields = fieldsOf(node, LISTENING)
  const port = given(fields, 'port', (field) => wholeNumberOf(field, 0, 65_535))
  const allowedHosts = given(fields, 'allowed_hosts', listOf)
  const allowedOrigins = given(fields, 'allowed_origins', listOf)
  return {
    ...(port === undefined ? {} : { port }),
    ...textField(fields, 'host'),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
  }
}

function exposeOf(
  node: Field | undefined,
  upstreams: Readonly<Record<string, Upstream>>,
): Readonly<Record<string, Expose>> {
  if (node === undefined) return {}
  const names = Object.keys(upstreams)
  const expose: Record<string, Expose> = {}
  for (const [name, lists] of fieldsOf(node)) {
    if (!names.includes(name))
      fault(lists, 'bad_name', `there is no upstream \`${name}\``, didYouMean(name, names))
    const fields = fieldsOf(lists, ['include', 'exclude'])
    const include = given(fields, 'include', listOf)
    const exclude = given(fields, 'exclude', listOf)
    expose[name] = {
      ...(include === undefined ? {} : { include }),
      ...(exclude === undefined ? {} : { exclude }),
    }
  }
  return expose
}

const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as readonly (keyof GatewayLimits)[] // its own keys

/** Written with underscores, as everything in files. */
function limitsOf(node: Field | undefined): GatewayLimits {
  if (node === undefined) return {}
  const inFile = (name: string): string =>
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const fields = fieldsOf(node, LIMIT_NAMES.map(inFile))
  const limits: Partial<Record<keyof GatewayLimits, number>> = {}
  for (const name of LIMIT_NAMES) {
    const value = given(fields, inFile(name), (field) => wholeNumberOf(field, 1, 2 ** 31 - 1))
    if (value !== undefined) limits[name] = value
  }
  return limits
}

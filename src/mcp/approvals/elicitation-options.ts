import type { McpContext } from '../context.ts'

/** How persons are asked through the client that calls. */
export interface ElicitationOptions {
  /**
   * In whose name an answer counts; the policy's approvers are compared with it.
   * @default `client:` and the name of the agent
   */
  readonly by?: string | ((context: McpContext) => string)
  /**
   * A client can answer itself. `low`: it is not asked about what cannot be undone (tags `destructive`,
   * `payment`, `credential_change`, `privilege_grant`, `code_exec`, `admin`), nor where the session is
   * what gave rise to the question; somebody else must answer those. `high`: it is asked about everything.
   * @default 'low'
   */
  readonly trust?: 'low' | 'high'
  /**
   * Milliseconds to wait for the answer, 1,000 to 600,000.
   * @default 55000, since clients give up after 60 s; 600000 with the 2026-07-28 protocol, where nobody waits
   */
  readonly timeoutMs?: number
  /** Questions that one client is asked at once. @default 8 */
  readonly maxOpen?: number
  /**
   * At least 32 bytes by which the state of a question is signed (2026-07-28). Processes that serve the
   * same clients need the same. @default random
   */
  readonly key?: string | Uint8Array
}

/** The options with their defaults. */
export interface ElicitationSettings extends ElicitationOptions {
  readonly trust: 'low' | 'high'
  readonly maxOpen: number
}

const DEFAULTS: ElicitationSettings = Object.freeze({ trust: 'low', maxOpen: 8 })

/** Undefined: nobody is asked through the client. */
export function elicitationSettings(
  options: 'elicitation' | ElicitationOptions | undefined,
): ElicitationSettings | undefined {
  if (options === undefined) return undefined
  return options === 'elicitation' ? DEFAULTS : { ...DEFAULTS, ...withoutUndefined(options) }
}

function withoutUndefined(options: ElicitationOptions): ElicitationOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

const KNOWN = new Set<string>([
  'by',
  'trust',
  'timeoutMs',
  'maxOpen',
  'key',
] satisfies (keyof ElicitationOptions)[])

const LEAST_MS = 1_000
export const MOST_MS = 600_000
const MOST_OPEN = 1_000
const LEAST_KEY = 32

/** What is wrong with `approvals`, or undefined. */
export function elicitationFault(options: unknown): string | undefined {
  if (options === undefined || options === 'elicitation') return undefined
  if (typeof options !== 'object' || options === null)
    return '`approvals` is `elicitation` or its options'
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key))
  if (unknown !== undefined)
    return `unknown option \`approvals.${unknown}\`; known: ${[...KNOWN].join(', ')}`
  const { by, trust, timeoutMs, maxOpen, key } = options as Readonly<Record<string, unknown>>
  if (!['string', 'function', 'undefined'].includes(typeof by) || by === '')
    return '`approvals.by` is a name or a function'
  if (!['low', 'high', undefined].includes(trust as undefined))
    return '`approvals.trust` is `low` or `high`'
  if (timeoutMs !== undefined && !isWithin(timeoutMs, LEAST_MS, MOST_MS))
    return `\`approvals.timeoutMs\` is a number from ${LEAST_MS} to ${MOST_MS}`
  if (maxOpen !== undefined && !isWithin(maxOpen, 1, MOST_OPEN))
    return `\`approvals.maxOpen\` is a number from 1 to ${MOST_OPEN}`
  return key === undefined || isLongEnough(key)
    ? undefined
    : `\`approvals.key\` has at least ${LEAST_KEY} bytes`
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

function isLongEnough(key: unknown): boolean {
  if (typeof key === 'string') return Buffer.byteLength(key) >= LEAST_KEY
  return key instanceof Uint8Array && key.length >= LEAST_KEY
}

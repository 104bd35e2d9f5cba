import type { Subject } from '../core/model/call.ts'
import { CallgateError } from '../core/model/errors.ts'
import type { MaybePromise } from '../core/model/json.ts'
import type { IdentityProvider } from '../core/model/ports.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { type ElicitationOptions, elicitationFault } from './approvals/elicitation-options.ts'
import type { McpContext } from './context.ts'
import type { DefinitionWatch } from './definitions/watch-definitions.ts'

/** How an MCP server or client is governed. */
export interface WrapMcpOptions {
  /** The server's name in policies: its tool `x` is the resource `<server>.x`. */
  readonly server: string
  /** Who calls, said by the host's own code. */
  readonly subject?: Subject | ((context: McpContext) => Subject)
  /** Who calls, found out from where a message came from. Undefined: anonymous; a throw: nobody. */
  readonly identity?:
    | IdentityProvider
    | ((context: McpContext) => MaybePromise<Subject | undefined>)
  /** @default that of `engine.run`, else of the transport, else one per connection or HTTP caller */
  readonly session?: string | ((context: McpContext) => string)
  /**
   * How a denied tool call is answered: as a result that the model reads (`isError`), or as an error of
   * the protocol, which it does not see. All else is answered by errors.
   * @default 'tool-error'
   */
  readonly denial?: 'tool-error' | 'jsonrpc'
  /** Ask a person through the client (elicitation) where the policy says `escalate`. @default not */
  readonly approvals?: 'elicitation' | ElicitationOptions
  /** Keeps watch over what the server says of its tools. See `watchDefinitions`. */
  readonly definitions?: DefinitionWatch
}

const KNOWN = new Set<string>([
  'server',
  'subject',
  'identity',
  'session',
  'denial',
  'approvals',
  'definitions',
] satisfies (keyof WrapMcpOptions)[])

const SERVER = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Refuses options that are wrong or unknown: a misspelt one would quietly not protect.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function checkWrapOptions(
  wrap: string,
  engine: PolicyEngine,
  options: WrapMcpOptions,
  more: readonly string[] = [],
): void {
  const fail = (message: string): never => {
    throw new CallgateError('ERR_OPTIONS_INVALID', `\`${wrap}\`: ${message}`)
  }
  if (typeof (engine as PolicyEngine | undefined)?.begin !== 'function')
    fail('the second argument is an engine made by `createPolicyEngine`')
  if (typeof options !== 'object' || options === null) fail('the third argument holds options')
  for (const key of Object.keys(options))
    if (!KNOWN.has(key) && !more.includes(key))
      fail(`unknown option \`${key}\`; known: ${[...KNOWN, ...more].join(', ')}`)
  const { server, denial, subject, session } = options
  if (typeof server !== 'string' || !SERVER.test(server))
    fail('`server` is the name of the server in policies: up to 64 letters, digits, `_` and `-`')
  if (!['tool-error', 'jsonrpc', undefined].includes(denial))
    fail('`denial` is `tool-error` or `jsonrpc`')
  if (!['string', 'function', 'undefined'].includes(typeof session))
    fail('`session` is a text or a function')
  if (!['object', 'function', 'undefined'].includes(typeof subject))
    fail('`subject` is a subject or a function')
  // One of them would not be asked, and nobody would notice.
  if (subject !== undefined && options.identity !== undefined)
    fail('`subject` and `identity` both say who calls: give one of them')
  const fault = elicitationFault(options.approvals)
  if (fault !== undefined) fail(fault)
}

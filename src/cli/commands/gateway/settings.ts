import { type CommandContext, UsageError } from '../../command.ts'
import { pathOf, policyPaths } from '../../policy.ts'
import { parseAddress } from './address.ts'
import { EMPTY_CONFIG, type GatewayConfig, type Listening, readConfig } from './config.ts'
import { parseUpstream, type Upstream } from './upstream-option.ts'

/** Where somebody listens. */
export type Bound = Listening & { readonly port: number }

/** The command line and the configuration, as one. What is said on the command line wins. */
export interface GatewaySettings {
  readonly config: GatewayConfig
  readonly upstreams: Readonly<Record<string, Upstream>>
  /** Undefined: stdio. */
  readonly http: Bound | undefined
  readonly side: Bound | undefined
  readonly agent: string | undefined
  readonly user: string | undefined
  readonly pins: string | undefined
  readonly audit: string | undefined
  readonly events: boolean
}

/** @throws {UsageError} */
export function readSettings(context: CommandContext): GatewaySettings {
  const { options } = context
  const config = configOf(context)
  const upstreams: Record<string, Upstream> = { ...config.upstreams }
  const typed = new Set<string>()
  for (const text of options.list('upstream')) {
    const [name, upstream] = parseUpstream(text)
    if (typed.has(name)) throw new UsageError(`\`--upstream\` names \`${name}\` twice`)
    typed.add(name)
    upstreams[name] = upstream
  }
  if (Object.keys(upstreams).length === 0)
    throw new UsageError(
      'no server is named',
      "add `--upstream NAME='COMMAND'` or `--upstream NAME=URL`, or a `--config FILE` with some",
    )
  const agent = options.text('agent') ?? config.agent
  const user = options.text('user') ?? config.user
  if (user !== undefined && agent === undefined)
    throw new UsageError('a user is named, and no agent that acts for them', 'add `--agent NAME`')
  const pins = options.text('pins')
  const audit = options.text('audit')
  const http = boundOf('http', options.text('http'), config.http)
  const side = boundOf('side', options.text('side'), config.side)
  const events = options.flag('events') || config.events === true
  if (events && http === undefined && side === undefined)
    throw new UsageError('there is no port for events', 'add `--http PORT` or `--side PORT`')
  return {
    config,
    upstreams,
    http,
    side,
    events,
    agent,
    user,
    pins: pins === undefined ? config.pins : pathOf(context, pins),
    audit: audit === undefined ? config.audit : pathOf(context, audit),
  }
}

/** @throws {UsageError} */
export function configOf(context: CommandContext): GatewayConfig {
  const path = context.options.text('config')
  if (path === undefined) return EMPTY_CONFIG
  return readConfig({ path: pathOf(context, path), env: context.env })
}

/**
 * The files of the policy: those of the command line, else of the configuration, else the usual one.
 * @throws {UsageError}
 */
export function gatewayPolicyPaths(
  context: CommandContext,
  config: GatewayConfig,
): readonly string[] {
  const isTyped = context.options.list('policy').length > 0
  if (!isTyped && config.policy.length > 0) return config.policy
  return policyPaths(context)
}

function boundOf(
  name: 'http' | 'side',
  typed: string | undefined,
  config: Listening | undefined,
): Bound | undefined {
  const address = typed === undefined ? {} : parseAddress(name, typed)
  const { port, ...rest } = { ...config, ...address }
  if (port !== undefined) return { ...rest, port }
  if (config === undefined) return undefined
  throw new UsageError(
    `\`${name}\` of the configuration names no port`,
    `add \`port\`, or \`--${name} PORT\``,
  )
}

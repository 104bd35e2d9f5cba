import { jsonlSink } from '../../../audit/jsonl/jsonl-sink.ts'
import type { Subject } from '../../../core/model/call.ts'
import { createPolicyEngine } from '../../../engine/create-policy-engine.ts'
import { loadPolicy } from '../../../engine/load-policy.ts'
import type { Diagnostic } from '../../../engine/options.ts'
import { createGateway } from '../../../gateway/create-gateway.ts'
import { createGatewayEvents, type GatewayEvents } from '../../../gateway/events.ts'
import { DEFAULT_LIMITS } from '../../../gateway/options.ts'
import { serveGateway } from '../../../gateway/serve-gateway.ts'
import { isLoopback, isWildcard } from '../../../http/allowed-hosts.ts'
import { filePins } from '../../../mcp/definitions/file-pins.ts'
import { watchDefinitions } from '../../../mcp/definitions/watch-definitions.ts'
import type { CommandContext } from '../../command.ts'
import { printable } from '../../paint.ts'
import {
  type Bound,
  configOf,
  type GatewaySettings,
  gatewayPolicyPaths,
  readSettings,
} from './settings.ts'

/** Serves until it is stopped. */
export async function runGateway(context: CommandContext): Promise<number> {
  const settings = readSettings(context)
  let events: GatewayEvents | undefined
  const say = sayer(context, (line) => events?.print(line))
  for (const note of settings.config.notes) say(note)
  const policy = await loadPolicy(...gatewayPolicyPaths(context, settings.config))
  const onDiagnostic = diagnosticsTo(say)
  const trail =
    settings.audit === undefined ? undefined : jsonlSink({ path: settings.audit, onDiagnostic })
  await trail?.ready()
  // Who starts a gateway on their own stdin and stdout says who uses it: there are no credentials.
  const isVouched = settings.agent !== undefined && settings.http === undefined
  const engine = createPolicyEngine({
    policy,
    mode: context.options.flag('observe') ? 'observe' : 'enforce',
    onDiagnostic,
    audit: trail === undefined ? [] : [trail],
    ...(isVouched ? { identity: 'host' } : {}),
  })
  await engine.ready()
  if (settings.events) events = createGatewayEvents(engine, subjectOf(settings))
  const gateway = await makeGateway(engine, settings, onDiagnostic)
  await gateway.ready()
  const { maxMessageBytes: maxBodyBytes } = { ...DEFAULT_LIMITS, ...settings.config.limits }
  warnOfStrangers(settings.http, engine.context().identifies, say)
  say(`servers: ${Object.keys(settings.upstreams).join(', ')}; policy ${policy.digest}`)
  const exit = await serveGateway({
    gateway,
    engine,
    http: settings.http === undefined ? undefined : { ...settings.http, maxBodyBytes },
    side: settings.side,
    events,
    loadPolicy: () => loadPolicy(...gatewayPolicyPaths(context, configOf(context))),
    say,
  })
  // What a server or a client still holds open must not keep the program.
  setTimeout(() => process.exit(exit), LINGER_MS).unref()
  return exit
}

const LINGER_MS = 1_000

async function makeGateway(
  engine: ReturnType<typeof createPolicyEngine>,
  settings: GatewaySettings,
  onDiagnostic: (diagnostic: Diagnostic) => void,
) {
  const { config, upstreams, pins } = settings
  const subject = subjectOf(settings)
  const definitions = pins === undefined ? undefined : watchDefinitions({ pins: filePins(pins) })
  return createGateway({
    engine,
    upstreams,
    expose: config.expose,
    limits: config.limits,
    onDiagnostic,
    ...(config.separator === undefined ? {} : { separator: config.separator }),
    ...(subject === undefined ? {} : { subject }),
    ...(definitions === undefined ? {} : { definitions }),
  })
}

function subjectOf({ agent, user }: GatewaySettings): Subject | undefined {
  if (agent === undefined) return undefined
  return user === undefined ? { agent } : { agent, user }
}

/** What is open to others than this machine is said to be. */
function warnOfStrangers(
  http: Bound | undefined,
  identifies: boolean,
  say: (line: string) => void,
): void {
  const { host = '127.0.0.1', allowedHosts } = http ?? {}
  if (isWildcard(host) && allowedHosts === undefined)
    say('requests for other names than those of loopback are refused: see `http.allowed_hosts`')
  if (!isLoopback(host) && !identifies)
    say('whoever reaches the port is taken for the same agent: the policy has no `identity`')
}

const SAME_MS = 60_000
const MOST_REMEMBERED = 500

/** The same is said once a minute. What servers write to their stderr is written as it comes. */
function diagnosticsTo(say: (line: string) => void): (diagnostic: Diagnostic) => void {
  const said = new Map<string, number>()
  return ({ code, message }) => {
    if (code !== 'upstream_stderr') {
      const now = performance.now()
      if (now - (said.get(message) ?? -SAME_MS) < SAME_MS) return
      if (said.size >= MOST_REMEMBERED) said.clear()
      said.set(message, now)
    }
    say(`${message} (${code})`)
  }
}

/** Stdout belongs to the protocol. `also` is told what was written. */
function sayer({ stderr }: CommandContext, also: (line: string) => void): (text: string) => void {
  return (text) => {
    for (const line of text.split('\n').map(printable)) {
      stderr.write(`callgate: ${line}\n`)
      also(line)
    }
  }
}

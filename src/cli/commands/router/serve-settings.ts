import type { Subject } from '../../../core/model/call.ts'
import type { RouterKey } from '../../../router/keys.ts'
import { type CommandContext, UsageError } from '../../command.ts'
import { pathOf } from '../../policy.ts'
import { type Address, parseAddress } from '../gateway/address.ts'
import { readKeys } from './serve-keys.ts'

/** What the command line says. */
export interface RouterSettings {
  readonly upstream: string
  /** Read from the environment each time: it is in no message. */
  readonly apiKey: () => string
  readonly port: Address
  readonly side: Address | undefined
  readonly keys: readonly RouterKey[] | undefined
  readonly subject: Subject | undefined
  readonly audit: string | undefined
  /** Of the local classifier. */
  readonly weights: string | undefined
}

const UPSTREAM = 'https://openrouter.ai/api/v1'
const KEY_ENV = 'OPENROUTER_API_KEY'
const PORT = '7480'

/** @throws {UsageError} */
export function readRouterSettings(context: CommandContext): RouterSettings {
  const { options, env } = context
  const name = options.text('key-env') ?? KEY_ENV
  const apiKey = Object.hasOwn(env, name) ? env[name] : undefined
  if (apiKey === undefined || apiKey === '')
    throw new UsageError(
      `the environment has no variable \`${name}\``,
      'set it to the key of the upstream, or name another one with `--key-env NAME`',
    )
  const upstream = options.text('upstream') ?? UPSTREAM
  if (!/^https?:\/\//.test(upstream) || !URL.canParse(upstream))
    throw new UsageError(
      `\`--upstream\` does not understand \`${upstream}\``,
      `write \`${UPSTREAM}\``,
    )
  const side = options.text('side')
  const audit = options.text('audit')
  const weights = options.text('weights')
  return {
    upstream,
    apiKey: () => apiKey,
    port: parseAddress('port', options.text('port') ?? PORT),
    side: side === undefined ? undefined : parseAddress('side', side),
    ...callersOf(context),
    audit: audit === undefined ? undefined : pathOf(context, audit),
    weights: weights === undefined ? undefined : pathOf(context, weights),
  }
}

/** @throws {UsageError} */
function callersOf(context: CommandContext): Pick<RouterSettings, 'keys' | 'subject'> {
  const { options } = context
  const keys = options.text('keys')
  const agent = options.text('agent')
  const user = options.text('user')
  if (keys !== undefined && agent !== undefined)
    throw new UsageError('either `--keys` or `--agent` says who calls')
  if (user !== undefined && agent === undefined)
    throw new UsageError('a user is named, and no agent that acts for them', 'add `--agent NAME`')
  if (keys !== undefined) return { keys: readKeys(pathOf(context, keys)), subject: undefined }
  if (agent === undefined) return { keys: undefined, subject: undefined }
  return { keys: undefined, subject: user === undefined ? { agent } : { agent, user } }
}

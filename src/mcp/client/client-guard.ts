import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { PolicyEngine } from '../../engine/create-policy-engine.ts'
import type { RequestContext } from '../context.ts'
import { type DefinitionWatch, watchDefinitions } from '../definitions/watch-definitions.ts'
import { createGuard, type Head } from '../guard.ts'
import type { ProtocolHost, Transport } from '../host.ts'
import { createOwnedTasks } from '../server/owned-tasks.ts'
import type { ServerGuard } from '../server/server-guard.ts'
import { createLink, type Link } from './link.ts'
import { statesOf } from './listed-tools.ts'
import type { WrapMcpClientOptions } from './options.ts'

/**
 * The guard of one wrapped client. It is that of the server that the client speaks to, before requests
 * are sent to it: what a wrapped server does with a request is done with it here.
 */
export interface ClientGuard extends ServerGuard {
  /** Answers of the client's own handlers, that were judged: they may be sent. */
  readonly released: WeakSet<object>
  /** What is known of the server's tools. */
  readonly definitions: DefinitionWatch
  linkOf(transport: Transport | undefined): Link
}

export function createClientGuard(
  host: ProtocolHost,
  engine: PolicyEngine,
  options: WrapMcpClientOptions,
): ClientGuard {
  const links = new WeakMap<object, Link>()
  const linkOf = (transport: Transport | undefined): Link => {
    const key = transport ?? host
    const known = links.get(key)
    if (known !== undefined) return known
    const made = createLink(host)
    links.set(key, made)
    return made
  }
  const definitions = options.definitions ?? watchDefinitions()
  const states = statesOf(definitions, () => linkOf(host.transport))
  const guard = createGuard(engine, { ...options, definitions: states }, () =>
    options.credentials?.(),
  )
  return {
    ...guard,
    headOf: remembered((context) => withTask(options, context, guard.headOf(context))),
    host,
    answersByResult: false,
    tasks: createOwnedTasks(),
    outputSchemas: new Map(),
    learnsLists: false,
    judged: new WeakMap(),
    questions: new WeakSet(),
    released: new WeakSet(),
    definitions,
    connectionOf: linkOf,
    linkOf,
  }
}

/** Who asks is read when it asks: what comes back is read by the transport, in nobody's name. */
function remembered(
  headOf: (context: RequestContext) => MaybePromise<Head>,
): (context: RequestContext) => MaybePromise<Head> {
  const heads = new WeakMap<RequestContext, MaybePromise<Head>>()
  return (context) => {
    const known = heads.get(context)
    if (known !== undefined) return known
    const head = headOf(context)
    heads.set(context, head)
    return head
  }
}

function withTask(
  { task }: WrapMcpClientOptions,
  context: RequestContext,
  head: MaybePromise<Head>,
): MaybePromise<Head> {
  const said = typeof task === 'function' ? task(context) : task
  return said === undefined ? head : andThen(head, (one) => ({ ...one, task: said }))
}

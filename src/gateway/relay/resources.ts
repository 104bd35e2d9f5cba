import { INVALID_PARAMS, METHOD_NOT_FOUND, ProtocolDenial } from '../../mcp/answers/denial.ts'
import { isObject, type Params } from '../../mcp/host.ts'
import { uriResource } from '../../mcp/methods/names.ts'
import { SERVER_KEY } from '../meta.ts'
import { type Asking, subscriptionKey } from '../session-state.ts'
import type { Link } from '../upstream/link.ts'
import { resolveName, unknown } from './calls.ts'
import { forward } from './forward.ts'
import { listOf, RESOURCES, TEMPLATES, takeIn } from './lists.ts'

/** Of one session. */
const MAX_SUBSCRIPTIONS = 1_000

export async function readResource(asking: Asking): Promise<Params> {
  const { session, params } = asking
  const uri = String(params['uri'])
  const link = await ownerOf(asking, uri)
  const { ReadResourceResultSchema } = session.sdk.types
  return forward(
    asking,
    link,
    { method: 'resources/read', params: { uri } },
    ReadResourceResultSchema,
  )
}

export async function subscribe(asking: Asking): Promise<Params> {
  const { session, params } = asking
  const uri = String(params['uri'])
  const link = await ownerOf(asking, uri)
  const { subscriptions } = session
  const key = subscriptionKey(link.ns, uri)
  if (!subscriptions.has(key) && subscriptions.size >= MAX_SUBSCRIPTIONS)
    throw new ProtocolDenial(INVALID_PARAMS, `at most ${MAX_SUBSCRIPTIONS} resources are watched`)
  const { EmptyResultSchema } = session.sdk.types
  const given = await forward(
    asking,
    link,
    { method: 'resources/subscribe', params: { uri } },
    EmptyResultSchema,
  )
  subscriptions.set(key, { ns: link.ns, uri })
  return given
}

export async function unsubscribe(asking: Asking): Promise<Params> {
  const { session, params } = asking
  const uri = String(params['uri'])
  const link = await ownerOf(asking, uri)
  session.subscriptions.delete(subscriptionKey(link.ns, uri))
  const { EmptyResultSchema } = session.sdk.types
  return forward(
    asking,
    link,
    { method: 'resources/unsubscribe', params: { uri } },
    EmptyResultSchema,
  )
}

/** Values for the arguments of a prompt or a template, from the server that has it. */
export async function complete(asking: Asking): Promise<Params> {
  const { session, params } = asking
  const { ref, argument, context } = params
  const { type, name, uri } = isObject(ref) ? ref : NOTHING
  const found =
    type === 'ref/prompt'
      ? await promptRef(asking, String(name))
      : {
          link: await ownerOf(asking, String(uri)),
          ref: { type: 'ref/resource', uri: String(uri) },
        }
  const asked = { ref: found.ref, argument, ...(context === undefined ? {} : { context }) }
  const { CompleteResultSchema } = session.sdk.types
  try {
    return await forward(
      asking,
      found.link,
      { method: 'completion/complete', params: asked },
      CompleteResultSchema,
    )
  } catch (error) {
    // A server that completes nothing has nothing to say; whoever may not ask was told so.
    if (error instanceof ProtocolDenial && error.code === METHOD_NOT_FOUND)
      return { completion: { values: [] } }
    throw error
  }
}

const NOTHING: Params = Object.freeze({})

async function promptRef(asking: Asking, wire: string): Promise<{ link: Link; ref: Params }> {
  const named = await resolveName(asking, 'prompts', wire)
  if (named === undefined) throw unknown('Prompt', wire)
  return { link: named.link, ref: { type: 'ref/prompt', name: named.name } }
}

/**
 * The server that has a resource or a template. Where several have it and the caller may know of more
 * than one, none is guessed: a server could take another's place by listing its URIs.
 */
async function ownerOf(asking: Asking, uri: string): Promise<Link> {
  const { session, params } = asking
  const meta = isObject(params['_meta']) ? params['_meta'] : NOTHING
  const chosen = meta[SERVER_KEY]
  const candidates = typeof chosen === 'string' ? [chosen] : await candidatesFor(asking, uri)
  const links = candidates.flatMap((ns) => session.links.get(ns) ?? [])
  const visible = await visibleOf(asking, links, uri)
  const [first, ...others] = visible
  if (others.length > 0) {
    const names = visible.map(({ ns }) => `\`${ns}\``).join(', ')
    throw new ProtocolDenial(
      INVALID_PARAMS,
      `Resource ${uri} is one of several servers (${names}): say which in \`_meta\`, key \`${SERVER_KEY}\``,
    )
  }
  // Where the caller may see none, the guard of one says so, and records it.
  const owner = first ?? links[0]
  if (owner === undefined) throw unknown('Resource', uri)
  return owner
}

async function candidatesFor(asking: Asking, uri: string): Promise<readonly string[]> {
  const { session } = asking
  const { directory, links } = session
  const known = (): readonly string[] => {
    const owners = directory.ownersOf(uri)
    return owners.length > 0 ? owners : directory.ownersOfTemplate(uri)
  }
  if (known().length > 0) return known()
  await Promise.all(
    [...links.values()].flatMap((link) =>
      [RESOURCES, TEMPLATES].map(async (list) => {
        const given = await listOf(asking, link, list)
        if (given !== undefined) takeIn(session, link, list, given)
      }),
    ),
  )
  if (known().length > 0) return known()
  // Servers may have what they do not list.
  const able = [...links.values()].filter(
    (link) => link.current()?.capabilities?.resources !== undefined,
  )
  return (able.length > 0 ? able : [...links.values()]).map(({ ns }) => ns)
}

async function visibleOf(
  { session, caller }: Asking,
  links: readonly Link[],
  uri: string,
): Promise<readonly Link[]> {
  const { engine } = session.settings
  const seen = await Promise.all(
    links.map((link) =>
      engine.discover({ ...caller, server: link.ns }, [uriResource(link.ns, uri)]),
    ),
  )
  return links.filter((_, index) => (seen[index]?.length ?? 0) > 0)
}

/** Every server that the caller may set it of is told; where that is none, the caller hears why. */
export async function setLevel(asking: Asking): Promise<Params> {
  const { session, params } = asking
  const level = String(params['level'])
  const links = [...session.links.values()]
  const told = await Promise.allSettled(
    links.map(async (link) => {
      if ((await link.connected()).capabilities?.logging === undefined) return false
      const { EmptyResultSchema } = session.sdk.types
      await forward(
        asking,
        link,
        { method: 'logging/setLevel', params: { level } },
        EmptyResultSchema,
      )
      return true
    }),
  )
  const refused = told.find((one) => one.status === 'rejected')
  if (!told.some((one) => one.status === 'fulfilled' && one.value))
    throw refused?.reason ?? new ProtocolDenial(METHOD_NOT_FOUND, 'Method not found')
  session.level = level
  return {}
}

import { INVALID_PARAMS, ProtocolDenial } from '../../mcp/answers/denial.ts'
import { isObject, type Params } from '../../mcp/host.ts'
import { type NameKind, namesOf } from '../directory.ts'
import { mayBeHashed, splitWire } from '../names.ts'
import { isExposed } from '../options.ts'
import type { Asking, Session } from '../session-state.ts'
import { UNAVAILABLE } from '../upstream/errors.ts'
import type { Link } from '../upstream/link.ts'
import { forward } from './forward.ts'
import { listOf, PROMPTS, TOOLS, takeIn } from './lists.ts'

/** What a name on the wire stands for. */
export interface Named {
  readonly link: Link
  readonly name: string
}

/**
 * Which server a name belongs to, and what it calls it. A name that no list has shown is still asked
 * for where it may be one: the policy judges it, and the record shows who tries what.
 */
export async function resolveName(
  asking: Asking,
  kind: NameKind,
  wire: string,
): Promise<Named | undefined> {
  const { session } = asking
  const parts = splitWire(wire, session.settings.separator)
  const link = parts === undefined ? undefined : session.links.get(parts.ns)
  if (parts === undefined || link === undefined) return undefined
  if (session.directory.names(kind, link.ns) === undefined && mayBeHashed(parts.rest)) {
    const list = kind === 'tools' ? TOOLS : PROMPTS
    const given = await listOf(asking, link, list)
    if (given !== undefined) takeIn(session, link, list, given)
  }
  const names = namesOf(session.directory, kind, link.ns)
  const name = names.upstream.get(wire) ?? parts.rest
  // What is called by another name now, or by none, is not reached by its old one.
  const isOther =
    !names.upstream.has(wire) && (names.wire.has(name) || names.dropped.includes(name))
  const isShown = kind === 'prompts' || isExposed(session.settings.expose.get(link.ns), name)
  return isOther || !isShown ? undefined : { link, name }
}

export async function callTool(asking: Asking): Promise<Params> {
  const { session, params } = asking
  const wire = String(params['name'])
  const named = await resolveName(asking, 'tools', wire)
  if (named === undefined) throw unknown('Tool', wire)
  const { link, name } = named
  const args = params['arguments']
  try {
    const result = await forward(
      asking,
      link,
      { method: 'tools/call', params: args === undefined ? { name } : { name, arguments: args } },
      session.sdk.types.CallToolResultSchema,
    )
    if (isUnknown('Tool', name, textOf(result))) throw unknown('Tool', wire)
    learnLinks(session, link.ns, result)
    return result
  } catch (error) {
    if (!(error instanceof ProtocolDenial)) throw error
    if (isUnknown('Tool', name, error.message)) throw unknown('Tool', wire)
    // A model reads results, and can tell its user; errors of the protocol it does not see.
    if (error.code === UNAVAILABLE)
      return { content: [{ type: 'text', text: error.message }], isError: true }
    throw error
  }
}

export async function getPrompt(asking: Asking): Promise<Params> {
  const { session, params } = asking
  const wire = String(params['name'])
  const named = await resolveName(asking, 'prompts', wire)
  if (named === undefined) throw unknown('Prompt', wire)
  const { link, name } = named
  const args = params['arguments']
  try {
    return await forward(
      asking,
      link,
      { method: 'prompts/get', params: args === undefined ? { name } : { name, arguments: args } },
      session.sdk.types.GetPromptResultSchema,
    )
  } catch (error) {
    if (error instanceof ProtocolDenial && isUnknown('Prompt', name, error.message))
      throw unknown('Prompt', wire)
    throw error
  }
}

/** INVARIANT: what may not be known of is answered as what is not there, by the same bytes. */
export function unknown(what: 'Tool' | 'Prompt' | 'Resource', name: string): ProtocolDenial {
  return new ProtocolDenial(INVALID_PARAMS, `${what} ${name} not found`)
}

/** True for an answer to a name that is not there, whether the guard has given it or the server. */
function isUnknown(what: 'Tool' | 'Prompt', name: string, said: string | undefined): boolean {
  const plain = `${what} ${name} not found`
  return said === plain || said === `MCP error ${INVALID_PARAMS}: ${plain}`
}

function textOf(result: Params): string | undefined {
  const { isError, content } = result
  if (isError !== true || !Array.isArray(content) || content.length !== 1) return undefined
  const [block] = content as readonly unknown[]
  return isObject(block) && typeof block['text'] === 'string' ? block['text'] : undefined
}

/** A result may name resources that no list has: they are read from the server that has named them. */
function learnLinks({ directory }: Session, ns: string, { content }: Params): void {
  if (!Array.isArray(content)) return
  for (const block of content as readonly unknown[])
    if (isObject(block) && block['type'] === 'resource_link' && typeof block['uri'] === 'string')
      directory.addUri(ns, block['uri'])
}

import { ProtocolDenial } from '../../mcp/answers/denial.ts'
import { APPROVAL } from '../../mcp/guard.ts'
import type { Params } from '../../mcp/host.ts'
import { forwardedMeta, withMeta } from '../meta.ts'
import { ownSignal } from '../own-signal.ts'
import type { Asking } from '../session-state.ts'
import { faultOf } from '../upstream/errors.ts'
import type { Connected, Link } from '../upstream/link.ts'
import { noteRequired } from './by-url.ts'

/** A schema of the SDK: what is no such result is not handed on. */
export type ResultSchema = Parameters<Connected['client']['request']>[1]

export interface Forwarded {
  readonly method: string
  readonly params: Params
}

/**
 * Asks a server in the caller's name. Progress and cancelling go along, by ids of this hop.
 * @throws {ProtocolDenial} what the server has answered, or what became of it
 */
export async function forward(
  asking: Asking,
  link: Link,
  { method, params }: Forwarded,
  schema: ResultSchema,
): Promise<Params> {
  const { session, caller, signal, id } = asking
  const { client } = await link.connected()
  signal.throwIfAborted()
  const meta = forwardedMeta(asking.params['_meta'], [APPROVAL])
  const request = { method, params: withMeta(params, meta) as Record<string, unknown> }
  link.running.add(id)
  const own = ownSignal(signal)
  try {
    return await session.enter(caller, () =>
      client.request(request, schema, {
        signal: own.signal,
        timeout: session.settings.limits.callTimeoutMs,
        ...(asking.wantsProgress ? { onprogress: asking.progress } : {}),
      }),
    )
  } catch (error) {
    const fault = faultOf(link.ns, error)
    if (fault.label !== 'error') link.health.failed(fault.label)
    noteRequired(link.byUrl, fault.code, fault.data)
    if (fault.isLost) link.lose(client, fault.label)
    throw new ProtocolDenial(fault.code, fault.message, fault.data)
  } finally {
    own.release()
    link.running.delete(id)
  }
}

import type { Decision } from '../../core/model/decision.ts'
import { isCallDenied } from '../../core/model/errors.ts'
import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { Guard, Head } from '../guard.ts'
import { isObject, type Params } from '../host.ts'
import { methodResource } from '../methods/names.ts'
import { originOf } from '../origin.ts'

/** What became of something that a server asks of its client. */
export type AskedOfClient =
  | { readonly ok: true; readonly params: Params | undefined }
  | { readonly ok: false; readonly decision: Decision }

/** What a server asks of a client (sampling, elicitation, roots) is a call like any other. */
export function askedOfClient(
  { engine, server }: Pick<Guard, 'engine' | 'server'>,
  head: Head,
  method: string,
  params: Params | undefined,
): MaybePromise<AskedOfClient> {
  const { approval: _, ...rest } = head
  const asked = {
    ...rest,
    resource: methodResource(server, method),
    arguments: {},
    origin: originOf(method),
  }
  return andThen(engine.begin(asked), (ticket): MaybePromise<AskedOfClient> => {
    const { decision } = ticket
    if (!ticket.permitted) return { ok: false, decision }
    return andThen(ticket.finish({ ok: true, value: params }), (settled): AskedOfClient => {
      if (!settled.ok && isCallDenied(settled.error))
        return { ok: false, decision: settled.error.decision }
      if (!settled.ok) throw settled.error
      const { value } = settled
      // Nothing is left of it but a text that says so.
      if (value !== params && !isObject(value)) throw new Error(String(value))
      return { ok: true, params: value as Params | undefined } // its cleaned form
    })
  })
}

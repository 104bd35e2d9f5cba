import type { JsonObject, JsonValue } from '../../model/json.ts'
import type { Flow, Origin } from '../flow.ts'
import { readArguments } from '../payload/read-arguments.ts'
import { readLeaves } from '../payload/read-leaves.ts'
import { createLineage } from './create-lineage.ts'
import type { Lineage, LineageOptions, LineageRequest, SecretSpan } from './lineage.ts'

export const KEY = new Uint8Array(16).fill(7)

export interface Reading {
  readonly restricted?: boolean
  readonly resource?: string
  /** Texts that a scan would take for secrets. */
  readonly secrets?: readonly string[]
  /** Flows of the request that this answers. */
  readonly sources?: readonly Flow[]
}

/** A session that reads and sends, as an engine would drive its index. */
export interface Session {
  readonly lineage: Lineage
  /** Gives the number of the event. */
  read(payload: JsonValue, how?: Reading): number
  /** Looks a request up, without sending it. */
  look(args: JsonObject, egress?: boolean): readonly Flow[]
  send(args: JsonObject, egress?: boolean): readonly Flow[]
  /** Sends to an internal tool and reads its answer. */
  call(args: JsonObject, answer: JsonValue): readonly Flow[]
  trust(text: string): void
}

export function openSession(options: Partial<LineageOptions> = {}): Session {
  const lineage = createLineage({ key: KEY, ...options })
  let event = 0
  const request = (args: JsonObject, egress: boolean): LineageRequest => ({
    event,
    arguments: readArguments(args, 'mail.send'),
    egress,
  })
  const read = (payload: JsonValue, how: Reading = {}): number => {
    event++
    const { restricted = true, resource = 'crm.read', secrets = [], sources = [] } = how
    const leaves = readLeaves(payload)
    const spans = secrets.flatMap((secret) =>
      leaves.flatMap(({ text }, leaf): SecretSpan[] => {
        const start = text.indexOf(secret)
        return start < 0 ? [] : [{ leaf, start, end: start + secret.length }]
      }),
    )
    const origin = originOf(event, resource, restricted)
    lineage.received({ event, origin, leaves, secrets: spans, sources })
    return event
  }
  const send = (args: JsonObject, egress = true): readonly Flow[] => {
    event++
    const asked = request(args, egress)
    const flows = lineage.match(asked)
    lineage.sent(asked, flows)
    return flows
  }
  return {
    lineage,
    read,
    look: (args, egress = true) => lineage.match({ ...request(args, egress), event: event + 1 }),
    send,
    call(args, answer) {
      const flows = send(args, false)
      read(answer, { restricted: false, resource: 'tools.internal', sources: flows })
      return flows
    },
    trust: (text) => lineage.trust(readLeaves(text)),
  }
}

function originOf(event: number, resource: string, restricted: boolean): Origin {
  const server = resource.split('.')[0]
  return { event, resource, server, scope: 'internal', restricted, outside: true }
}

/** The flows that a rule would take for a leak. */
export function leaksOf(flows: readonly Flow[]): readonly Flow[] {
  return flows.filter(
    ({ confidence, origin, trusted, role }) =>
      confidence >= 0.6 && origin.restricted && !trusted && role !== 'identifier',
  )
}

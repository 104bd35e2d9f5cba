import type { StreamSink } from '../audit/stream/stream-sink.ts'
import { streamSink } from '../audit/stream/stream-sink.ts'
import type { Subject } from '../core/model/call.ts'
import type { PolicyEngine } from '../engine/create-policy-engine.ts'
import { type HttpHandler, plainResponse } from '../http/handler.ts'
import { endAfter } from './end-after.ts'

/** Where events are served, on both ports. */
export const EVENTS_PATH = '/events'

/** The live stream of a gateway. */
export interface GatewayEvents {
  /** For callers, who prove who they are as for a call: what is about their user. */
  readonly fetch: HttpHandler
  /** For operators: everything. */
  fetchAll(request: Request): Response
  /** Tells operators a line that the program has printed. */
  print(line: string): void
  /** Ends all connections, and listens no more. */
  close(): void
}

/** A reader that was known once is asked again who he is. */
const MAX_AGE_MS = 15 * 60_000

/** @param subject - who calls, where nobody has to prove it */
export function createGatewayEvents(
  engine: Pick<PolicyEngine, 'subscribe' | 'whoIs'>,
  subject?: Subject,
  maxAgeMs = MAX_AGE_MS,
): GatewayEvents {
  const stream: StreamSink = streamSink()
  // Listens, and is no sink: what keeps nothing must not count as having kept a record.
  const leave = engine.subscribe((record) => stream.write([record]))
  return {
    async fetch(request, { peer, path }) {
      const who = await engine.whoIs({
        session: 'http-events',
        credentials: { peer, path, headers: Object.fromEntries(request.headers) },
        ...(subject === undefined ? {} : { subject }),
      })
      if (who === undefined) return nobody()
      const response = stream.fetch(request, { user: who.user, tenant: who.tenant })
      return endAfter(response, lifeOf(who, maxAgeMs))
    },
    fetchAll: (request) => stream.fetch(request, { sees: 'all' }),
    print: (text) =>
      stream.publish('cli', { type: 'cli', command: 'gateway', stream: 'stderr', text }),
    close() {
      leave()
      stream.close()
    },
  }
}

/** Not longer than what has proven who he is. */
function lifeOf({ proof }: Subject, maxAgeMs: number): number {
  const left = proof?.expires_at === undefined ? maxAgeMs : proof.expires_at - Date.now()
  return Math.max(0, Math.min(maxAgeMs, left))
}

function nobody(): Response {
  const response = plainResponse(401, 'the credentials are missing, wrong or too old')
  response.headers.set('www-authenticate', 'Bearer')
  return response
}

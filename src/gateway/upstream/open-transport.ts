import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { isObject } from '../../mcp/host.ts'
import type { GatewayLimits, HttpUpstream, StdioUpstream, Upstream } from '../options.ts'
import type { Sdk } from '../sdk.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { readStderr } from './stderr.ts'
import { within } from './within.ts'

export interface Opening {
  readonly sdk: Sdk
  readonly limits: Required<GatewayLimits>
  /** One line that a child has written to its stderr. */
  onLine(line: string): void
}

/** A connection to a server that can be given up at once. */
export interface OpenTransport extends Transport {
  /** Nothing more is heard of it from now on. Resolves when what it holds is let go. */
  cut(): Promise<void>
}

/** A way to the server, not started yet. `enter` runs what the server sends, in the name of whom it is sent to. */
export async function openTransport(
  upstream: Upstream,
  opening: Opening,
  enter: (run: () => void) => void,
): Promise<OpenTransport> {
  let opened: OpenTransport | undefined
  const cut = (): void => {
    void opened?.cut()
  }
  if ('command' in upstream) opened = relayed(stdio(upstream, opening), enter, isTooLarge)
  else if ('url' in upstream) opened = relayed(http(upstream, opening, cut), enter)
  else {
    const { server } = upstream
    const made = (typeof server === 'function' ? server() : server) as {
      connect(transport: Transport): Promise<void> // checked by the options, or fails
    }
    const [near, far] = opening.sdk.InMemoryTransport.createLinkedPair()
    await made.connect(far)
    opened = relayed(near, enter)
  }
  return opened
}

function stdio(upstream: StdioUpstream, { sdk, limits, onLine }: Opening): Transport {
  const { command, args = [], env = {}, cwd } = upstream
  // The SDK adds the few variables that every program needs; none of the gateway's own.
  const transport = new sdk.StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    stderr: 'pipe',
    maxBufferSize: limits.maxMessageBytes,
    ...(cwd === undefined ? {} : { cwd }),
  })
  if (transport.stderr !== null) readStderr(transport.stderr, onLine)
  return transport
}

function http(upstream: HttpUpstream, { sdk, limits }: Opening, cut: () => void): Transport {
  const transport = new sdk.StreamableHTTPClientTransport(new URL(upstream.url), {
    requestInit: { headers: { ...upstream.headers } },
    fetch: boundedFetch(limits.maxMessageBytes, cut),
  })
  return transport as Transport // its `sessionId` may be undefined, which the interface does not say
}

function isTooLarge(error: Error): boolean {
  return error.message.startsWith('ReadBuffer exceeded')
}

interface Terminates {
  terminateSession(): Promise<void>
}

const GOODBYE_MS = 1_000

function relayed(
  inner: Transport & Partial<Terminates>,
  enter: (run: () => void) => void,
  isFatal: (error: Error) => boolean = () => false,
): OpenTransport {
  let isOpen = true
  const messages = progressFirst((message, extra) => {
    if (isOpen) enter(() => outer.onmessage?.(withoutOurs(message, 'result'), extra))
  })
  const end = (): void => {
    messages.flush()
    if (!isOpen) return
    isOpen = false
    outer.onclose?.()
  }
  const outer: OpenTransport = {
    start: () => inner.start(),
    send: (message, options) => inner.send(withoutOurs(message, 'params'), options),
    async close() {
      // A server that keeps sessions is told that this one is over, as far as it listens.
      if (isOpen && inner.sessionId !== undefined && inner.terminateSession !== undefined)
        await within(inner.terminateSession(), GOODBYE_MS).catch(() => undefined)
      await inner.close()
      end()
    },
    async cut() {
      messages.drop()
      end()
      await inner.close().catch(() => undefined)
    },
    get sessionId(): string {
      // Undefined over stdio; the interface says so by leaving it out, which an accessor cannot.
      return inner.sessionId as string
    },
    setProtocolVersion: (version) => inner.setProtocolVersion?.(version),
  }
  inner.onmessage = messages.take
  inner.onclose = end
  inner.onerror = (error) => {
    outer.onerror?.(error)
    if (isFatal(error)) void outer.cut()
  }
  return outer
}

type Take = NonNullable<Transport['onmessage']>

/**
 * The SDK hears an answer at once and a notification a little later, when it no longer knows what it
 * belongs to: whatever comes after progress waits for one turn.
 */
function progressFirst(deliver: Take): { take: Take; flush(): void; drop(): void } {
  const waiting: Parameters<Take>[] = []
  let isHeld = false
  const release = (): void => {
    isHeld = false
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      deliver(...next)
      if (isProgress(next[0])) {
        hold()
        return
      }
    }
  }
  const hold = (): void => {
    isHeld = true
    setImmediate(release)
  }
  return {
    take(message, extra) {
      if (isHeld) waiting.push([message, extra])
      else {
        deliver(message, extra)
        if (isProgress(message)) hold()
      }
    },
    flush() {
      for (const given of waiting.splice(0)) deliver(...given)
    },
    drop: () => waiting.splice(0),
  }
}

function isProgress(message: object): boolean {
  return 'method' in message && message.method === 'notifications/progress'
}

/**
 * What callgate says of calls is between it and the agent: no server is told, and none can say it. The
 * same message where there is nothing of it.
 */
function withoutOurs<T extends object>(message: T, part: 'params' | 'result'): T {
  const held = (message as Record<string, unknown>)[part]
  const meta = isObject(held) ? held['_meta'] : undefined
  if (!isObject(held) || !isObject(meta)) return message
  const isOurs = (key: string): boolean => key.startsWith('callgate/')
  if (!Object.keys(meta).some(isOurs)) return message
  const kept = Object.fromEntries(Object.entries(meta).filter(([key]) => !isOurs(key)))
  return { ...message, [part]: { ...held, _meta: kept } }
}

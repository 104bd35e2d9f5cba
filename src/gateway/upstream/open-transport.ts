import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { INTERNAL_ERROR } from '../../mcp/answers/denial.ts'
import { isTooDeep } from '../depth.ts'
import type { GatewayLimits, HttpUpstream, StdioUpstream, Upstream } from '../options.ts'
import type { Sdk } from '../sdk.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { readStderr } from './stderr.ts'
import { within } from './within.ts'
import { withoutOurs } from './without-ours.ts'

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
/** Messages that a server has not taken yet: more than an agent can ask at the same time. */
const MAX_UNSENT = 4_000

function relayed(
  inner: Transport & Partial<Terminates>,
  enter: (run: () => void) => void,
  isFatal: (error: Error) => boolean = () => false,
): OpenTransport {
  let isOpen = true
  let unsent = 0
  const messages = progressFirst((message, extra) => {
    const taken = takenIn(message)
    if (isOpen && taken !== undefined) enter(() => outer.onmessage?.(taken, extra))
  })
  const end = (): void => {
    messages.flush()
    if (!isOpen) return
    isOpen = false
    outer.onclose?.()
  }
  const outer: OpenTransport = {
    start: () => inner.start(),
    async send(message, options) {
      // A server that asks and does not read would have all answers kept for it.
      if (unsent >= MAX_UNSENT) void outer.cut()
      unsent++
      try {
        await inner.send(withoutOurs(message, 'params'), options)
      } finally {
        unsent--
      }
    },
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

/** What cannot be looked at is not taken in; whoever waits for it hears so. */
function takenIn(message: JSONRPCMessage): JSONRPCMessage | undefined {
  if (!isTooDeep(message)) return withoutOurs(message, 'result')
  if ('method' in message || message.id === undefined) return undefined
  const error = { code: INTERNAL_ERROR, message: 'the answer of the server is nested too deeply' }
  return { jsonrpc: '2.0', id: message.id, error }
}

type Take = NonNullable<Transport['onmessage']>

/** Messages that may wait. */
const MAX_HELD = 1_000

/**
 * The SDK hears an answer at once and a notification a little later, when it no longer knows what it
 * belongs to: whatever comes after progress waits for one turn. Where a server says more than that,
 * progress may come too late and be lost; nothing else is.
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
  const flush = (): void => {
    for (const given of waiting.splice(0)) deliver(...given)
  }
  return {
    take(message, extra) {
      if (isHeld) {
        waiting.push([message, extra])
        if (waiting.length >= MAX_HELD) flush()
      } else {
        deliver(message, extra)
        if (isProgress(message)) hold()
      }
    },
    flush,
    drop: () => waiting.splice(0),
  }
}

function isProgress(message: object): boolean {
  return 'method' in message && message.method === 'notifications/progress'
}

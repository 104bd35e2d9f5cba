import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CallgateError } from '../core/model/errors.ts'
import {
  defaultHosts,
  type HostCheck,
  hostFault,
  hostInUrl,
  isWildcard,
  listFault,
} from './allowed-hosts.ts'
import { type HttpHandler, plainResponse } from './handler.ts'
import { MAX_BODY_BYTES, toNodeListener } from './node-listener.ts'

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number
  /** @default '127.0.0.1' */
  readonly host?: string
  /**
   * Names that requests may be for, with or without a port; others are answered 403.
   * @default the names of loopback and `host`, with the port that is served
   */
  readonly allowedHosts?: readonly string[]
  /**
   * Origins that pages of browsers may have; requests with another one are answered 403.
   * @default those of loopback and `host`, with the port that is served
   */
  readonly allowedOrigins?: readonly string[]
  /** Bytes of a request's body. @default 4194304 */
  readonly maxBodyBytes?: number
  /** Milliseconds for a whole request to come in, and for a reader to take nothing. @default 30000 */
  readonly requestTimeoutMs?: number
  /** Milliseconds for the headers of a request. @default 10000 */
  readonly headersTimeoutMs?: number
  /** Connections at the same time. @default 1024 */
  readonly maxConnections?: number
  /** Closes the server when it is aborted. */
  readonly signal?: AbortSignal
}

/** An HTTP server that is listening. */
export interface Served {
  readonly url: string
  readonly port: number
  /** Cuts every connection. */
  close(): Promise<void>
  /** Takes no new connections, lets requests under way end, and cuts them after so many milliseconds. */
  drain(ms: number): Promise<void>
}

const REQUEST_TIMEOUT_MS = 30_000
const HEADERS_TIMEOUT_MS = 10_000
const MAX_CONNECTIONS = 1024
const MAX_HEADER_BYTES = 16 * 1024

/**
 * Serves a handler by HTTP, on loopback unless told otherwise.
 * @throws {CallgateError} ERR_OPTIONS_INVALID, also where the port cannot be listened on
 */
export async function serve(handler: HttpHandler, options: ServeOptions): Promise<Served> {
  checkOptions(options)
  const { host = '127.0.0.1', requestTimeoutMs = REQUEST_TIMEOUT_MS, signal } = options
  const headersTimeout = Math.min(options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS, requestTimeoutMs)
  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout,
    // How often the two above are looked at.
    connectionsCheckingInterval: Math.max(50, Math.min(1_000, headersTimeout / 2)),
    maxHeaderSize: MAX_HEADER_BYTES,
  })
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS
  const port = await listen(server, options.port, host)
  // By what names all addresses are reached, nobody here knows: others than loopback are to be named.
  const name = isWildcard(host) ? '127.0.0.1' : host
  const usual = defaultHosts(name, port)
  const lower = (texts: readonly string[]): string[] => texts.map((text) => text.toLowerCase())
  const check: HostCheck = {
    hosts: lower(options.allowedHosts ?? usual),
    origins: lower(options.allowedOrigins ?? usual.map((one) => `http://${one}`)),
  }
  const maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES
  attach(server, handler, { check, maxBodyBytes, stallTimeoutMs: requestTimeoutMs })
  const served = servedBy(server, `http://${hostInUrl(name)}:${port}`, port)
  if (signal?.aborted === true) await served.close()
  else signal?.addEventListener('abort', () => void served.close(), { once: true })
  return served
}

interface Bounds {
  readonly check: HostCheck
  readonly maxBodyBytes: number
  readonly stallTimeoutMs: number
}

function attach(server: Server, handler: HttpHandler, bounds: Bounds): void {
  const { check, maxBodyBytes } = bounds
  const serveIt = toNodeListener(handler, bounds)
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // Who is being drained is asked to come back by another connection, which there is not.
    if (!server.listening) outgoing.shouldKeepAlive = false
    outgoing.once('close', () => {
      if (!server.listening) server.closeIdleConnections()
    })
    const fault = hostFault(incoming.headers, check)
    if (fault === undefined) serveIt(incoming, outgoing)
    else toNodeListener(async () => plainResponse(403, fault), bounds)(incoming, outgoing)
  }
  server.on('request', listener)
  // A client that asks first is told to go on only where it will be listened to.
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const isTooLarge = Number(incoming.headers['content-length'] ?? 0) > maxBodyBytes
    if (!isTooLarge && hostFault(incoming.headers, check) === undefined) outgoing.writeContinue()
    listener(incoming, outgoing)
  })
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = LISTEN_FAULTS[cause.code ?? ''] ?? cause.message
      const message = `\`${hostInUrl(host)}:${port}\` cannot be listened on: ${why}`
      reject(new CallgateError('ERR_OPTIONS_INVALID', message, { cause }))
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      // Later ones, such as too many open files, concern one connection.
      server.on('error', () => undefined)
      resolve((server.address() as AddressInfo).port) // a TCP server has such an address
    })
  })
}

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; name another port',
  EACCES: 'this user may not; name a port above 1023',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host is known',
}

function servedBy(server: Server, url: string, port: number): Served {
  let closed: Promise<void> | undefined
  /** Resolves when the last connection has ended. */
  const stop = (): Promise<void> => {
    closed ??= new Promise((resolve) => server.close(() => resolve()))
    return closed
  }
  return {
    url,
    port,
    close() {
      const ended = stop()
      server.closeAllConnections()
      return ended
    },
    async drain(ms) {
      const timer = setTimeout(() => server.closeAllConnections(), ms)
      try {
        await stop()
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

const MOST_MS = 2 ** 31 - 1

function checkOptions(options: ServeOptions): void {
  const fail = (message: string): never => {
    throw new CallgateError('ERR_OPTIONS_INVALID', `\`serve\`: ${message}`)
  }
  const { port, allowedHosts, allowedOrigins } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    fail('`port` is a whole number from 0 to 65535')
  const bounds = ['maxBodyBytes', 'requestTimeoutMs', 'headersTimeoutMs', 'maxConnections'] as const
  for (const name of bounds) {
    const value = options[name] ?? 1
    if (!Number.isSafeInteger(value) || value < 1 || (name.endsWith('Ms') && value > MOST_MS))
      fail(`\`${name}\` is a whole number above 0`)
  }
  const fault = listFault({
    ...(allowedHosts === undefined ? {} : { hosts: allowedHosts }),
    ...(allowedOrigins === undefined ? {} : { origins: allowedOrigins }),
  })
  if (fault !== undefined) fail(fault)
}

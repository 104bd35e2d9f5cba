import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { afterEach } from 'vitest'
import type { HttpHandler } from './handler.ts'
import { type Served, type ServeOptions, serve } from './serve.ts'

const open: Served[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(open.splice(0).map((served) => served.close()))
})

/** Serves on a free port until the test is over. */
export async function serveHere(
  handler: HttpHandler,
  options: Partial<ServeOptions> = {},
): Promise<Served> {
  const served = await serve(handler, { port: 0, ...options })
  open.push(served)
  return served
}

/** A connection that says just what it is told to. */
export function dial(port: number): Socket {
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  return socket
}

/** What comes back by a connection until the other side closes it. */
export async function untilClosed(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  await new Promise((resolve) => socket.once('close', resolve))
  return text
}

/** What comes back until it holds `part`. */
export async function untilSaid(socket: Socket, part: string): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    if (text.includes(part)) return text
  }
  throw new Error(`closed after \`${text}\``)
}

/** Sends lines as one request without a body, and gives the whole answer. */
export function ask(port: number, ...lines: readonly string[]): Promise<string> {
  const socket = dial(port)
  socket.write(`${[...lines, 'connection: close'].join('\r\n')}\r\n\r\n`)
  return untilClosed(socket)
}

/** A port that somebody else listens on. */
export async function takenPort(): Promise<{ port: number; free(): void }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, free: () => void server.close() }
}

/** Status of an answer as it came. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
}

/** A promise and what settles it. */
export function deferred<T = void>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

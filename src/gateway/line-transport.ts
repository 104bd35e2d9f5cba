import type { Readable, Writable } from 'node:stream'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'

/** One JSON-RPC message a line, in both directions. */
export interface LineTransport {
  start(): Promise<void>
  send(message: JSONRPCMessage): Promise<void>
  close(): Promise<void>
  onmessage?: (message: JSONRPCMessage) => void
  onclose?: () => void
  onerror?: (error: Error) => void
}

export interface LineOptions {
  readonly input: Readable
  readonly output: Writable
  /** Bytes of one line. A longer one is answered by an error and passed over. */
  readonly maxMessageBytes: number
  /** What the protocol takes for a message; undefined where it is none. */
  parse(value: unknown): JSONRPCMessage | undefined
  /** Nothing more will come in. */
  onend(): void
}

const NEWLINE = 10
const PARSE_ERROR = -32700
const INVALID_REQUEST = -32600

/**
 * Speaks with a client by two streams. Whatever is not one message is answered by an error, so that
 * nobody waits for an answer that never comes, and nothing of it goes further.
 */
export function lineTransport(options: LineOptions): LineTransport {
  const { input, output } = options
  const lines = splitLines(options.maxMessageBytes, (line) => take(line))
  let isClosed = false
  const isFull = (): boolean => output.writableLength > options.maxMessageBytes
  /** Resolves when it is written, or never will be. */
  const write = (message: object): Promise<void> =>
    new Promise((resolve) => {
      if (isClosed || output.destroyed) resolve()
      else output.write(`${JSON.stringify(message)}\n`, () => resolve())
    })
  const refuse = (code: number, message: string): void => {
    write({ jsonrpc: '2.0', id: null, error: { code, message } }).catch(failed)
  }
  const take = (line: Buffer | undefined): void => {
    const read = readLine(line, options)
    if (read === undefined) return
    if ('message' in read) transport.onmessage?.(read.message)
    else refuse(...read.refusal)
  }
  const read = (chunk: Buffer | string): void => {
    lines.push(chunk)
    // Who does not read what was answered is not asked for more.
    if (isFull()) input.pause()
  }
  const goOn = (): void => {
    if (!isClosed) input.resume()
  }
  const failed = (error: Error): void => transport.onerror?.(error)
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    output.off('drain', goOn)
    input.off('data', read).off('end', options.onend).off('close', options.onend)
    input.pause()
    transport.onclose?.()
  }
  const gone = (): void => {
    close().catch(failed)
  }
  const transport: LineTransport = {
    async start() {
      output.on('drain', goOn)
      input.on('data', read).on('end', options.onend).on('close', options.onend)
      input.on('error', gone)
      output.on('error', gone).on('close', gone)
    },
    // What nobody waits for is not kept for one who does not read.
    send: (message) => (!('id' in message) && isFull() ? Promise.resolve() : write(message)),
    close,
  }
  return transport
}

type Read =
  | { readonly message: JSONRPCMessage }
  /** JSON-RPC code and message. */
  | { readonly refusal: readonly [number, string] }

/** Undefined: an empty line. `line` is undefined for one that is too long. */
function readLine(
  line: Buffer | undefined,
  { maxMessageBytes, parse }: LineOptions,
): Read | undefined {
  const refusal = (code: number, message: string): Read => ({ refusal: [code, message] })
  if (line === undefined)
    return refusal(INVALID_REQUEST, `a message is at most ${maxMessageBytes} bytes`)
  const text = line.toString('utf8').trim()
  if (text === '') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return refusal(PARSE_ERROR, 'the message is no JSON')
  }
  if (Array.isArray(value))
    return refusal(INVALID_REQUEST, 'batches are not taken: send one message a line')
  const message = parse(value)
  return message === undefined
    ? refusal(INVALID_REQUEST, 'this is no JSON-RPC 2.0 message')
    : { message }
}

interface Lines {
  push(this: void, chunk: Buffer | string): void
}

/** Calls `take` for each line, and with undefined for one that is too long. Holds one line at most. */
function splitLines(maxBytes: number, take: (line: Buffer | undefined) => void): Lines {
  let parts: Buffer[] = []
  let bytes = 0
  let isTooLong = false
  const add = (part: Buffer): void => {
    bytes += part.length
    if (bytes <= maxBytes) parts.push(part)
    else if (!isTooLong) {
      isTooLong = true
      parts = []
      take(undefined)
    }
  }
  const end = (): void => {
    if (!isTooLong) take(Buffer.concat(parts, bytes))
    parts = []
    bytes = 0
    isTooLong = false
  }
  return {
    push(chunk) {
      let rest = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk
      for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
        add(rest.subarray(0, at))
        end()
        rest = rest.subarray(at + 1)
      }
      if (rest.length > 0) add(rest)
    },
  }
}

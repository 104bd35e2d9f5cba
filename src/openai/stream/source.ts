import { piecesOf } from '../wire/read-answer.ts'
import { StreamFault } from './filter.ts'

/** Pieces of a body, read one by one. */
export interface Source {
  /** Undefined: there are no more. Rejects where the connection breaks, or is silent for too long. */
  read(): Promise<Uint8Array | string | undefined>
  /** Wants nothing more. Never rejects. */
  cancel(reason: unknown): Promise<void>
}

type Piece = Uint8Array | string

/** A body of the platform's `fetch`, or a stream of Node. */
export function openSource(body: unknown, idleTimeoutMs: number): Source {
  const { next, stop } = readerOf(body)
  let expire: (() => void) | undefined
  // One timer for all pieces, wound up anew for each.
  const timer = setTimeout(() => expire?.(), idleTimeoutMs)
  timer.unref()
  const settle = (): void => {
    expire = undefined
  }
  return {
    read: () =>
      new Promise((resolve, reject) => {
        timer.refresh()
        expire = () => reject(new StreamFault('stream_stalled', silence(idleTimeoutMs)))
        next().then(
          (piece) => {
            settle()
            resolve(piece)
          },
          (error: unknown) => {
            settle()
            reject(error)
          },
        )
      }),
    async cancel(reason) {
      clearTimeout(timer)
      settle()
      // Not waited for: a body that is read twice ends only where both readers want no more.
      stop(reason).catch(() => undefined)
    },
  }
}

function silence(idleTimeoutMs: number): string {
  return `nothing has come for ${idleTimeoutMs} ms (\`idleTimeoutMs\`)`
}

interface Reader {
  next(): Promise<Piece | undefined>
  stop(reason: unknown): Promise<unknown>
}

/** Not by its iterator where it has a reader: that costs half as much. */
function readerOf(body: unknown): Reader {
  if (body instanceof ReadableStream) {
    const reader = body.getReader()
    return {
      next: async () => (await reader.read()).value,
      stop: (reason) => reader.cancel(reason),
    }
  }
  const pieces = piecesOf(body)[Symbol.asyncIterator]()
  return {
    async next() {
      const { done, value } = await pieces.next()
      return done === true ? undefined : value
    },
    stop: async () => pieces.return?.(undefined),
  }
}

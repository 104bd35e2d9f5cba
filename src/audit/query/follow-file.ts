import { type FSWatcher, watch } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { MAX_LINE_BYTES } from './read-lines.ts'
import { trailError } from './trail-error.ts'

export interface FollowOptions {
  /** How many of the last lines are given first. */
  readonly lines: number
  /** Whether to wait for more. */
  readonly follow: boolean
  readonly signal: AbortSignal
  readonly onNote: (note: string) => void
  /** How often the file is looked at where the system does not tell. @default 500 */
  readonly pollMs?: number
}

export interface FollowedLine {
  readonly text: string
  /** Byte of the file that the line begins at. */
  readonly offset: number
}

/** The file that is read now, and how far. */
interface Reading {
  readonly handle: FileHandle
  /** Which file it is, whatever its name has become. */
  readonly inode: string
  offset: number
  pending: Buffer[]
  /** Bytes of what is pending. */
  held: number
  /** Within a line that is too long, until it ends. */
  skipping: boolean
}

/**
 * The last lines of a file, and then each that is added, over rotation and truncation. A file that was
 * moved away is read to its end before the one that took its name. Reads no faster than it is asked.
 * @throws {CallgateError} ERR_AUDIT_INVALID for a file that is gzipped
 */
export async function* followFile(
  path: string,
  options: FollowOptions,
): AsyncGenerator<FollowedLine> {
  const { follow, signal, onNote } = options
  let reading = await openFile(path)
  const waker = follow ? createWaker(path, signal, options.pollMs ?? 500) : undefined
  try {
    reading.offset = await offsetOfLast(reading.handle, options.lines, path)
    for (;;) {
      yield* newLines(reading, path, onNote)
      if (!follow || signal.aborted) return
      const next = await successor(path, reading)
      if (next !== undefined) {
        // Once more: what was written between the last look and the move.
        yield* newLines(reading, path, onNote)
        if (reading.held > 0) onNote(`${path}: a line was cut short when it was rotated`)
        await reading.handle.close()
        reading = next
        continue
      }
      if ((await reading.handle.stat()).size < reading.offset) {
        onNote(`${path}: the file was cut; reading from its beginning`)
        Object.assign(reading, NO_LINE, { offset: 0 })
        continue
      }
      await waker?.wait()
    }
  } finally {
    waker?.close()
    await reading.handle.close()
  }
}

async function openFile(path: string): Promise<Reading> {
  const handle = await open(path, 'r')
  const { dev, ino } = await handle.stat()
  const inode = `${dev}:${ino}`
  return { handle, inode, offset: 0, ...NO_LINE }
}

/** The file that has taken the name, once something is in it: its writer has moved on by then. */
async function successor(path: string, { inode }: Reading): Promise<Reading | undefined> {
  try {
    const { dev, ino, size } = await stat(path)
    if (`${dev}:${ino}` === inode || size === 0) return undefined
    return await openFile(path)
  } catch (error) {
    // Moved away, and nothing there yet.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Between two lines. A getter, so that each reader has a list of its own. */
const NO_LINE = {
  get pending(): Buffer[] {
    return []
  },
  held: 0,
  skipping: false,
}
const BLOCK_BYTES = 64 * 1024
const LINE_FEED = 10

async function* newLines(
  reading: Reading,
  path: string,
  onNote: (note: string) => void,
): AsyncGenerator<FollowedLine> {
  for (;;) {
    const block = Buffer.alloc(BLOCK_BYTES)
    const { bytesRead } = await reading.handle.read(block, 0, BLOCK_BYTES, reading.offset)
    if (bytesRead === 0) return
    const bytes = block.subarray(0, bytesRead)
    const start = reading.offset
    reading.offset += bytesRead
    let from = 0
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      const offset = start + from - reading.held
      const text = Buffer.concat([...reading.pending, bytes.subarray(from, at)]).toString()
      if (!reading.skipping && text.trim() !== '') yield { text, offset }
      Object.assign(reading, NO_LINE)
      from = at + 1
    }
    if (!reading.skipping) hold(reading, bytes.subarray(from), path, onNote)
  }
}

/** Keeps the beginning of a line, as long as it may be one. */
function hold(reading: Reading, bytes: Buffer, path: string, onNote: (note: string) => void): void {
  if (bytes.length > 0) reading.pending.push(bytes)
  reading.held += bytes.length
  if (reading.held <= MAX_LINE_BYTES) return
  onNote(`${path}: a line longer than ${MAX_LINE_BYTES} bytes is passed over`)
  Object.assign(reading, NO_LINE, { skipping: true })
}

/** Where the last lines begin: read backwards, so that a large file costs no more than a small one. */
async function offsetOfLast(handle: FileHandle, lines: number, path: string): Promise<number> {
  const { size } = await handle.stat()
  const block = Buffer.alloc(BLOCK_BYTES)
  await handle.read(block, 0, 2, 0)
  if (size > 1 && block[0] === 0x1f && block[1] === 0x8b)
    throw trailError(
      `${path}: a gzipped file is not followed; read it with \`callgate audit query\``,
    )
  let end = size
  // The line feed at the very end ends the last line and begins none, unless none is wanted.
  let wanted = Math.max(1, lines)
  let isLast = lines > 0
  while (end > 0) {
    const start = Math.max(0, end - BLOCK_BYTES)
    const { bytesRead } = await handle.read(block, 0, end - start, start)
    for (let at = bytesRead - 1; at >= 0; at--) {
      const isBreak = block[at] === LINE_FEED && !isLast
      isLast = false
      if (isBreak && --wanted === 0) return start + at + 1
    }
    end = start
  }
  return 0
}

/** Resolves when the folder tells of a change, when it is time to look, or at the end. */
function createWaker(path: string, signal: AbortSignal, pollMs: number) {
  let told = false
  let wake: (() => void) | undefined
  const tell = (): void => {
    told = true
    wake?.()
  }
  const watcher = watchFolder(path, tell)
  signal.addEventListener('abort', tell)
  return {
    async wait(): Promise<void> {
      if (!told && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      wake = undefined
      told = false
    },
    close(): void {
      signal.removeEventListener('abort', tell)
      watcher?.close()
    },
  }
}

function watchFolder(path: string, tell: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) tell()
    })
    watcher.on('error', () => watcher.close()) // the timer still looks
    return watcher
  } catch {
    return undefined // not every file system can be watched
  }
}

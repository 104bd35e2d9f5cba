import type { AuditRecord } from '../../core/model/audit-record.ts'
import { CallgateError } from '../../core/model/errors.ts'
import { halvesOf, hashOfLine } from '../ledger/seal.ts'
import { readTombstone } from '../query/tombstone.ts'
import { errnoOf, type LedgerFile, type LedgerFs, writeAll } from './file-system.ts'

const BLOCK = 65_536
const LINE_BREAK = 0x0a

/** What a ledger needs to know of a record to go on from it. */
export interface Mark {
  readonly seq: number
  readonly ts: string
  readonly hash: string
}

/** Where a file ends well. */
export interface Tail {
  /** Bytes up to the end of the last whole record. */
  readonly size: number
  /** Undefined where there is no whole record. */
  readonly last: Mark | undefined
}

/** Looks at most this far back for a whole record. */
const MOST_TORN = 64 * 1_048_576

/** More than one write, of which a loss of power may keep any part. */
const MOST_UNSYNCED = 32 * 1_048_576

/**
 * Looks for the last line that is whole and sealed, from the end.
 * @throws {CallgateError} ERR_AUDIT_UNAVAILABLE where there are lines and none is a record, or too much is torn
 */
export async function findTail(file: LedgerFile, size: number, path: string): Promise<Tail> {
  // A loss of power can leave a hole with whole lines behind it: the chain does not lead over it.
  let end = await firstHole(file, Math.max(0, size - MOST_UNSYNCED), size)
  let hasLines = false
  while (end > 0) {
    if (size - end > MOST_TORN) break
    // A line ends with its break: what stands after the last one is torn.
    const lineEnd = await lineStart(file, end)
    if (lineEnd === 0) {
      end = 0
      break
    }
    const start = await lineStart(file, lineEnd - 1)
    if (lineEnd - start > MOST_TORN) break
    const last = markOf(await readRange(file, start, lineEnd - 1))
    if (last !== undefined) return { size: lineEnd, last }
    hasLines = true
    end = lineEnd - 1
  }
  // Of a ledger, only its first record can be torn with no other there: a whole line is somebody's text.
  if (end === 0 && !hasLines) return { size: 0, last: undefined }
  throw new CallgateError(
    'ERR_AUDIT_UNAVAILABLE',
    `${path} ends with much that is no record: it is no ledger, or damaged; move it away`,
  )
}

/** Where the line begins that holds the byte before `end`: after the last line break before it. */
async function lineStart(file: LedgerFile, end: number): Promise<number> {
  for (let to = end; to > 0; ) {
    const from = Math.max(0, to - BLOCK)
    const at = (await readRange(file, from, to)).lastIndexOf(LINE_BREAK)
    if (at >= 0) return from + at + 1
    to = from
  }
  return 0
}

/** The first record of a file, where its first line is one. */
export async function firstMark(file: LedgerFile, size: number): Promise<Mark | undefined> {
  for (let length = BLOCK; ; length *= 4) {
    const bytes = await readRange(file, 0, Math.min(size, length))
    const at = bytes.indexOf(LINE_BREAK)
    if (at >= 0) return markOf(bytes.subarray(0, at))
    if (length >= size || length > MOST_TORN) return undefined
  }
}

export async function countLines(file: LedgerFile, size: number): Promise<number> {
  let lines = 0
  for (let from = 0; from < size; from += 16 * BLOCK) {
    const bytes = await readRange(file, from, Math.min(size, from + 16 * BLOCK))
    for (let at = bytes.indexOf(LINE_BREAK); at >= 0; at = bytes.indexOf(LINE_BREAK, at + 1))
      lines++
  }
  return lines
}

/** Where the first zero byte stands, which no line has, or the end. */
async function firstHole(file: LedgerFile, from: number, to: number): Promise<number> {
  for (let at = from; at < to; at += 16 * BLOCK) {
    const zero = (await readRange(file, at, Math.min(to, at + 16 * BLOCK))).indexOf(0)
    if (zero >= 0) return at + zero
  }
  return to
}

async function readRange(file: LedgerFile, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from)
  let filled = 0
  while (filled < bytes.length) {
    const read = await file.read(bytes.subarray(filled), from + filled)
    if (read === 0) break
    filled += read
  }
  return bytes.subarray(0, filled)
}

/** Undefined unless the line is a record whose hash is right, or stands for some. */
function markOf(bytes: Buffer): Mark | undefined {
  try {
    const text = bytes.toString()
    // Where the last records were removed, the chain goes on from the last of them.
    const removed = readTombstone(text)?.removed.at(-1)
    if (removed !== undefined) return removed
    const record = JSON.parse(text) as AuditRecord
    const { seq, ts, hash, prev } = record
    if (typeof seq !== 'number' || typeof ts !== 'string' || typeof hash !== 'string')
      return undefined
    const halves = halvesOf(record, prev)
    const isWhole = hashOfLine(`${halves[0]}null${halves[1]}`) === hash
    return isWhole ? { seq, ts, hash } : undefined
  } catch {
    return undefined
  }
}

const MOST_ASIDE = 10_000

/** Keeps what stands after `from` in a file of its own, then cuts it off. Gives that file's path. */
export async function cutTail(
  file: LedgerFile,
  range: { readonly from: number; readonly to: number },
  path: string,
  fs: LedgerFs,
): Promise<string> {
  const [aside, name] = await openAside(path, fs)
  try {
    for (let from = range.from; from < range.to; from += 16 * BLOCK)
      await writeAll(aside, await readRange(file, from, Math.min(range.to, from + 16 * BLOCK)))
    await aside.sync()
  } finally {
    await aside.close()
  }
  await file.truncate(range.from)
  await file.sync()
  return name
}

async function openAside(path: string, fs: LedgerFs): Promise<readonly [LedgerFile, string]> {
  for (let number = 1; number <= MOST_ASIDE; number++) {
    const name = `${path}.torn-${number}`
    try {
      return [await fs.open(name, 'new'), name]
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
    }
  }
  throw new CallgateError('ERR_AUDIT_UNAVAILABLE', `there are too many ${path}.torn files`)
}

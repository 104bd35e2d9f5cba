import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson } from '../../core/policy/read/read-json.ts'
import { placeFinder } from '../../core/policy/read/source.ts'
import { readTraceSession, type TraceSession, traceError } from './trace-session.ts'
import { readTextLines, type TextLine } from './trace-text.ts'

/** Bounds of what is read. Both count UTF-16 units of decompressed text. */
export interface TraceFileLimits {
  /** One line of a JSON Lines file, and so one session. @default 67108864 */
  readonly maxLine: number
  /** One file that is a single JSON text. @default 268435456 */
  readonly maxText: number
}
const TRACE_FILE_LIMITS: TraceFileLimits = {
  maxLine: 64 * 1024 * 1024,
  maxText: 256 * 1024 * 1024,
}

const SESSION_FILE = /\.(json|jsonl|ndjson)(\.gz)?$/i
const LINES_FILE = /\.(jsonl|ndjson)(\.gz)?$/i

/**
 * The sessions of files and folders, one after the other: a JSON Lines file is never held whole.
 * @throws {CallgateError} ERR_TRACE_INVALID with the place; errors of the file system
 */
export async function* readTraceFiles(
  paths: readonly string[],
  limits: TraceFileLimits = TRACE_FILE_LIMITS,
): AsyncGenerator<TraceSession> {
  for (const path of paths) for (const file of await filesOf(path)) yield* readFile(file, limits)
}

/** Folders give the session files below them, in the order of their names; links are not followed. */
async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const found: string[] = []
  const waiting = [path]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const child = join(folder, entry.name)
      if (entry.isDirectory()) waiting.push(child)
      else if (entry.isFile() && SESSION_FILE.test(entry.name)) found.push(child)
    }
  }
  if (found.length > 0) return found.sort()
  throw traceError(`${path}: no session file (.json, .jsonl, .ndjson, also .gz) in this folder`)
}

/** One JSON text, or one session a line: the first line that is not blank tells which. */
async function* readFile(file: string, limits: TraceFileLimits): AsyncGenerator<TraceSession> {
  const lines = readTextLines(file, limits)
  const first = await lines.next()
  if (first.done === true) throw traceError(`${file}: the file is empty`)
  const isLines = LINES_FILE.test(file) || isWhole(first.value.text)
  if (!isLines) {
    const value = parse(await restOf(file, first.value, lines, limits), file)
    const listed = Array.isArray(value) ? value : [value]
    for (const [index, one] of listed.entries())
      yield readTraceSession(one, listed.length === 1 ? file : `${file}: session ${index + 1}`)
    return
  }
  yield* sessionOf(first.value, file)
  for await (const line of lines) yield* sessionOf(line, file)
}

function* sessionOf(line: TextLine, file: string): Generator<TraceSession> {
  const place = `${file}:${line.number}`
  const value = parse(line.text, file, line.number)
  for (const one of Array.isArray(value) ? value : [value]) yield readTraceSession(one, place)
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function restOf(
  file: string,
  first: TextLine,
  lines: AsyncGenerator<TextLine>,
  limits: TraceFileLimits,
): Promise<string> {
  // Blank lines are not passed on: their line breaks are put back, so that places stay right.
  let text = '\n'.repeat(first.number - 1) + first.text
  let number = first.number
  for await (const line of lines) {
    text += '\n'.repeat(line.number - number) + line.text
    number = line.number
    if (text.length > limits.maxText)
      throw traceError(
        `${file}: larger than ${limits.maxText} characters; write it as JSON Lines, one session a line`,
      )
  }
  return text
}

// Looking for the place costs a second reading, in JavaScript.
const MAX_PLACED = 16 * 1024 * 1024
const MAX_DEPTH = 1_000

function parse(text: string, file: string, line?: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // INVARIANT: the message of JSON.parse is never passed on, nor kept as a cause: it quotes the file.
    throw traceError(placeOfFault(text, file, line))
  }
}

function placeOfFault(text: string, file: string, line: number | undefined): string {
  const where = line === undefined ? file : `${file}:${line}`
  if (text.length > MAX_PLACED) return `${where}: not JSON`
  const fault = readJson(text, MAX_DEPTH).faults.find(({ kind }) => kind === 'syntax')
  if (fault?.at === undefined || fault.at === null) return `${where}: not JSON`
  const place = placeFinder(text)(fault.at)
  const row = (place.line ?? 1) + (line ?? 1) - 1
  return `${file}:${row}:${place.column ?? 1}: not JSON: ${fault.message}`
}

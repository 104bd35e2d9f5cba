import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { createMatcher, type RecordFilter } from './filter.ts'
import { readBytes, readLines, type TrailLine, unpackedBytes } from './read-lines.ts'
import { readRecord } from './read-record.ts'
import { isTombstone } from './tombstone.ts'
import { trailError } from './trail-error.ts'

/** Where records are read from, oldest first: files, or a table of a database. */
export interface AuditSource {
  records(filter?: RecordFilter): AsyncIterable<AuditRecord>
}

export interface AuditFilesOptions {
  /** Told of what was passed over: a last line that was cut short. */
  readonly onNote?: (note: string) => void
  /** What `-` stands for. */
  readonly stdin?: AsyncIterable<Uint8Array>
}

/**
 * Reads JSON Lines, also gzipped, of one trail: files, folders (their `*.jsonl`, rotated and gzipped
 * ones too) and `-`. Rotated files are put in order. Holds one record at a time.
 */
export function auditFiles(
  paths: readonly string[],
  options: AuditFilesOptions = {},
): AuditSource & { lines(): AsyncIterable<TrailLine> } {
  return {
    lines: () => linesOf(paths, options.stdin),
    async *records(filter = {}) {
      const isWanted = createMatcher(filter)
      for await (const line of linesOf(paths, options.stdin)) {
        const record = recordOf(line, options.onNote)
        if (record !== undefined && isWanted(record)) yield record
      }
    },
  }
}

/**
 * The record of a line; undefined where it stands for removed ones or was cut short.
 * @throws {CallgateError} ERR_AUDIT_INVALID for any other line that is no record, with its place
 */
export function recordOf(
  line: TrailLine,
  onNote?: (note: string) => void,
): AuditRecord | undefined {
  const place = `${line.file}:${line.number}`
  // INVARIANT: what `audit verify` passes over is no record here either.
  if (!line.ended) {
    onNote?.(`${place}: the last line was cut short and is passed over`)
    return undefined
  }
  const record = readRecord(line.text)
  if (typeof record !== 'string') return record
  if (isTombstone(line.text)) return undefined
  throw trailError(`${place}: ${record}`)
}

async function* linesOf(
  paths: readonly string[],
  stdin: AsyncIterable<Uint8Array> | undefined,
): AsyncGenerator<TrailLine> {
  for (const path of await trailFiles(paths)) {
    if (path !== STDIN) yield* readLines(path, readBytes(path))
    else if (stdin !== undefined) yield* readLines('stdin', unpackedBytes('stdin', stdin))
    else throw trailError('there is no standard input to read')
  }
}

/** Stands for standard input. It cannot be looked at beforehand, so it comes last. */
export const STDIN = '-'
const TRAIL_FILE = /\.jsonl(\.[\dTZ-]+)*(\.gz)?$/
/** What a ledger puts into the name of a file that it closes. */
const CLOSED_PART = /\.(\d{6,})-[\dTZ]+-\d+(?=\.)/

/** Files that were named, in order, then those of folders. */
export async function trailFiles(paths: readonly string[]): Promise<readonly string[]> {
  return (await findTrails(paths)).flat()
}

/**
 * The files of each trail, in order. Files that are named are one trail; a folder may hold several, for
 * each process writes its own: those of one name, less what rotation put into it, belong together.
 * @throws {CallgateError} ERR_AUDIT_INVALID for a folder without any
 */
export async function findTrails(
  paths: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const named: string[] = []
  const groups = new Map<string, string[]>()
  for (const path of new Set(paths)) {
    if (path === STDIN || !(await stat(path)).isDirectory()) named.push(path)
    else
      for (const name of await namesIn(path)) {
        const trail = join(path, name.replace(/\.gz$/, '').replace(CLOSED_PART, ''))
        groups.set(trail, [...(groups.get(trail) ?? []), join(path, name)])
      }
  }
  const trails: (readonly string[])[] = []
  for (const files of [named, ...groups.values()])
    if (files.length > 0) trails.push(await inOrder(files))
  return trails
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const found = (await readdir(folder)).filter((name) => TRAIL_FILE.test(name)).sort()
  if (found.length === 0) throw trailError(`${folder}: it has no file with \`.jsonl\` in its name`)
  return found
}

/** By the number in their names, which the file that is still written lacks; else by their first record. */
async function inOrder(files: readonly string[]): Promise<readonly string[]> {
  if (files.length < 2) return files
  const placed: { readonly file: string; readonly start: Start }[] = []
  for (const file of files) placed.push({ file, start: await startOf(file) })
  return placed
    .sort(
      ({ start: one }, { start: other }) =>
        one.number - other.number || one.at - other.at || one.seq - other.seq,
    )
    .map(({ file }) => file)
}

interface Start {
  readonly number: number
  readonly at: number
  readonly seq: number
}
// Finite, so that two of them are equal and keep their order.
const LAST: Start = { number: Number.MAX_VALUE, at: Number.MAX_VALUE, seq: 0 }

/** When a file begins. What cannot be read comes last, and is complained of when it is read. */
async function startOf(file: string): Promise<Start> {
  if (file === STDIN) return LAST
  const closed = CLOSED_PART.exec(basename(file))?.[1]
  const number = closed === undefined ? LAST.number : Number(closed)
  const lines = readLines(file, readBytes(file))
  try {
    const { value: line } = await lines.next()
    const first: unknown = line === undefined ? undefined : JSON.parse(line.text)
    if (typeof first !== 'object' || first === null) return { ...LAST, number }
    const at = 'ts' in first ? Date.parse(String(first.ts)) : Number.NaN
    const seq = 'seq' in first ? Number(first.seq) : Number.NaN
    return Number.isNaN(at) || Number.isNaN(seq) ? { ...LAST, number } : { number, at, seq }
  } catch {
    return { ...LAST, number }
  } finally {
    await lines.return(undefined)
  }
}

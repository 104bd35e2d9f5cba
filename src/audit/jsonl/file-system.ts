import { constants } from 'node:fs'
import {
  type FileHandle,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  unlink,
  utimes,
} from 'node:fs/promises'
import { dirname } from 'node:path'

export interface FileFacts {
  readonly inode: number
  readonly size: number
  /** Names it has; 0 once it is deleted. */
  readonly links: number
  readonly modifiedMs: number
}

/** An open file. */
export interface LedgerFile {
  /** Appends; gives how many bytes were taken, which may be fewer. */
  write(bytes: Uint8Array): Promise<number>
  /** Gives how many bytes there were, at most as many as fit. */
  read(into: Uint8Array, position: number): Promise<number>
  /** Resolves when the disk has what was written. */
  sync(): Promise<void>
  truncate(size: number): Promise<void>
  facts(): Promise<FileFacts>
  close(): Promise<void>
}

/** What a ledger asks of a file system: a seam for tests. */
export interface LedgerFs {
  /** `append` makes the file where there is none; `new` fails with EEXIST where there is one. */
  open(path: string, how: 'append' | 'new' | 'read'): Promise<LedgerFile>
  /** Undefined where there is none. */
  facts(path: string): Promise<FileFacts | undefined>
  /** Without symbolic links. Fails where there is nothing. */
  realPath(path: string): Promise<string>
  readText(path: string): Promise<string | undefined>
  list(folder: string): Promise<readonly string[]>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  touch(path: string): Promise<void>
  /** Resolves when the disk has the names of the folder of this file. */
  syncFolder(path: string): Promise<void>
}

const FLAGS = {
  append: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT,
  new: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL,
  read: constants.O_RDONLY,
} as const

/** Records name people and tools: they are for the owner only. */
const OWNER_ONLY = 0o600

export const machineFs: LedgerFs = {
  open: async (path, how) => wrap(await open(path, FLAGS[how], OWNER_ONLY)),
  facts: (path) => orMissing(stat(path).then(factsOf)),
  realPath: (path) => realpath(path),
  readText: (path) => orMissing(readFile(path, 'utf8')),
  list: (folder) => readdir(folder),
  rename,
  remove: unlink,
  touch: (path) => utimes(path, new Date(), new Date()),
  async syncFolder(path) {
    if (process.platform === 'win32') return // a folder cannot be opened there
    const folder = await open(dirname(path), 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
}

function wrap(handle: FileHandle): LedgerFile {
  return {
    write: async (bytes) => (await handle.write(bytes)).bytesWritten,
    read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    sync: () => handle.datasync(),
    truncate: (size) => handle.truncate(size),
    facts: async () => factsOf(await handle.stat()),
    close: () => handle.close(),
  }
}

function factsOf(stats: { ino: number; size: number; nlink: number; mtimeMs: number }): FileFacts {
  return { inode: stats.ino, size: stats.size, links: stats.nlink, modifiedMs: stats.mtimeMs }
}

async function orMissing<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

export function errnoOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}

/** Writes all of it: a disk may take a part only. */
export async function writeAll(file: LedgerFile, bytes: Uint8Array): Promise<void> {
  let rest = bytes
  while (rest.length > 0) {
    const taken = await file.write(rest)
    if (taken === 0) throw new Error('the disk took nothing of a write')
    rest = rest.subarray(taken)
  }
}

import { basename } from 'node:path'
import type { FileFacts, LedgerFile, LedgerFs } from './file-system.ts'

/** What was asked of a disk, in order. */
export type DiskStep =
  | { readonly step: 'name'; readonly name: string; readonly inode: number }
  | { readonly step: 'rename'; readonly from: string; readonly to: string }
  | { readonly step: 'remove'; readonly name: string }
  | { readonly step: 'write'; readonly inode: number; readonly at: number; readonly bytes: Buffer }
  | { readonly step: 'truncate'; readonly inode: number; readonly size: number }
  | { readonly step: 'sync'; readonly inode: number }
  | { readonly step: 'syncFolder' }
  /** Not of the disk: a record was accepted. */
  | { readonly step: 'accepted'; readonly seq: number }

/** What is on a disk: names of one folder, and the bytes of files. */
export interface DiskState {
  readonly names: ReadonlyMap<string, number>
  readonly contents: ReadonlyMap<number, Buffer>
}

export interface MemoryDisk {
  readonly fs: LedgerFs
  readonly steps: DiskStep[]
  /** What the next calls do instead. */
  fault: ((call: 'write' | 'sync' | 'rename') => 'fail' | 'short' | undefined) | undefined
  /** The bytes of a file, as a running process sees them. */
  bytesOf(name: string): Buffer | undefined
}

const EMPTY: DiskState = { names: new Map(), contents: new Map() }

/** A disk of one folder that keeps what was asked of it. `boot` tells processes of two boots apart. */
export function memoryDisk(from: DiskState = EMPTY, boot = 1): MemoryDisk {
  const held: Held = {
    names: new Map(from.names),
    contents: new Map(from.contents),
    steps: [],
    boot,
    troubled(call) {
      const fault = disk.fault?.(call)
      if (fault === 'fail') throw failure('EIO')
      return fault === 'short'
    },
  }
  const disk: MemoryDisk = {
    fs: fsOf(held),
    steps: held.steps,
    fault: undefined,
    bytesOf: (name) => held.contents.get(held.names.get(name) ?? -1),
  }
  return disk
}

interface Held {
  readonly names: Map<string, number>
  readonly contents: Map<number, Buffer>
  readonly steps: DiskStep[]
  readonly boot: number
  /** True where a write is to take a part only; throws where a call is to fail. */
  troubled(call: 'write' | 'sync' | 'rename'): boolean
}

function fsOf(held: Held): LedgerFs {
  const { names, contents, steps } = held
  return {
    async open(path, how) {
      const name = basename(path)
      const known = names.get(name)
      if (known !== undefined && how === 'new') throw failure('EEXIST')
      if (known !== undefined) return fileOf(held, known)
      if (how === 'read') throw failure('ENOENT')
      const inode = Math.max(0, ...contents.keys()) + 1
      names.set(name, inode)
      contents.set(inode, Buffer.alloc(0))
      steps.push({ step: 'name', name, inode })
      return fileOf(held, inode)
    },
    async facts(path) {
      const inode = names.get(basename(path))
      return inode === undefined ? undefined : factsOf(held, inode)
    },
    realPath: async (path) => path,
    async readText(path) {
      if (path.startsWith('/proc/')) return processText(held.boot)
      return contents.get(names.get(basename(path)) ?? -1)?.toString()
    },
    list: async () => [...names.keys()],
    async rename(from, to) {
      held.troubled('rename')
      moveName(names, basename(from), basename(to))
      steps.push({ step: 'rename', from: basename(from), to: basename(to) })
    },
    async remove(path) {
      names.delete(basename(path))
      steps.push({ step: 'remove', name: basename(path) })
    },
    touch: async () => undefined,
    async syncFolder() {
      steps.push({ step: 'syncFolder' })
    },
  }
}

function fileOf(held: Held, inode: number): LedgerFile {
  const { contents, steps } = held
  const bytesNow = (): Buffer => contents.get(inode) ?? Buffer.alloc(0)
  return {
    async write(given) {
      const taken = held.troubled('write') ? (given.length + 1) >> 1 : given.length
      const bytes = Buffer.from(given.subarray(0, taken))
      steps.push({ step: 'write', inode, at: bytesNow().length, bytes })
      contents.set(inode, Buffer.concat([bytesNow(), bytes]))
      return taken
    },
    read: async (into, position) => bytesNow().copy(into, 0, position),
    async sync() {
      held.troubled('sync')
      steps.push({ step: 'sync', inode })
    },
    async truncate(size) {
      steps.push({ step: 'truncate', inode, size })
      contents.set(inode, bytesNow().subarray(0, size))
    },
    facts: async () => factsOf(held, inode),
    close: async () => undefined,
  }
}

function factsOf({ names, contents }: Held, inode: number): FileFacts {
  return {
    inode,
    size: contents.get(inode)?.length ?? 0,
    links: [...names.values()].filter((named) => named === inode).length,
    modifiedMs: 0, // long before: no lock is fresh after a boot
  }
}

export function moveName(names: Map<string, number>, from: string, to: string): void {
  const inode = names.get(from)
  if (inode === undefined) return
  names.delete(from)
  names.set(to, inode)
}

/** As Linux tells of a process; its twentieth field is when it was started. */
function processText(boot: number): string {
  return `1 (node) ${['S', ...Array.from({ length: 18 }, () => '0'), String(boot)].join(' ')}`
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: planted`), { code })
}

import { setImmediate } from 'node:timers/promises'
import { type LedgerFile, type LedgerFs, machineFs } from './file-system.ts'

export interface FaultyFs extends LedgerFs {
  /** Calls so far, by name. */
  readonly calls: string[]
  /** What the next calls do instead, `slow` after a while; undefined: what was asked. */
  fault: ((call: string, index: number) => 'fail' | 'short' | 'slow' | undefined) | undefined
}

/** The file system of the machine, with faults where a test wants them. */
export function faultyFs(errno = 'EIO'): FaultyFs {
  const calls: string[] = []
  const count = async (call: string): Promise<'short' | 'slow' | undefined> => {
    const index = calls.push(call) - 1
    const fault = faulty.fault?.(call, index)
    if (fault === 'fail') throw Object.assign(new Error(`${errno}: planted`), { code: errno })
    if (fault === 'slow') for (let turn = 0; turn < 20; turn++) await setImmediate()
    return fault
  }
  const wrapped = (file: LedgerFile): LedgerFile => ({
    async write(bytes) {
      if ((await count('write')) !== 'short') return file.write(bytes)
      return file.write(bytes.subarray(0, Math.max(1, bytes.length >> 1)))
    },
    async read(into, position) {
      await count('read')
      return file.read(into, position)
    },
    async sync() {
      await count('sync')
      await file.sync()
    },
    async truncate(size) {
      await count('truncate')
      await file.truncate(size)
    },
    async facts() {
      await count('file.facts')
      return file.facts()
    },
    async close() {
      await file.close()
      await count('close')
    },
  })
  const faulty: FaultyFs = {
    calls,
    fault: undefined,
    async open(path, how) {
      await count(`open ${how}`)
      return wrapped(await machineFs.open(path, how))
    },
    async facts(path) {
      await count('facts')
      return machineFs.facts(path)
    },
    async realPath(path) {
      await count('realPath')
      return machineFs.realPath(path)
    },
    async readText(path) {
      await count('readText')
      return machineFs.readText(path)
    },
    async list(folder) {
      await count('list')
      return machineFs.list(folder)
    },
    async rename(from, to) {
      await count('rename')
      await machineFs.rename(from, to)
    },
    async remove(path) {
      await count('remove')
      await machineFs.remove(path)
    },
    touch: (path) => machineFs.touch(path),
    async syncFolder(path) {
      await count('syncFolder')
      await machineFs.syncFolder(path)
    },
  }
  return faulty
}

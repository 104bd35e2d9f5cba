import { type LedgerFile, type LedgerFs, machineFs } from './file-system.ts'

export interface FaultyFs extends LedgerFs {
  /** Calls so far, by name. */
  readonly calls: string[]
  /** What the next calls do instead; undefined: what was asked. */
  fault: ((call: string, index: number) => 'fail' | 'short' | undefined) | undefined
}

/** The file system of the machine, with faults where a test wants them. */
export function faultyFs(errno = 'EIO'): FaultyFs {
  const calls: string[] = []
  const count = (call: string): 'short' | undefined => {
    const index = calls.push(call) - 1
    const fault = faulty.fault?.(call, index)
    if (fault === 'fail') throw Object.assign(new Error(`${errno}: planted`), { code: errno })
    return fault
  }
  const wrapped = (file: LedgerFile): LedgerFile => ({
    async write(bytes) {
      if (count('write') !== 'short') return file.write(bytes)
      return file.write(bytes.subarray(0, Math.max(1, bytes.length >> 1)))
    },
    async read(into, position) {
      count('read')
      return file.read(into, position)
    },
    async sync() {
      count('sync')
      await file.sync()
    },
    async truncate(size) {
      count('truncate')
      await file.truncate(size)
    },
    async facts() {
      count('file.facts')
      return file.facts()
    },
    async close() {
      await file.close()
      count('close')
    },
  })
  const faulty: FaultyFs = {
    calls,
    fault: undefined,
    async open(path, how) {
      count(`open ${how}`)
      return wrapped(await machineFs.open(path, how))
    },
    async facts(path) {
      count('facts')
      return machineFs.facts(path)
    },
    async readText(path) {
      count('readText')
      return machineFs.readText(path)
    },
    async list(folder) {
      count('list')
      return machineFs.list(folder)
    },
    async rename(from, to) {
      count('rename')
      await machineFs.rename(from, to)
    },
    async remove(path) {
      count('remove')
      await machineFs.remove(path)
    },
    touch: (path) => machineFs.touch(path),
    async syncFolder(path) {
      count('syncFolder')
      await machineFs.syncFolder(path)
    },
  }
  return faulty
}

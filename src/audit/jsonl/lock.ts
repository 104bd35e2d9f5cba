import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { CallgateError } from '../../core/model/errors.ts'
import { errnoOf, type LedgerFs, writeAll } from './file-system.ts'
import type { Report } from './options.ts'

/** Who holds a ledger. A process is known by its number and the time it was started, where they are counted. */
interface Holder {
  readonly id: string
  readonly pid: number
  readonly started: string | null
  readonly host: string
  /** The boot and the space of process numbers that \`pid\` is of; null where nothing says so. */
  readonly place: string | null
}

export interface Lock {
  /**
   * False where somebody else has taken it, or nobody has it. Looks only where the last look is long ago,
   * as after this process was stopped, or where \`always\`.
   */
  isOurs(always: boolean): Promise<boolean>
  release(): Promise<void>
}

const BEAT_MS = 10_000
/** A holder on another machine, or in another container, cannot be looked up: it says that it lives. */
const SILENT_MS = 60_000
/** Well before another may take it over. */
const LATE_MS = 30_000

/**
 * One process per ledger: two would each go on from the same record, and the chain would fork. A lock
 * whose process is gone is taken over.
 */
export async function takeLock(ledger: string, fs: LedgerFs, report: Report): Promise<Lock> {
  const path = `${ledger}.lock`
  const me: Holder = {
    id: randomUUID(),
    pid: process.pid,
    started: await startOf(process.pid, fs),
    host: hostname(),
    place: await placeOf(fs),
  }
  if (!(await create(path, me, fs))) {
    await removeStale(ledger, me, fs, report)
    if (!(await create(path, me, fs))) throw heldError(ledger, undefined)
  }
  let seenAt = Date.now()
  const look = async (): Promise<boolean> => {
    const at = Date.now()
    if ((await holderOf(path, fs))?.id !== me.id) return false
    seenAt = at
    return true
  }
  // Only its own: to touch another's would keep that one alive.
  const stay = async (): Promise<void> => {
    if (await look()) await fs.touch(path)
  }
  const beat = setInterval(() => void stay().catch(() => undefined), BEAT_MS)
  beat.unref()
  return {
    async isOurs(always) {
      // Either way: a clock that was set back says nothing of how long it was.
      const isLate = Math.abs(Date.now() - seenAt) > LATE_MS
      return always || isLate ? look() : true
    },
    async release() {
      clearInterval(beat)
      if ((await holderOf(path, fs))?.id === me.id) await fs.remove(path)
    },
  }
}

async function create(path: string, holder: Holder, fs: LedgerFs): Promise<boolean> {
  let file: Awaited<ReturnType<LedgerFs['open']>>
  try {
    file = await fs.open(path, 'new')
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
  try {
    await writeAll(file, Buffer.from(JSON.stringify(holder)))
    return true
  } catch (error) {
    await fs.remove(path).catch(() => undefined) // half a lock would hold nobody off for long
    throw error
  } finally {
    await file.close().catch(() => undefined) // the lock is there; one that is left behind would be ours
  }
}

async function removeStale(
  ledger: string,
  me: Holder,
  fs: LedgerFs,
  report: Report,
): Promise<void> {
  const path = `${ledger}.lock`
  const holder = await holderOf(path, fs)
  if (await isAlive(path, holder, me, fs)) throw heldError(ledger, holder)
  // Moved, not removed: who was faster may hold a new lock under this name by now.
  const aside = `${path}.${randomUUID()}`
  try {
    await fs.rename(path, aside)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return
    throw error
  }
  if ((await holderOf(aside, fs))?.id !== holder?.id) {
    await fs.rename(aside, path)
    throw heldError(ledger, undefined)
  }
  await fs.remove(aside)
  report('audit_lock_taken_over', `${path} was left by a process that is gone`)
}

async function isAlive(
  path: string,
  holder: Holder | undefined,
  me: Holder,
  fs: LedgerFs,
): Promise<boolean> {
  const facts = await fs.facts(path)
  if (facts === undefined) return false
  const isSilent = Date.now() - facts.modifiedMs > SILENT_MS
  // An empty or half-written lock: its process may be about to write it.
  if (holder === undefined || !isNear(holder, me)) return !isSilent
  if (!isRunning(holder.pid)) return false
  const started = await startOf(holder.pid, fs)
  return started === null || holder.started === null || started === holder.started
}

/** True where its number means the same process to both. */
function isNear(holder: Holder, me: Holder): boolean {
  if (holder.host !== me.host || holder.place !== me.place) return false
  return me.place !== null || process.platform !== 'linux'
}

/** On Linux, where two containers may have one host name and the same numbers; null elsewhere. */
async function placeOf(fs: LedgerFs): Promise<string | null> {
  if (process.platform !== 'linux') return null
  const boot = await fs.readText('/proc/sys/kernel/random/boot_id').catch(() => undefined)
  const space = await fs.facts('/proc/self/ns/pid').catch(() => undefined)
  return boot === undefined ? null : `${boot.trim()} ${space?.inode ?? ''}`
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) !== 'ESRCH' // EPERM: it runs, for somebody else
  }
}

/** In clock ticks since boot, from Linux; null elsewhere. */
async function startOf(pid: number, fs: LedgerFs): Promise<string | null> {
  if (process.platform !== 'linux') return null
  const text = await fs.readText(`/proc/${pid}/stat`).catch(() => undefined)
  // The name of the program, in brackets, may hold blanks.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields?.[19] ?? null
}

async function holderOf(path: string, fs: LedgerFs): Promise<Holder | undefined> {
  const text = await fs.readText(path)
  try {
    const holder = JSON.parse(text ?? '') as Partial<Holder>
    if (typeof holder.pid !== 'number' || typeof holder.host !== 'string') return undefined
    return { id: '', started: null, pid: 0, host: '', place: null, ...holder }
  } catch {
    return undefined
  }
}

function heldError(ledger: string, holder: Holder | undefined): CallgateError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`
  return new CallgateError(
    'ERR_AUDIT_UNAVAILABLE',
    `${who} writes ${ledger}; give each process a path of its own, or \`perProcess: true\``,
  )
}

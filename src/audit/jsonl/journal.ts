import { basename } from 'node:path'
import type { CheckpointPlace, Checkpoints } from './checkpoints.ts'
import { closedFiles, closedName } from './closed-files.ts'
import { faultOf } from './file-fault.ts'
import { type FileFacts, type LedgerFile, type LedgerFs, writeAll } from './file-system.ts'
import { type Lock, takeLock } from './lock.ts'
import type { Report, RotateOptions } from './options.ts'
import { countLines, cutTail, findTail, firstMark, type Mark } from './tail.ts'

export interface JournalOptions {
  readonly path: string
  readonly fs: LedgerFs
  readonly rotate: RotateOptions
  readonly checkEveryMs: number
  /** Told of files that were closed or deleted. Lines are counted only for it: a checkpoint names how many. */
  readonly checkpoints: Pick<Checkpoints, 'closed' | 'deleted'> | undefined
  readonly report: Report
}

/** Lines that go out together. */
export interface Batch {
  readonly bytes: Buffer
  readonly records: number
  readonly first: Mark
  readonly last: Mark
}

/** The file that is open. */
interface Current {
  readonly file: LedgerFile
  readonly inode: number
  /** Bytes that are known to be good. */
  size: number
  lines: number
  first: Mark | undefined
  /** Records written since it was opened: nobody knows which of them a copy has. */
  written: number
}

/**
 * The file of a ledger and the chain in it. After any failure the file is closed; the next write opens
 * it anew and cuts off what was not accepted. Calls must not overlap.
 */
export class Journal {
  readonly #options: JournalOptions
  #current: Current | undefined
  #lock: Lock | undefined
  /** The record to go on from. Undefined before the first opening. */
  #last: Mark | null | undefined
  /** A file that a write failed in, and how much of it is good. */
  #broken: { readonly inode: number; readonly size: number } | undefined
  #checkedAt = Number.NEGATIVE_INFINITY
  #cannotRotate = false
  readonly counts = { torn: 0, rotations: 0, lost: 0 }

  constructor(options: JournalOptions) {
    this.#options = options
  }

  /** The record that the next one follows. */
  get last(): Mark | undefined {
    return this.#last ?? undefined
  }

  /** What the next record names as `prev`. */
  get prev(): string | null {
    return this.#last?.hash ?? null
  }

  /** Where the ledger has got to. */
  get place(): CheckpointPlace | undefined {
    if (this.#last === undefined || this.#last === null || this.#current === undefined)
      return undefined
    return { last: this.#last, lines: this.#current.lines, file: basename(this.#options.path) }
  }

  /** Resolves when the file at the path is open and locked. */
  async ready(): Promise<void> {
    if (this.#current !== undefined) await this.#check(this.#current)
    this.#current ??= await this.#open()
  }

  async append(batch: Batch, isDurable: boolean): Promise<void> {
    const { prev } = this
    await this.#rotateBefore(batch)
    this.#current ??= await this.#open()
    // Somebody was faster with a file of this name: the batch does not follow what is in it.
    if (this.prev !== prev) throw new Error('the file was replaced while it was rotated')
    await this.#expectLock(false)
    const current = this.#current
    try {
      await writeAll(current.file, batch.bytes)
      if (isDurable) await current.file.sync()
    } catch (error) {
      this.#broken = { inode: current.inode, size: current.size }
      // At once, where the disk lets us: the file may be moved before it is opened again.
      await current.file.truncate(current.size).catch(() => undefined)
      await this.leave()
      throw error
    }
    current.size += batch.bytes.length
    current.lines += batch.records
    current.written += batch.records
    current.first ??= batch.first
    this.#last = batch.last
  }

  async sync(): Promise<void> {
    await this.#current?.file.sync()
  }

  /** Lets go of the file: the next write opens what is at the path. */
  async leave(): Promise<void> {
    const current = this.#current
    this.#current = undefined
    await current?.file.close().catch(() => undefined) // nothing is kept in it that was not written
  }

  async close(): Promise<void> {
    await this.leave()
    const lock = this.#lock
    this.#lock = undefined
    await lock?.release()
  }

  async #open(): Promise<Current> {
    const { path, fs } = this.#options
    if (this.#lock === undefined) this.#lock = await this.#takeLock()
    else await this.#expectLock(true)
    const file = await fs.open(path, 'append')
    try {
      const facts = await file.facts()
      if (facts.size === 0) await fs.syncFolder(path)
      const size = await this.#repair(file, facts)
      const first = size === 0 ? undefined : await firstMark(file, size)
      const lines = this.#options.checkpoints !== undefined ? await countLines(file, size) : 0
      this.#checkedAt = performance.now()
      this.#broken = undefined
      return { file, inode: facts.inode, size, first, lines, written: 0 }
    } catch (error) {
      await file.close().catch(() => undefined)
      throw error
    }
  }

  /** Of the file itself: who names it by a link asks for the same lock. */
  async #takeLock(): Promise<Lock> {
    const { path, fs, report } = this.#options
    const made = await fs.open(path, 'append')
    await made.close()
    return takeLock(await fs.realPath(path), fs, report)
  }

  /** Lets go where somebody else may have written meanwhile: the next opening asks for the lock again. */
  async #expectLock(always: boolean): Promise<void> {
    const lock = this.#lock
    if (lock === undefined || (await lock.isOurs(always))) return
    this.#lock = undefined
    this.#broken = undefined
    await this.leave()
    await lock.release()
    throw new Error(
      'its lock was lost: another process has written it, or somebody removed the lock',
    )
  }

  /** Cuts off what is not whole or was not accepted; gives the size that is left. */
  async #repair(file: LedgerFile, { inode, size }: FileFacts): Promise<number> {
    const { path, fs, report } = this.#options
    const broken = this.#broken
    if (broken !== undefined && broken.inode === inode && size >= broken.size) {
      if (size > broken.size) await file.truncate(broken.size)
      // A cut that the disk has not taken would be written over: a loss of power mixes the two.
      await file.sync()
      return broken.size
    }
    const tail = await findTail(file, size, path)
    if (tail.size < size) {
      const aside = await cutTail(file, { from: tail.size, to: size }, path, fs)
      this.counts.torn++
      report('audit_torn_tail', `${path} ended within a record: that part is in ${aside} now`)
    }
    this.#last = tail.last ?? this.#last ?? (await this.#lastClosed())
    return tail.size
  }

  /** The last record of the newest closed file: where a stop came between two files. */
  async #lastClosed(): Promise<Mark | null> {
    const { path, fs } = this.#options
    const newest = (await closedFiles(path, fs)).at(-1)
    if (newest === undefined) return null
    const file = await fs.open(newest, 'read')
    try {
      return (await findTail(file, (await file.facts()).size, newest)).last ?? null
    } finally {
      await file.close()
    }
  }

  /** Sees whether somebody has moved, deleted, cut or written the file. */
  async #check(current: Current): Promise<void> {
    const { path, fs, checkEveryMs } = this.#options
    const now = performance.now()
    if (now - this.#checkedAt < checkEveryMs) return
    let fault: ReturnType<typeof faultOf>
    try {
      fault = faultOf(current, await current.file.facts(), await fs.facts(path))
    } catch (error) {
      this.#broken = { inode: current.inode, size: current.size }
      await this.leave()
      throw error
    }
    this.#checkedAt = now
    if (fault === undefined) return
    if (fault.loses) this.counts.lost += current.written
    const atRisk = fault.loses ? `; ${current.written} records may be in no file` : ''
    this.#options.report(fault.code, `${path} ${fault.message}${atRisk}`)
    await this.leave()
  }

  async #rotateBefore(batch: Batch): Promise<void> {
    const current = this.#current
    if (current === undefined || !this.#isFull(current, batch)) return
    const { path, fs, rotate, report, checkpoints } = this.#options
    try {
      const { place } = this
      const closed = await closedFiles(path, fs)
      await current.file.sync()
      const name = closedName(path, closed, current.first ?? batch.first)
      await fs.rename(path, name)
      this.#cannotRotate = false
      this.counts.rotations++
      if (place !== undefined) checkpoints?.closed(place)
      await this.leave()
      const tooMany = rotate.keep === undefined ? 0 : closed.length + 1 - rotate.keep
      await this.#delete([...closed, name].slice(0, Math.max(0, tooMany)))
      await fs.syncFolder(path)
    } catch (error) {
      // The file gets larger than asked for: that is better than a call without a record.
      if (!this.#cannotRotate) report('audit_rotation_failed', `${path} cannot be rotated`, error)
      this.#cannotRotate = true
    }
  }

  /** Deletes files, oldest first. A checkpoint says where the ledger begins then. */
  async #delete(files: readonly string[]): Promise<void> {
    const { fs, checkpoints } = this.#options
    for (const old of files) {
      // Before it is gone: who reads the ledger afterwards cannot find its last record.
      const place = checkpoints === undefined ? undefined : await this.#endOf(old)
      await fs.remove(old)
      if (place !== undefined) checkpoints?.deleted(place)
    }
  }

  /** Where a closed file ends. One that cannot be read is deleted all the same: `keep` bounds the disk. */
  async #endOf(path: string): Promise<CheckpointPlace | undefined> {
    const { fs, report } = this.#options
    let file: LedgerFile | undefined
    try {
      file = await fs.open(path, 'read')
      const tail = await findTail(file, (await file.facts()).size, path)
      if (tail.last === undefined) return undefined
      return { last: tail.last, lines: await countLines(file, tail.size), file: basename(path) }
    } catch (error) {
      report('audit_checkpoint_failed', `${path} was deleted without a checkpoint`, error)
      return undefined
    } finally {
      await file?.close().catch(() => undefined)
    }
  }

  #isFull({ size, first }: Current, { bytes, first: next }: Batch): boolean {
    const { maxBytes, everyMs } = this.#options.rotate
    if (size === 0) return false
    if (maxBytes !== undefined && size + bytes.length > maxBytes) return true
    if (everyMs === undefined || first === undefined) return false
    return Date.parse(next.ts) - Date.parse(first.ts) >= everyMs
  }
}

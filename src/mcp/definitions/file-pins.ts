import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { CallgateError } from '../../core/model/errors.ts'
import type { Pin, PinStore } from './pins.ts'
import { MAX_FILE, pinsOf, textOf } from './pins-text.ts'

/** How long another process is waited for that is writing. */
const LOCK_TIMEOUT_MS = 2_000
/** Nobody writes for so long: who held the lock has died. */
const LOCK_STALE_MS = 30_000
const LOCK_RETRY_MS = 5

/**
 * Pins in a JSON file that people can read and compare. It is replaced as a whole, and read again before
 * that, so that several processes may share it. Where there is none, nothing has been accepted yet.
 * @throws {CallgateError} ERR_PINS_INVALID where it is there and cannot be read, or is damaged
 */
export function filePins(path: string): PinStore {
  if (typeof path !== 'string' || path === '')
    throw new CallgateError('ERR_OPTIONS_INVALID', '`filePins` takes the path of a file')
  let known = load(path)
  const fresh = (): Loaded => {
    const stamp = stampOf(path)
    if (stamp !== known.stamp) known = load(path)
    return known
  }
  return {
    read: () => fresh().pins,
    update(edit) {
      // A look before the lock: most edits find that nothing is to be done.
      if (!edit(new Map(fresh().pins))) return known.pins
      const unlock = lock(path)
      try {
        const pins = new Map(load(path).pins)
        if (edit(pins)) replace(path, textOf(pins))
        known = load(path)
        return known.pins
      } finally {
        unlock()
      }
    },
  }
}

interface Loaded {
  readonly pins: ReadonlyMap<string, Pin>
  /** Tells one version of the file from another. */
  readonly stamp: string
}

function load(path: string): Loaded {
  const stamp = stampOf(path)
  if (stamp === ABSENT) return { pins: new Map(), stamp }
  try {
    // The stamp is older than what is read: what is written meanwhile is read again.
    return { pins: pinsOf(readFileSync(path)), stamp }
  } catch (cause) {
    throw invalid(path, cause)
  }
}

const ABSENT = 'absent'

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true })
    if (size > MAX_FILE) throw new Error(`it is larger than ${MAX_FILE} bytes`)
    return `${ino} ${size} ${mtimeNs}`
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return ABSENT
    throw invalid(path, cause)
  }
}

/** Written beside it and then given its name: no reader ever sees half a file. */
function replace(path: string, text: string): void {
  const draft = `${path}.${globalThis.crypto.randomUUID()}.tmp`
  try {
    const file = openSync(draft, 'wx')
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch (cause) {
    rmSync(draft, { force: true })
    throw invalid(path, cause)
  }
}

/** Between reading and replacing nobody else writes. Returns what gives the file free. */
function lock(path: string): () => void {
  const name = `${path}.lock`
  const until = Date.now() + LOCK_TIMEOUT_MS
  for (;;) {
    try {
      closeSync(openSync(name, 'wx'))
      return () => rmSync(name, { force: true })
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') throw invalid(path, cause)
      if (isStale(name)) rmSync(name, { force: true })
      else if (Date.now() > until)
        throw invalid(path, new Error(`another process is writing it; else remove \`${name}\``))
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_RETRY_MS)
    }
  }
}

function isStale(name: string): boolean {
  const made = statSync(name, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs > LOCK_STALE_MS
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}

function invalid(path: string, cause: unknown): CallgateError {
  if (cause instanceof CallgateError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CallgateError('ERR_PINS_INVALID', `\`${path}\`: ${why}`, { cause })
}

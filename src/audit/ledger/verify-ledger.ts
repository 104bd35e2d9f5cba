import type { KeyLike } from 'node:crypto'
import { readBytes, readLines, type TrailLine } from '../query/read-lines.ts'
import { trailError } from '../query/trail-error.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Removal } from './removals.ts'
import { Verifier } from './verifier.ts'

/** Files in order, oldest first, or their lines. */
export type LedgerSource =
  | { readonly files: readonly string[] }
  | { readonly lines: Iterable<string> | AsyncIterable<string> }

export interface VerifyOptions {
  /** In the order they were made. Without them a tail that was cut off is not seen. */
  readonly checkpoints?: readonly Checkpoint[]
  /** Then each checkpoint, and each line that stands for removed records, must be signed with its private key. */
  readonly publicKey?: KeyLike
  /** Of lines that stand for removed records, where they are signed with a key of their own. @default `publicKey` */
  readonly tombstoneKey?: KeyLike
  /** Hash of the record before the first, where older files are gone. */
  readonly after?: string
  /**
   * Lets the ledger begin after the record of a checkpoint, where older files are gone on purpose. Not
   * needed where a checkpoint says that the sink has deleted them (`deleted`). @default false
   */
  readonly fromCheckpoint?: boolean
  /**
   * Lets numbers be missing where the chain holds and no record says that they are: somebody took them
   * out who made the whole chain anew, or a sink wrote it that does not tell. @default false
   */
  readonly allowGaps?: boolean
}

export type LedgerFaultKind =
  | 'not_utf8'
  | 'not_json'
  | 'not_a_record'
  | 'not_canonical'
  | 'hash'
  | 'prev'
  | 'seq_gap'
  | 'tombstone'
  | 'checkpoint'
  | 'checkpoint_signature'
  | 'cut'
  | 'head_cut'

/** The first record that is not as it was written. */
export interface LedgerFault {
  readonly kind: LedgerFaultKind
  /** Null for lines without a file. */
  readonly file: string | null
  /** In its file, from 1; 0 where there is none. */
  readonly line: number
  /** As the line says; null where it cannot be read. */
  readonly seq: number | null
  readonly id: string | null
  readonly message: string
}

/** What checkpoints have shown of a ledger. */
export interface CheckpointReport {
  readonly given: number
  /** Whether each was seen to be signed: false where no key was given. */
  readonly signed: boolean
  /** The last one whose record is there: `record` counts the good records up to it. */
  readonly last: { readonly seq: number; readonly hash: string; readonly record: number } | null
  /** Good records behind it: nothing but the chain speaks for them. */
  readonly after: number
}

export interface LedgerReport {
  readonly ok: boolean
  readonly fault: LedgerFault | undefined
  /** Good records, up to the fault. */
  readonly records: number
  /** Records that were removed on purpose; a line stands for them. */
  readonly removed: number
  /** Last lines that were cut short by a crash. */
  readonly torn: number
  /**
   * Numbers that are missing: records say that the sink did not take them, as on a full disk. With
   * `allowGaps` the others too.
   */
  readonly missing: number
  /**
   * How often a file begins a chain of its own: once, and once more for each time that the file was
   * moved away while no process wrote it.
   */
  readonly chains: number
  /**
   * Hash of the record before the first, where older files are gone and somebody vouches for it; null
   * for a ledger that is there from its beginning.
   */
  readonly after: string | null
  /** What was removed on purpose, when and why: the first hundred times. */
  readonly removals: readonly Removal[]
  /** What the checkpoints have shown; undefined where none was given. */
  readonly checkpoints: CheckpointReport | undefined
  /** Of the last good record. */
  readonly last: { readonly seq: number; readonly hash: string } | undefined
}

/** Follows the chain and names the first record that breaks it. Holds one record at a time. */
export async function verifyLedger(
  source: LedgerSource,
  options: VerifyOptions = {},
): Promise<LedgerReport> {
  const verifier = new Verifier(options)
  if (verifier.checkpointsHold()) {
    if ('lines' in source) await takeLines(source.lines, verifier)
    else for (const file of source.files) if (!(await takeFile(file, verifier))) break
  }
  return verifier.end()
}

async function takeLines(
  lines: Iterable<string> | AsyncIterable<string>,
  verifier: Verifier,
): Promise<void> {
  let line = 0
  if (Symbol.iterator in lines) {
    for (const text of lines) if (!verifier.take(text, { file: null, line: ++line })) return
  } else {
    for await (const text of lines) if (!verifier.take(text, { file: null, line: ++line })) return
  }
}

/** False once there is a fault. */
async function takeFile(file: string, verifier: Verifier): Promise<boolean> {
  verifier.open(file)
  let line = 0
  const lines = readLines(file, piecesOf(file), { keepBlank: true })
  for (;;) {
    let next: IteratorResult<TrailLine>
    try {
      next = await lines.next()
    } catch (error) {
      if (error instanceof Unreadable) throw trailError(`${file}: cannot be read`, error.cause)
      // What is wrong with a line is found there.
      const message = 'is not UTF-8 text, is too long, or is broken gzip data'
      return verifier.refuse('not_utf8', { file, line: line + 1 }, message)
    }
    if (next.done === true) return true
    const { text, number, ended } = next.value
    line = number
    if (!ended) verifier.tear({ file, line })
    else if (!verifier.take(text, { file, line })) return false
  }
}

/** Tells what the disk cannot give from what is wrong with it. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* readBytes(file)
  } catch (error) {
    const code = (error as { code?: unknown }).code
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) throw new Unreadable(error)
    throw error
  }
}

class Unreadable extends Error {
  constructor(cause: unknown) {
    super('a file cannot be read', { cause })
  }
}

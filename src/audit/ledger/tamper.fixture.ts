import { randomOf } from '../jsonl/random.fixture.ts'
import { recordsOf } from '../jsonl/records.fixture.ts'
import { readLines } from '../query/read-lines.ts'
import { chainOf, pointOf } from './chain.fixture.ts'
import { type LedgerFault, verifyLedger } from './verify-ledger.ts'

const RECORDS = 1_000

export interface TamperCount {
  changes: number
  /** How many changes were named as what. */
  readonly kinds: Record<string, number>
  /** Changes that were not seen, or named at another place. */
  readonly missed: string[]
}

/** A change: what is read instead of the records from `at` on, and where it may be named. */
interface Change {
  readonly name: string
  readonly at: number
  readonly instead: readonly Uint8Array[]
  /** Lines from 1. */
  readonly lines: readonly [number, number]
}

type Random = (below: number) => number

/**
 * Changes a ledger of a thousand records, one change at a time: bits, bytes, records and the tail.
 * What stands before the change is as it was: it is read from two records before it on.
 */
export async function tamper(changes: number, seed: number): Promise<TamperCount> {
  const { lines, hashes } = chainOf(recordsOf(RECORDS))
  const pieces = lines.map((line) => Buffer.from(`${line}\n`))
  const checkpoints = [pointOf(hashes, RECORDS)]
  const random = randomOf(seed)
  const count: TamperCount = { changes, kinds: {}, missed: [] }
  for (let round = 0; round < changes; round++) {
    const change = changeOf(pieces, random)
    const from = Math.max(0, change.at - 2)
    const after = hashes[from - 1]
    const options = after === undefined ? { checkpoints } : { checkpoints, after }
    const given = [...pieces.slice(from, change.at), ...change.instead]
    const fault = await faultOf(given, options)
    const line = from + (fault?.line ?? 0)
    const name = `${change.name}: ${fault?.kind ?? 'not seen'}`
    count.kinds[name] = (count.kinds[name] ?? 0) + 1
    if (fault === undefined || line < change.lines[0] || line > change.lines[1])
      count.missed.push(`${name} at ${line}, changed at ${change.at + 1}`)
  }
  return count
}

function changeOf(pieces: readonly Buffer[], random: Random): Change {
  const at = random(RECORDS)
  const own = pieces[at] ?? Buffer.alloc(0)
  const rest = pieces.slice(at + 1)
  const other = pieces[random(RECORDS)] ?? own
  const byte = random(own.length)
  const bytes = (name: string, put: readonly number[], over: number): Change => {
    const changed = Buffer.concat([
      own.subarray(0, byte),
      Buffer.of(...put),
      own.subarray(byte + over),
    ])
    // A line break put in or taken out moves what is behind it by one.
    return { name, at, instead: [changed, ...rest], lines: [at, at + 2] }
  }
  const around: readonly [number, number] = [at, at + 2]
  switch (random(8)) {
    case 0:
      return bytes('byte put in', [random(256)], 0)
    case 1:
      return bytes('byte taken out', [], 1)
    case 2:
      return { name: 'record taken out', at, instead: rest, lines: around }
    case 3:
      return { name: 'record put in', at, instead: [other, own, ...rest], lines: around }
    case 4:
      return swapped(pieces, at, random)
    case 5:
      return { name: 'tail cut off', at, instead: [], lines: [at, at] }
    default:
      return bytes('bit flipped', [(own[byte] ?? 0) ^ (1 << random(8))], 1)
  }
}

function swapped(pieces: readonly Buffer[], at: number, random: Random): Change {
  const first = Math.min(at, RECORDS - 2)
  const second = first + 1 + random(RECORDS - 1 - first)
  const all = [...pieces]
  const one = pieces[first]
  const two = pieces[second]
  if (one !== undefined && two !== undefined) all.splice(first, 1, two)
  if (one !== undefined) all.splice(second, 1, one)
  const instead = all.slice(first)
  return { name: 'records swapped', at: first, instead, lines: [first, first + 2] }
}

type Named = Pick<LedgerFault, 'kind' | 'line'>

async function faultOf(
  pieces: readonly Uint8Array[],
  options: Parameters<typeof verifyLedger>[1],
): Promise<Named | undefined> {
  try {
    return (await verifyLedger({ lines: textsOf(pieces) }, options)).fault
  } catch (error) {
    // What is no text is found by the reader, which names the line.
    const line = /:(\d+): the line is not UTF-8/.exec(String(error))?.[1]
    if (line === undefined) throw error
    return { kind: 'not_utf8', line: Number(line) }
  }
}

async function* textsOf(pieces: readonly Uint8Array[]): AsyncGenerator<string> {
  const bytes = (async function* () {
    yield* pieces
  })()
  for await (const { text, ended } of readLines('ledger', bytes, { keepBlank: true }))
    if (ended) yield text
}

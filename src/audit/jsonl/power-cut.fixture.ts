import { type DiskState, type DiskStep, moveName } from './memory-disk.fixture.ts'

/** A disk as a loss of power after some steps may leave it. */
export interface Cut {
  /** Steps that were made. */
  readonly after: number
  /** Records that were accepted by then. */
  readonly accepted: readonly number[]
  readonly state: DiskState
}

type DataStep = Extract<DiskStep, { step: 'write' | 'truncate' }>
type NameStep = Extract<DiskStep, { step: 'name' | 'rename' | 'remove' }>

/**
 * What each loss of power may leave, `each` times for every step: what was synced is there; of what was
 * written to a file after its last sync each write is kept, lost, cut at a byte or has a hole; of the
 * names changed after the folder's last sync each change is kept or lost.
 */
export function* powerCuts(
  steps: readonly DiskStep[],
  each: number,
  random: (below: number) => number,
): Generator<Cut> {
  const disk = new SlowDisk()
  const accepted: number[] = []
  for (const [index, step] of steps.entries()) {
    if (step.step === 'accepted') accepted.push(step.seq)
    else disk.take(step)
    for (let turn = 0; turn < each; turn++)
      yield { after: index + 1, accepted: [...accepted], state: disk.afterCut(random) }
  }
}

/** Knows what has reached the plate and what is on its way. */
class SlowDisk {
  readonly #contents = new Map<number, Buffer>()
  readonly #names = new Map<string, number>()
  readonly #data = new Map<number, DataStep[]>()
  #moves: NameStep[] = []

  take(step: Exclude<DiskStep, { step: 'accepted' }>): void {
    switch (step.step) {
      case 'write':
      case 'truncate':
        this.#data.set(step.inode, [...(this.#data.get(step.inode) ?? []), step])
        return
      case 'sync': {
        const synced = (this.#data.get(step.inode) ?? []).reduce(
          applyWhole,
          this.#bytes(step.inode),
        )
        this.#contents.set(step.inode, synced)
        this.#data.delete(step.inode)
        return
      }
      case 'syncFolder':
        for (const move of this.#moves) applyName(this.#names, move)
        this.#moves = []
        return
      default:
        this.#moves.push(step)
    }
  }

  /** All that is under way may be there, none of it, or any of it. */
  afterCut(random: (below: number) => number): DiskState {
    const mood = random(4)
    const isKept = (): boolean => mood === 0 || (mood > 1 && random(2) === 0)
    const names = new Map(this.#names)
    for (const move of this.#moves) if (isKept()) applyName(names, move)
    const contents = new Map<number, Buffer>()
    for (const inode of names.values()) {
      let bytes = this.#bytes(inode)
      for (const step of this.#data.get(inode) ?? []) {
        if (isKept()) bytes = applyWhole(bytes, step)
        else if (mood > 1) bytes = applyPart(bytes, step, random)
      }
      contents.set(inode, bytes)
    }
    return { names, contents }
  }

  #bytes(inode: number): Buffer {
    return this.#contents.get(inode) ?? Buffer.alloc(0)
  }
}

function applyName(names: Map<string, number>, move: NameStep): void {
  if (move.step === 'name') names.set(move.name, move.inode)
  else if (move.step === 'remove') names.delete(move.name)
  else moveName(names, move.from, move.to)
}

function applyWhole(bytes: Buffer, step: DataStep): Buffer {
  return step.step === 'truncate' ? bytes.subarray(0, step.size) : put(bytes, step.at, step.bytes)
}

/** Lost, cut at a byte, or with a hole. A file is made shorter or is not. */
function applyPart(bytes: Buffer, step: DataStep, random: (below: number) => number): Buffer {
  if (step.step === 'truncate') return bytes
  const from = random(step.bytes.length + 1)
  switch (random(3)) {
    case 0:
      return bytes
    case 1:
      return put(bytes, step.at, step.bytes.subarray(0, from))
    default: {
      const holed = Buffer.from(step.bytes)
      return put(
        bytes,
        step.at,
        holed.fill(0, from, Math.min(holed.length, from + random(holed.length + 1))),
      )
    }
  }
}

/** What is between the end and what is put behind it reads as zeros. */
function put(bytes: Buffer, at: number, more: Buffer): Buffer {
  const whole = Buffer.alloc(Math.max(bytes.length, at + more.length))
  bytes.copy(whole)
  more.copy(whole, at)
  return whole
}

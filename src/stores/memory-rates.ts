import {
  advance,
  gridInterval,
  gridTime,
  isBucket,
  retryAfterOf,
  toleranceOf,
  waitOf,
} from '../core/limits/gcra.ts'
import type { BucketTake, RateLimitStore, Refusal } from '../core/model/ports.ts'
import { spareOf, toDrop } from './make-room.ts'

// How often, at most, all buckets are looked through for full ones.
const SWEEP_EVERY_MS = 20
const FIRST_SLOTS = 1024
const NONE = -1
const NEW = -1

/**
 * Buckets in memory: one number each, in one array. A class, since every call of an engine passes
 * here: nothing is allocated for a call that passes.
 * INVARIANT: a full bucket is forgotten first, which is what a new one would be. Without room, those
 * who hold most lose what they used least lately; a caller who fills the store by itself is refused.
 */
export class MemoryRateLimits implements RateLimitStore {
  readonly #slots = new Map<string, number>()
  readonly #free: number[] = []
  readonly #maxBuckets: number
  #tats: Float64Array
  #keys: string[] = []
  #owners: (string | undefined)[] = []
  #ofSession: boolean[] = []
  /** The greatest time seen: a clock that steps back neither fills a bucket nor empties it. */
  #latest = 0
  #nextSweep = 0
  /** For whom the last look found no room. */
  #refused: string | undefined
  // What a call over several buckets has taken so far, to be put back. Kept from call to call.
  readonly #takenSlots: number[] = []
  readonly #takenTats: number[] = []
  // What the last grant has to say besides its slot.
  #before = NEW
  #wait = 0

  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets
    this.#tats = new Float64Array(Math.min(FIRST_SLOTS, maxBuckets))
  }

  get size(): number {
    return this.#slots.size
  }

  take(takes: readonly BucketTake[], now: number): Refusal | undefined {
    const asked = gridTime(now)
    // Not what is no time at all, which would never be passed again.
    if (asked > this.#latest && asked <= Number.MAX_SAFE_INTEGER) this.#latest = asked
    return this.#takeAll(takes, this.#latest, now, true)
  }

  peek(takes: readonly BucketTake[], now: number): Refusal | undefined {
    const asked = gridTime(now)
    const at = asked > this.#latest && asked <= Number.MAX_SAFE_INTEGER ? asked : this.#latest
    return this.#takeAll(takes, at, now, false)
  }

  /** One after the other, so that takes of the same bucket add up; all are put back on a refusal. */
  #takeAll(
    takes: readonly BucketTake[],
    at: number,
    now: number,
    keep: boolean,
  ): Refusal | undefined {
    const count = takes.length
    for (let index = 0; index < count; index++) {
      const take = takes[index]
      if (take === undefined) continue
      const slot = this.#takeOne(take, at, index)
      if (slot < 0) {
        this.#putBack(index)
        return { index, retryAfterMs: this.#retryAfter(now, at) }
      }
      if (count === 1 && keep) return undefined
      this.#takenSlots[index] = slot
      this.#takenTats[index] = this.#before
    }
    if (!keep) this.#putBack(count)
    return undefined
  }

  /** The slot that gave, or `NONE`. `taken`: how many gave before in this call. */
  #takeOne(take: BucketTake, at: number, taken: number): number {
    const interval = gridInterval(take.intervalMs)
    const known = this.#slots.get(take.key)
    const tat = known === undefined ? 0 : (this.#tats[known] ?? 0)
    this.#before = known === undefined ? NEW : tat
    if (!isBucket(interval, take.burst)) return this.#refuse(Number.NaN)
    const wait = waitOf(tat, at, toleranceOf(interval, take.burst))
    if (wait > 0) return this.#refuse(wait)
    const slot = known ?? this.#open(take, at, taken)
    if (slot === NONE) return this.#refuse(this.#nextSweep - at)
    this.#tats[slot] = advance(tat, at, interval)
    return slot
  }

  #refuse(wait: number): number {
    this.#wait = wait
    return NONE
  }

  #retryAfter(now: number, at: number): number | null {
    return Number.isNaN(this.#wait) ? null : retryAfterOf(this.#wait + behind(now, at))
  }

  #putBack(count: number): void {
    for (let index = count - 1; index >= 0; index--) {
      const slot = this.#takenSlots[index] ?? NONE
      const before = this.#takenTats[index] ?? NEW
      if (before === NEW) this.#forget(slot)
      else this.#tats[slot] = before
    }
  }

  #open(take: BucketTake, at: number, taken: number): number {
    const { key, owner } = take
    if (this.#slots.size >= this.#maxBuckets && !this.#makeRoom(owner, at, taken)) return NONE
    const slot = this.#free.pop() ?? this.#slots.size
    if (slot >= this.#tats.length) this.#grow()
    this.#slots.set(key, slot)
    this.#keys[slot] = key
    this.#owners[slot] = owner
    this.#ofSession[slot] = take.isOfSession === true
    this.#tats[slot] = 0
    return slot
  }

  #grow(): void {
    const larger = new Float64Array(Math.min(this.#maxBuckets, 2 * this.#tats.length))
    larger.set(this.#tats)
    this.#tats = larger
  }

  /** Forgets full buckets, then some of those who hold most. Not what this call has taken from. */
  #makeRoom(owner: string | undefined, at: number, taken: number): boolean {
    if (at < this.#nextSweep && owner === this.#refused) return false
    for (const slot of this.#slots.values()) if ((this.#tats[slot] ?? 0) <= at) this.#forget(slot)
    const wanted = this.#maxBuckets - spareOf(this.#maxBuckets)
    const excess = this.#slots.size - wanted
    if (excess > 0)
      for (const { slot } of toDrop(this.#kept(taken), excess, owner)) this.#forget(slot)
    if (this.#slots.size > wanted) {
      this.#nextSweep = at + SWEEP_EVERY_MS
      this.#refused = owner
    }
    return this.#slots.size < this.#maxBuckets
  }

  #kept(taken: number) {
    const own = new Set(this.#takenSlots.slice(0, taken))
    return [...this.#slots.values()]
      .filter((slot) => !own.has(slot))
      .map((slot) => ({
        slot,
        owner: this.#owners[slot],
        isOfSession: this.#ofSession[slot] === true,
        // What is nearest to full was used least lately.
        usedAt: this.#tats[slot] ?? 0,
      }))
  }

  #forget(slot: number): void {
    const key = this.#keys[slot]
    if (key === undefined || !this.#slots.delete(key)) return
    this.#tats[slot] = 0
    this.#free.push(slot)
  }
}

/** Milliseconds by which the caller's clock is behind the greatest time seen. */
function behind(now: number, at: number): number {
  const asked = gridTime(now)
  return asked < at ? at - asked : 0
}

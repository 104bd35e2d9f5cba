/**
 * HalfSipHash over bytes, word by word as the paper's C code does it: the naive twin of the fast one.
 * @see https://github.com/veorq/SipHash (halfsiphash.c)
 */
export function halfSipHash(
  bytes: Uint8Array,
  key: Uint8Array,
  { compression, finalization, wide }: { compression: number; finalization: number; wide: boolean },
): readonly number[] {
  const words = new DataView(key.buffer, key.byteOffset, 8)
  const k0 = words.getUint32(0, true)
  const k1 = words.getUint32(4, true)
  const state = [k0, k1 ^ (wide ? 0xee : 0), 0x6c796765 ^ k0, 0x74656462 ^ k1]
  const padded = new Uint8Array((Math.floor(bytes.length / 4) + 1) * 4)
  padded.set(bytes)
  padded[padded.length - 1] = bytes.length
  const blocks = new DataView(padded.buffer)
  for (let at = 0; at < padded.length; at += 4) {
    const block = blocks.getUint32(at, true)
    state[3] = (state[3] ?? 0) ^ block
    rounds(state, compression)
    state[0] = (state[0] ?? 0) ^ block
  }
  state[2] = (state[2] ?? 0) ^ (wide ? 0xee : 0xff)
  rounds(state, finalization)
  const low = ((state[1] ?? 0) ^ (state[3] ?? 0)) >>> 0
  if (!wide) return [low]
  state[1] = (state[1] ?? 0) ^ 0xdd
  rounds(state, finalization)
  return [low, ((state[1] ?? 0) ^ (state[3] ?? 0)) >>> 0]
}

function rounds(state: number[], count: number): void {
  let [v0 = 0, v1 = 0, v2 = 0, v3 = 0] = state
  for (let round = 0; round < count; round++) {
    v0 = (v0 + v1) | 0
    v1 = rotate(v1, 5) ^ v0
    v0 = rotate(v0, 16)
    v2 = (v2 + v3) | 0
    v3 = rotate(v3, 8) ^ v2
    v0 = (v0 + v3) | 0
    v3 = rotate(v3, 7) ^ v0
    v2 = (v2 + v1) | 0
    v1 = rotate(v1, 13) ^ v2
    v2 = rotate(v2, 16)
  }
  state.splice(0, 4, v0, v1, v2, v3)
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

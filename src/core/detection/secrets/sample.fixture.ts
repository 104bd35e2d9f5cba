import { ALPHABETS, type AlphabetName } from '../alphabet.ts'

/** A made-up token of a shape: each run in its least length, of units that look drawn by lot. */
export function sampleOf(template: string, seed = 7): string {
  let state = seed
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >> 8) % below
  }
  return template.replace(
    /\{(\w+):(\d+)\+?(?:-\d+)?\}/g,
    (_, name: AlphabetName, least: string) => {
      const units = [...ALPHABETS[name].keys()].filter((code) => ALPHABETS[name][code] === 1)
      return Array.from({ length: Number(least) }, () =>
        String.fromCharCode(units[draw(units.length)] ?? 48),
      ).join('')
    },
  )
}

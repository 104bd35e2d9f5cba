/** What the units of a word are, as flags. */
export const W_SMALL = 1
export const W_CAPITAL = 2
export const W_DIGIT = 4
export const W_HEX = 8
export const W_DOT = 16
export const W_DASH = 32
export const W_SLASH = 64
export const W_AT = 128
export const W_COLON = 256
export const W_WIDE = 512
/** `+`, `%`, `~`, `$`, `!`, `*`. */
export const W_OTHER = 1024

const SHAPES = new Uint16Array(128)
for (const [units, shape] of [
  ['ghijklmnopqrstuvwxyz', W_SMALL],
  ['GHIJKLMNOPQRSTUVWXYZ', W_CAPITAL],
  ['abcdef', W_SMALL | W_HEX],
  ['ABCDEF', W_CAPITAL | W_HEX],
  ['0123456789', W_DIGIT | W_HEX],
  ['.', W_DOT],
  ['-_', W_DASH],
  ['/\\', W_SLASH],
  ['@', W_AT],
  [':', W_COLON],
  ['+%~$!*', W_OTHER],
] as const)
  for (const unit of units) SHAPES[unit.charCodeAt(0)] = shape

/** The shape of a unit; 0: it stands between words. */
export function unitShape(unit: number): number {
  if (unit < 128) return SHAPES[unit] ?? 0
  return isWideMark(unit) ? 0 : W_WIDE
}

/** General and ideographic punctuation, full-width marks, the no-break space and guillemets. */
function isWideMark(unit: number): boolean {
  return (
    (unit >= 0x2000 && unit <= 0x206f) ||
    (unit >= 0x3000 && unit <= 0x3030) ||
    unit === 0xa0 ||
    unit === 0xab ||
    unit === 0xbb
  )
}

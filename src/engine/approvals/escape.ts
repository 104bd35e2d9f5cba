// Controls (ANSI begins with one), direction marks, zero-width, private and unassigned characters, lone
// surrogates, every blank but the space, fillers, and selectors that change how the letter before looks.
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]|(?! )\p{Zs}/gu
// More marks than any language puts on one letter cover the lines around it.
const MARKS = /(\p{M}{3})\p{M}+/gu

/** The text with nothing in it that a screen would act on or hide: `\u{202e}` stands for what it names. */
export function escapeUnseen(text: string): string {
  return text
    .replace(MARKS, (run) => run.slice(0, 3) + [...run.slice(3)].map(nameOf).join(''))
    .replace(UNSEEN, nameOf)
}

function nameOf(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** No longer than `most` characters, and a mark where something was left out. */
export function cut(text: string, most: number): string {
  const characters = text.length <= most ? [] : [...text]
  if (characters.length <= most) return text
  return `${characters.slice(0, most).join('')}… [cut: ${characters.length - most} more characters]`
}

const ESCAPE =
  /\\(?:u([\da-f]{4})|u\{([\da-f]{1,6})\}|U([\da-f]{8})|x([\da-f]{2})|(\r?\n)|([\s\S]))/gi
const LETTERS: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '0': '\0',
}

/** A quoted text without its backslashes, as JSON, Python, JavaScript and YAML write them. */
export function unescaped(text: string): string {
  return text.replace(ESCAPE, plainUnits)
}

function plainUnits(
  written: string,
  four?: string,
  braced?: string,
  eight?: string,
  two?: string,
  newline?: string,
  letter?: string,
): string {
  if (newline !== undefined) return ''
  if (letter !== undefined) return LETTERS[letter] ?? letter
  const point = Number.parseInt(four ?? braced ?? eight ?? two ?? '', 16)
  return point <= 0x10ffff ? String.fromCodePoint(point) : written
}

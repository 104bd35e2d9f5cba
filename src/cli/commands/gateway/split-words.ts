const PART = /(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)|(["'\\])/gsu

/**
 * Words of a command as it would be typed: blanks between them, quotes of both kinds and backslashes
 * keep some together. No shell is started, so nothing else has a meaning: no variables, no patterns.
 * Undefined where a quote is not closed.
 */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (const [, blank, single, double, escaped, plain, odd] of text.matchAll(PART)) {
    if (odd === "'" || odd === '"') return undefined
    if (blank === undefined) {
      // Within double quotes a backslash is itself, but before what would mean something there.
      const quoted = double?.replaceAll(/\\(["\\$`])/g, '$1')
      word = (word ?? '') + (single ?? quoted ?? escaped ?? plain ?? odd ?? '')
    } else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}

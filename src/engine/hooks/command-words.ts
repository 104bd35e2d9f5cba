/**
 * The words of a command as a shell would part them: by blanks, with `'...'`, `"..."`, and `\`
 * before a quote, a blank or another `\`. Nothing is ever expanded; what only a shell could do is
 * refused rather than handed on as a word.
 * @throws {Error} where a quote is not closed, or a shell would be needed
 */
export function wordsOf(command: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let rest = command
  while (rest !== '') {
    const [part = '', blank, single, double, escaped, plain] = PART.exec(rest) ?? []
    if (part === '') throw new Error(faultOf(rest))
    rest = rest.slice(part.length)
    if (blank === undefined) {
      word =
        (word ?? '') + (single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain ?? '')
      continue
    }
    if (word !== undefined) words.push(word)
    word = undefined
  }
  if (word !== undefined) words.push(word)
  if (words.length === 0) throw new Error('the command is empty')
  return words
}

// A `\` before anything else is an ordinary character: paths of Windows are full of them.
const PART =
  /^(?:(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(["'\\\s])|([^\s'"|&;<>`\\]+|\\(?!["'\\\s])))/su

function faultOf(rest: string): string {
  const first = rest[0] ?? ''
  return first === '"' || first === "'"
    ? 'a quote of the command is not closed'
    : `\`${first}\` needs a shell; quote it where it is meant as it stands`
}

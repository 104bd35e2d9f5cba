/** Markdown pages as their checks need them: fenced blocks, and the hidden words that steer them. */

/** One fenced block, or a steering comment that stands alone. */
export interface Block {
  readonly language: string
  /** What follows the language on the fence, such as `policy` in "```yaml policy". */
  readonly words: readonly string[]
  /** `<!-- key: value -->` on the line before the fence. */
  readonly note: Note | undefined
  readonly body: string
  /** Line of the opening fence or of the comment, from 1. */
  readonly line: number
  /** Lines of the body, counted from 0; `end` is the closing fence. */
  readonly start: number
  readonly end: number
}
export interface Note {
  readonly key: string
  readonly value: string
}

const FENCE = /^(`{3,})(\w*)\s*(.*)$/
const NOTE = /^<!-- ([a-z]+): (.+?) -->$/

/** The blocks of a page in order. A comment that no fence follows is a block without a language. */
export function blocksOf(text: string): readonly Block[] {
  const lines = text.split('\n')
  const blocks: Block[] = []
  let note: Note | undefined
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const fence = FENCE.exec(line)
    if (fence !== null) {
      const [, ticks = '', language = '', words = ''] = fence
      const end = lines.indexOf(ticks, at + 1)
      if (end < 0) throw new Error(`line ${at + 1}: the block is not closed`)
      const body = lines.slice(at + 1, end).join('\n')
      const named = words.split(/\s+/).filter((word) => word !== '')
      blocks.push({ language, words: named, note, body, line: at + 1, start: at + 1, end })
      note = undefined
      at = end
      continue
    }
    const found = NOTE.exec(line)
    note = found === null ? undefined : { key: found[1] ?? '', value: found[2] ?? '' }
    const isAlone = note !== undefined && !FENCE.test(lines[at + 1] ?? '')
    if (!isAlone) continue
    blocks.push({ language: '', words: [], note, body: '', line: at + 1, start: at, end: at })
    note = undefined
  }
  return blocks
}

/** The page with other bodies in some of its blocks. */
export function withBodies(text: string, bodies: ReadonlyMap<Block, string>): string {
  const lines = text.split('\n')
  // From the end, so that the places of earlier blocks stay right.
  for (const [block, body] of [...bodies].sort(([one], [other]) => other.start - one.start))
    lines.splice(block.start, block.end - block.start, ...body.split('\n'))
  return lines.join('\n')
}

/** Replaces what stands between `<!-- generated: name -->` and `<!-- end: name -->`. */
export function withSection(text: string, name: string, body: string): string {
  const open = `<!-- generated: ${name} -->`
  const close = `<!-- end: ${name} -->`
  const from = text.indexOf(open)
  const to = text.indexOf(close)
  if (from < 0 || to < from) throw new Error(`the page has no section \`${name}\``)
  return `${text.slice(0, from + open.length)}\n\n${body.trim()}\n\n${text.slice(to)}`
}

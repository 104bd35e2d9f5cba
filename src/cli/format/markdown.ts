import { printable } from '../paint.ts'

/** Text inside a Markdown table cell or line: nothing of it is read as Markdown or HTML. */
export function cellText(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, (character) => `\\${character}`)
}

/** A table with a header. Cells must be escaped already. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return `${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}\n`
}

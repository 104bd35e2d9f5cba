import type { Stream } from 'node:stream'

const MAX_LINE = 1_000
/** Of one child, from its start to its end. */
const MAX_LINES = 1_000

/** Hands on what a child says, line by line: bounded, and without what moves a terminal's cursor. */
export function readStderr(stream: Stream, onLine: (line: string) => void): void {
  let rest = ''
  let lines = 0
  const say = (line: string): void => {
    const clean = line.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '').slice(0, MAX_LINE)
    if (clean === '' || lines > MAX_LINES) return
    lines++
    onLine(lines > MAX_LINES ? '(what it says further on is left out)' : clean)
  }
  stream.on('data', (chunk: Buffer | string) => {
    if (lines > MAX_LINES) return
    const parts = (rest + chunk.toString()).split('\n')
    rest = (parts.pop() ?? '').slice(-MAX_LINE)
    for (const line of parts) say(line)
  })
  stream.on('end', () => say(rest))
  stream.on('error', () => undefined)
}

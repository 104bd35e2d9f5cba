import { printable } from '../paint.ts'

/** One point of a TAP document. */
export interface TapPoint {
  readonly name: string
  readonly ok: boolean
  /** What is said below it, by name. Empty or absent: nothing. */
  readonly rows?: readonly (readonly [name: string, text: string])[]
}

/**
 * Test Anything Protocol, version 14.
 * @see https://testanything.org/tap-version-14-specification.html
 */
export function renderTap(points: readonly TapPoint[]): string {
  return `${['TAP version 14', `1..${points.length}`, ...points.flatMap(pointLines)].join('\n')}\n`
}

function pointLines({ name, ok, rows = [] }: TapPoint, index: number): readonly string[] {
  const head = `${ok ? 'ok' : 'not ok'} ${index + 1} - ${escaped(name)}`
  if (rows.length === 0) return [head]
  return [head, '  ---', ...rows.map(([key, text]) => `  ${key}: ${JSON.stringify(text)}`), '  ...']
}

/** `#` begins a directive and would turn a failure into a TODO. */
function escaped(text: string): string {
  return printable(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}

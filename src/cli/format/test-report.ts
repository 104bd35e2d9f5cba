import { printable } from '../paint.ts'
import { xmlText } from './xml.ts'

/** One thing that was checked, for formats that know only passes and failures. */
export interface TestPoint {
  /** What it belongs to, such as a file. */
  readonly group: string
  readonly name: string
  /** Undefined: it passed. */
  readonly failure?: { readonly kind: string; readonly message: string } | undefined
  readonly durationMs?: number
}

/** @see https://github.com/testmoapp/junitxml */
export function renderJunit(suite: string, points: readonly TestPoint[]): string {
  const failures = points.filter((point) => point.failure !== undefined).length
  const counts = `tests="${points.length}" failures="${failures}" errors="0"`
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="callgate" ${counts}>`,
    `  <testsuite name="${xmlText(suite)}" ${counts}>`,
    ...points.flatMap(testCase),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')}\n`
}

function testCase(point: TestPoint): readonly string[] {
  const time =
    point.durationMs === undefined ? '' : ` time="${(point.durationMs / 1000).toFixed(3)}"`
  const head = `    <testcase classname="${xmlText(point.group)}" name="${xmlText(point.name)}"${time}`
  if (point.failure === undefined) return [`${head}/>`]
  const { kind, message } = point.failure
  return [
    `${head}>`,
    `      <failure type="${xmlText(kind)}" message="${xmlText(message)}"/>`,
    '    </testcase>',
  ]
}

/** @see https://testanything.org/tap-version-13-specification.html */
export function renderTap(points: readonly TestPoint[]): string {
  const lines = points.flatMap((point, index) => {
    const ok = point.failure === undefined ? 'ok' : 'not ok'
    const head = `${ok} ${index + 1} - ${tapText(`${point.group}: ${point.name}`)}`
    if (point.failure === undefined) return [head]
    const { kind, message } = point.failure
    return [
      head,
      '  ---',
      `  kind: ${JSON.stringify(kind)}`,
      `  message: ${JSON.stringify(message)}`,
      '  ...',
    ]
  })
  return `${['TAP version 13', `1..${points.length}`, ...lines].join('\n')}\n`
}

/** `#` begins a directive and would turn a failure into a TODO. */
function tapText(text: string): string {
  return printable(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}

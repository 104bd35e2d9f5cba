import { renderTap } from './tap.ts'
import { xmlText } from './xml.ts'

/** One thing that was checked, for formats that know only passes and failures. */
export interface TestPoint {
  /** What it belongs to, such as a file. */
  readonly group: string
  readonly name: string
  /** Undefined: it passed. */
  readonly failure?: { readonly kind: string; readonly message: string } | undefined
}

/** @see https://github.com/testmoapp/junitxml */
export function pointsAsJunit(suite: string, points: readonly TestPoint[]): string {
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
  const head = `    <testcase classname="${xmlText(point.group)}" name="${xmlText(point.name)}"`
  if (point.failure === undefined) return [`${head}/>`]
  const { kind, message } = point.failure
  return [
    `${head}>`,
    `      <failure type="${xmlText(kind)}" message="${xmlText(message)}"/>`,
    '    </testcase>',
  ]
}

export function pointsAsTap(points: readonly TestPoint[]): string {
  return renderTap(
    points.map(({ group, name, failure }) => ({
      name: `${group}: ${name}`,
      ok: failure === undefined,
      rows: failure === undefined ? [] : Object.entries(failure),
    })),
  )
}

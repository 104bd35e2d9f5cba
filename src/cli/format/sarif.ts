import { isAbsolute, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { VERSION } from '../../version.ts'

/** One result of a static check. */
export interface SarifResult {
  readonly rule: string
  readonly level: 'error' | 'warning'
  readonly message: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
}

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif(results: readonly SarifResult[]): string {
  const rules = [...new Set(results.map((result) => result.rule))].sort()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'callgate',
            version: VERSION,
            rules: rules.map((id) => ({ id, shortDescription: { text: id.replaceAll('_', ' ') } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => ({
          ruleId: result.rule,
          ruleIndex: rules.indexOf(result.rule),
          level: result.level,
          message: { text: result.message },
          locations: locationsOf(result),
        })),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function locationsOf({ file, line, column }: SarifResult): readonly object[] {
  if (file === null) return []
  const uri = isAbsolute(file)
    ? pathToFileURL(file).href
    : file.split(sep).map(encodeURIComponent).join('/')
  const region =
    line === null ? {} : { region: { startLine: line, ...(column && { startColumn: column }) } }
  return [{ physicalLocation: { artifactLocation: { uri }, ...region } }]
}

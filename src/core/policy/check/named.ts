import type { Path } from '../read/source.ts'
import type { Report } from './report.ts'

/** Where something was first said. */
export interface Named {
  readonly report: Report
  readonly path: Path
}

/** ` in FILE on line N`, as far as it is known; the file only where it is another one. */
export function placeText({ report: { source }, path }: Named, reader: Report): string {
  const { line } = source.place(path)
  const where =
    source.file === reader.source.file || source.file === null ? '' : ` in ${source.file}`
  return line === null ? where : `${where} on line ${line}`
}

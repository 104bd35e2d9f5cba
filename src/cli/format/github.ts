/** One annotation of a GitHub workflow run. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly title?: string
  readonly file?: string | null
  readonly line?: number | null
  readonly column?: number | null
}

/** @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function renderAnnotation(one: Annotation): string {
  const properties = [
    ['file', one.file],
    ['line', one.line],
    ['col', one.column],
    ['title', one.title],
  ].flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name}=${property(String(value))}`],
  )
  const list = properties.length === 0 ? '' : ` ${properties.join(',')}`
  return `::${one.level}${list}::${data(one.message)}\n`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

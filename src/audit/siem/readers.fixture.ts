/** Strict readers of the text forms: each throws for what its grammar does not allow. */

export interface Cef {
  readonly header: readonly string[]
  readonly extension: Readonly<Record<string, string>>
}

export function readCef(line: string): Cef {
  const header: string[] = []
  let rest = line
  for (let field = 0; field < 7; field++) {
    const [whole, value] = /^((?:[^|\\\r\n]|\\[|\\])*)\|/.exec(rest) ?? []
    if (whole === undefined || value === undefined) throw new Error('a header field is malformed')
    header.push(value.replace(/\\([|\\])/g, '$1'))
    rest = rest.slice(whole.length)
  }
  if (/[\r\n]/.test(rest)) throw new Error('a line break')
  // A value goes on until a blank, a key and an equals sign that no backslash stands before.
  const extension: Record<string, string> = {}
  const pairs = rest.split(/ (?=[A-Za-z][A-Za-z0-9]*=)/)
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const raw = pair.slice(at + 1)
    if (at < 1 || !/^(?:[^\\=]|\\[\\=nr])*$/.test(raw)) throw new Error(`malformed: ${pair}`)
    const key = pair.slice(0, at)
    if (key in extension) throw new Error(`\`${key}\` stands twice`)
    extension[key] = raw.replace(/\\([\\=nr])/g, (_all, one: string) =>
      one === 'n' ? '\n' : one === 'r' ? '\r' : one,
    )
  }
  return { header, extension }
}

export interface Leef {
  readonly header: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}

export function readLeef(line: string): Leef {
  const parts = line.split('|')
  const header = parts.slice(0, 6)
  if (header.length < 6 || !header.every((field) => /^[\w.:]+$/.test(field)))
    throw new Error('the header is malformed')
  const attributes: Record<string, string> = {}
  for (const pair of parts.slice(6).join('|').split('\t')) {
    const at = pair.indexOf('=')
    const key = pair.slice(0, at)
    if (at < 1 || !/^[A-Za-z]+$/.test(key) || key in attributes)
      throw new Error(`malformed: ${pair}`)
    attributes[key] = pair.slice(at + 1)
  }
  return { header, attributes }
}

export interface Syslog {
  readonly priority: number
  readonly header: readonly string[]
  readonly id: string
  readonly parameters: Readonly<Record<string, string>>
  readonly text: string
}

const HEADER =
  /^<(\d{1,3})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /
const PARAMETER = /^ ([!#-<>-\\^-~]{1,32})="((?:[^"\\\]]|\\["\\\]])*)"/

export function readSyslog(line: string): Syslog {
  const [head, priority, ...header] = HEADER.exec(line) ?? []
  if (head === undefined || Number(priority) > 191) throw new Error('the header is malformed')
  let rest = line.slice(head.length)
  const [start, id] = /^\[([!#-<>-\\^-~]{1,32}@\d+)/.exec(rest) ?? []
  if (start === undefined || id === undefined) throw new Error('the structured data is malformed')
  rest = rest.slice(start.length)
  const parameters: Record<string, string> = {}
  for (let match = PARAMETER.exec(rest); match !== null; match = PARAMETER.exec(rest)) {
    const [whole, name = '', value = ''] = match
    parameters[name] = value.replace(/\\(["\\\]])/g, '$1')
    rest = rest.slice(whole.length)
  }
  if (!rest.startsWith('] ')) throw new Error('the structured data is not closed')
  const text = rest.slice(2)
  if (!/^[ -~]*$/.test(text) && !text.startsWith('\ufeff'))
    throw new Error('text that is not ASCII has no mark')
  return { priority: Number(priority), header, id, parameters, text: text.replace(/^\ufeff/, '') }
}

/** Dotted paths of all that is no object, lists as what is in them. */
export function pathsOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, member]) =>
    pathsOf(member, path === '' ? name : `${path}.${name}`),
  )
}

import { kindOfResource, resourceNameFault } from '../names.ts'

/** How a rule names resources. In a glob `*` stands for one or more characters of any kind, dots too. */
export type Selector =
  | { readonly kind: 'exact'; readonly text: string }
  /** Whatever that server offers; `*` is every server. */
  | { readonly kind: 'server'; readonly text: string; readonly server: string }
  | { readonly kind: 'glob'; readonly text: string; readonly parts: readonly string[] }

const MAX_SELECTOR = 2048

/** Reads a selector that `selectorFault` found nothing wrong with. */
export function parseSelector(text: string): Selector {
  if (text.startsWith('server:')) {
    return { kind: 'server', text, server: text.slice('server:'.length) }
  }
  if (text.includes('*')) return { kind: 'glob', text, parts: text.split('*') }
  return { kind: 'exact', text }
}

export interface SelectorFault {
  readonly kind: 'bad_name' | 'bad_glob'
  readonly message: string
}

/** What is wrong with a selector, or undefined. */
export function selectorFault(text: string): SelectorFault | undefined {
  if (text === '') return { kind: 'bad_name', message: 'an empty selector matches nothing' }
  if (text.length > MAX_SELECTOR)
    return { kind: 'bad_name', message: `the selector is longer than ${MAX_SELECTOR} characters` }
  if (text.startsWith('server:')) return serverSelectorFault(text.slice('server:'.length))
  const glob = kindOfResource(text) !== 'resource' && /[[\]?{}()^$+|\\!]/.exec(text)
  if (glob)
    return {
      kind: 'bad_glob',
      message: `\`${glob[0]}\` is not part of any name: only \`*\` is special in a selector`,
    }
  if (!text.includes('*')) {
    const fault = resourceNameFault(text)
    return fault === undefined ? undefined : { kind: 'bad_name', message: fault }
  }
  return globFault(text)
}

function serverSelectorFault(server: string): SelectorFault | undefined {
  if (server === '') return { kind: 'bad_glob', message: '`server:` needs the name of a server' }
  if (server === '*') return undefined
  const fault = resourceNameFault(server)
  return fault === undefined
    ? undefined
    : { kind: 'bad_glob', message: '`server:` takes one server name, or `*` for every server' }
}

// `x` stands for what `*` may match: a name with every `*` replaced must be well formed.
function globFault(text: string): SelectorFault | undefined {
  const fault = resourceNameFault(text.replaceAll('*', 'x'))
  return fault === undefined ? undefined : { kind: 'bad_glob', message: fault }
}

/** Matches the parts between stars, in one pass from left to right: linear however many stars. */
export function matchesGlob(parts: readonly string[], name: string): boolean {
  const first = parts[0] ?? ''
  const last = parts[parts.length - 1] ?? ''
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  for (let index = 1; index < parts.length - 1; index++) {
    const part = parts[index] ?? ''
    const found = name.indexOf(part, at + 1)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length - last.length > at
}

/** True where a selector names a resource. */
export function coversResource(
  selector: Selector,
  { name, server }: { readonly name: string; readonly server: string | undefined },
): boolean {
  switch (selector.kind) {
    case 'exact':
      return selector.text === name
    case 'server':
      return server !== undefined && (selector.server === '*' || selector.server === server)
    case 'glob':
      return matchesGlob(selector.parts, name)
  }
}

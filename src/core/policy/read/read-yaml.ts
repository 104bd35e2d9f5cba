import { type CST, loadYaml, type YamlDocument, type YamlLibrary } from './load-yaml.ts'
import { tooDeep } from './prescan.ts'
import { type Fault, type Reading, ReadingStopped, unreadable } from './source.ts'
import { readNode } from './yaml-values.ts'

/**
 * Words, signs, blanks and line breaks of one text. Composing costs the library up to 3 µs for each:
 * a policy of 1 MiB has at most about 750,000, a text made to be slow twice as many.
 */
const MAX_LEXEMES = 800_000

/**
 * Reads YAML 1.2, core schema, one document. The library composes by recursion and can take the
 * whole process down on nested brackets, so its own, iterative, token stage is measured first:
 * nothing deeper than the limit is ever composed.
 */
export function readYaml(text: string, maxDepth: number): Reading {
  const yaml = loadYaml()
  try {
    const tokens = tokensOf(yaml, text, maxDepth)
    const fault = streamFault(tokens)
    return fault === undefined ? readDocument(yaml, text, tokens) : unreadable(fault)
  } catch (error) {
    if (error instanceof ReadingStopped) return unreadable(error.fault)
    // Whatever the library throws: a text that cannot be read is no policy.
    const cause = error instanceof Error ? error.message : String(error)
    return unreadable({ kind: 'syntax', message: `the YAML cannot be read: ${cause}`, at: null })
  }
}

/**
 * INVARIANT: the parser's stack holds one token for each open collection, so what is composed
 * nests at most as deep as the stack was high. The document and an open scalar are on it too.
 * What follows the first error is not read: only the first is reported.
 */
function tokensOf(yaml: YamlLibrary, text: string, maxDepth: number): CST.Token[] {
  const parser = new yaml.Parser()
  const tokens: CST.Token[] = []
  let lexemes = 0
  let isBroken = false
  for (const lexeme of new yaml.Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token)
      isBroken ||= token.type === 'error'
    }
    if (isBroken) break
    if (++lexemes > MAX_LEXEMES) throw new ReadingStopped(tooManyWords(parser.offset))
    if (parser.stack.length > maxDepth + 2)
      throw new ReadingStopped(tooDeep(parser.offset, maxDepth))
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

function streamFault(tokens: readonly CST.Token[]): Fault | undefined {
  const directive = tokens.find((token) => token.type === 'directive')
  if (directive !== undefined)
    return {
      kind: 'syntax',
      message: 'a directive is not allowed: a policy is YAML 1.2 without any',
      at: directive.offset,
      hint: 'remove the line that begins with `%`',
    }
  const documents = tokens.filter((token) => token.type === 'document')
  const [first, second] = documents
  if (first === undefined) {
    const stray = tokens.find((token) => token.type === 'error' || token.type === 'doc-end')
    return stray === undefined
      ? emptyFault()
      : { kind: 'syntax', message: 'this is no YAML document', at: stray.offset }
  }
  return second === undefined
    ? undefined
    : {
        kind: 'multi_document',
        message: 'a second document begins here',
        at: second.offset,
        hint: 'put each policy into a file of its own',
      }
}

function tooManyWords(at: number): Fault {
  return {
    kind: 'too_large',
    message: `the policy has more than ${MAX_LEXEMES} words and signs`,
    at,
    hint: 'split it into several files, or write it as JSON',
  }
}

function emptyFault(): Fault {
  return {
    kind: 'empty',
    message: 'the policy is empty',
    at: 0,
    hint: 'a policy that allows nothing is `roles: []`',
  }
}

// Own checks do what is switched off here: keys in linear time, tags by an allow list.
const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
  strict: true,
  intAsBigInt: false,
  logLevel: 'silent',
} as const

/** What the library complains of, without the stack trace that makes its own errors costly. */
interface Issue {
  readonly at: number
  readonly code: string
  readonly message: string
}

/** One broken place makes the library report several; more than these are only repetition. */
const MAX_ISSUES = 100

function readDocument(yaml: YamlLibrary, text: string, tokens: readonly CST.Token[]): Reading {
  const { document, issues } = compose(yaml, tokens)
  const syntax = issues.filter((issue) => !isTagIssue(issue)).sort((a, b) => a.at - b.at)
  if (syntax[0] !== undefined) return unreadable(faultOf(syntax[0], 'syntax'))
  if (document === undefined) return unreadable(emptyFault())
  if (document.contents === null || isNullScalar(yaml, document.contents))
    return unreadable(emptyFault())
  const reading = readNode(yaml, text, document.contents)
  const tag = issues.find(isTagIssue)
  if (
    tag === undefined ||
    reading.faults.some((fault) => fault.kind === 'forbidden_tag' || fault.kind === 'wrong_type')
  )
    return reading
  return unreadable(...reading.faults, faultOf(tag, 'forbidden_tag'))
}

function compose(
  yaml: YamlLibrary,
  tokens: readonly CST.Token[],
): { readonly document: YamlDocument | undefined; readonly issues: readonly Issue[] } {
  const issues: Issue[] = []
  const composer = new yaml.Composer(OPTIONS)
  // The handler is private. Should a later version not call this one, the errors of the document,
  // read below, still say what is wrong. A throw would not stop the library: it catches its own.
  Object.assign(composer, {
    onError(source: IssueSource, code: string, message: string) {
      if (issues.length < MAX_ISSUES) issues.push({ at: offsetOf(source), code, message })
    },
  })
  const [document] = [...composer.compose(tokens)]
  for (const { pos, code, message } of [...(document?.errors ?? []), ...(document?.warnings ?? [])])
    issues.push({ at: pos[0], code, message })
  return { document, issues }
}

type IssueSource = number | readonly [number, number] | { readonly offset: number }

function offsetOf(source: IssueSource): number {
  if (typeof source === 'number') return source
  return 'offset' in source ? source.offset : source[0]
}

function isNullScalar(yaml: YamlLibrary, node: unknown): boolean {
  return yaml.isScalar(node) && node.value === null && node.tag === undefined
}

function isTagIssue(issue: Issue): boolean {
  return issue.code === 'TAG_RESOLVE_FAILED' || issue.code === 'BAD_COLLECTION_TYPE'
}

function faultOf(issue: Issue, kind: 'syntax' | 'forbidden_tag'): Fault {
  return { kind, message: plainMessage(issue.message), at: issue.at }
}

function plainMessage(message: string): string {
  const line = message.split('\n', 1)[0] ?? ''
  return line.charAt(0).toLowerCase() + line.slice(1)
}

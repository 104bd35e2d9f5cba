import { type CST, loadYaml, type YAMLError, type YamlLibrary } from './load-yaml.ts'
import { tooDeep } from './prescan.ts'
import { type Fault, type Reading, ReadingStopped, unreadable } from './source.ts'
import { readNode } from './yaml-values.ts'

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
 */
function tokensOf(yaml: YamlLibrary, text: string, maxDepth: number): CST.Token[] {
  const parser = new yaml.Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of new yaml.Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
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

function readDocument(yaml: YamlLibrary, text: string, tokens: readonly CST.Token[]): Reading {
  const composer = new yaml.Composer(OPTIONS)
  const [document] = [...composer.compose(tokens)]
  if (document === undefined) return unreadable(emptyFault())
  const issues: readonly YAMLError[] = [...document.errors, ...document.warnings]
  const syntax = issues.filter((issue) => !isTagIssue(issue)).sort((a, b) => a.pos[0] - b.pos[0])
  // One broken place makes the library report several: the first is the one to mend.
  if (syntax[0] !== undefined) return unreadable(syntaxFault(syntax[0]))
  if (document.contents === null || isNullScalar(yaml, document.contents))
    return unreadable(emptyFault())
  const reading = readNode(yaml, text, document.contents)
  const tag = issues.find(isTagIssue)
  if (
    tag === undefined ||
    reading.faults.some((fault) => fault.kind === 'forbidden_tag' || fault.kind === 'wrong_type')
  )
    return reading
  return unreadable(...reading.faults, tagFault(tag))
}

function isNullScalar(yaml: YamlLibrary, node: unknown): boolean {
  return yaml.isScalar(node) && node.value === null && node.tag === undefined
}

function isTagIssue(issue: YAMLError): boolean {
  return issue.code === 'TAG_RESOLVE_FAILED' || issue.code === 'BAD_COLLECTION_TYPE'
}

function syntaxFault(issue: YAMLError): Fault {
  return { kind: 'syntax', message: plainMessage(issue), at: issue.pos[0] }
}

function tagFault(issue: YAMLError): Fault {
  return { kind: 'forbidden_tag', message: plainMessage(issue), at: issue.pos[0] }
}

function plainMessage(issue: YAMLError): string {
  const line = issue.message.split('\n', 1)[0] ?? ''
  return line.charAt(0).toLowerCase() + line.slice(1)
}

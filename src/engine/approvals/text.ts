import { scan } from '../../core/detection/scan.ts'
import type { Call } from '../../core/model/call.ts'
import type { Reason } from '../../core/model/decision.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import type { Approval } from '../../core/model/ports.ts'
import { hashOf } from '../record.ts'
import { cut, escapeUnseen } from './escape.ts'

/**
 * What a screen, a terminal or a chat may show of a question, in lines. Plain text: put it in a page as
 * text (`textContent`), never as HTML. Nothing in it moves a cursor, turns the direction of writing or
 * hides; secrets are masked, long values cut with a mark, and the full hash of the arguments is shown.
 */
export function approvalText({ call, decision, arguments: args, expires_at }: Approval): string {
  const { reason, gate, detail } = decision
  const why = { reason, gate, detail }
  return `${questionText(call, args, why)}\nexpires: ${new Date(expires_at).toISOString()}`
}

/** Why a person is asked. */
export interface Why {
  readonly reason: Reason
  readonly gate: string
  readonly detail: string | null
}

export function questionText(call: Call, args: JsonObject, why: Why): string {
  const { subject, resource, verb, session } = call
  const who = [
    ['agent', subject.agent],
    ['user', subject.user],
    ['tenant', subject.tenant],
  ] as const
  const named = who.flatMap(([kind, name]) =>
    name === undefined ? [] : [`${kind} ${shown(name)}`],
  )
  return [
    `${named.join(', ')} asks to ${verb} ${shown(resource.name)}`,
    `server: ${resource.server === undefined ? 'none' : shown(resource.server)}`,
    `session: ${shown(session)}`,
    `because: ${why.reason} (${line(why.gate, MAX_NAME)})${why.detail === null ? '' : `: ${line(why.detail, MAX_DETAIL)}`}`,
    'arguments (plain text, not HTML):',
    ...argumentLines(args),
    `arguments hash: ${hashOf(args)}`,
  ].join('\n')
}

const MAX_NAME = 256
const MAX_DETAIL = 500
const MAX_VALUE = 300
const MAX_KEY = 120
const MAX_LINES = 40
const MAX_TEXT = 6_000
// What is looked at for secrets: more than what is shown, so that none is shown in part.
const MAX_SCANNED = 8_192

function shown(name: string): string {
  return quoted(name, MAX_NAME)
}

function line(text: string, most: number): string {
  return cut(escapeUnseen(masked(text.slice(0, MAX_SCANNED))), most)
}

/** One line a value, each under its JSON Pointer, so that nothing in a value can pose as another one. */
function argumentLines(args: JsonObject): readonly string[] {
  const lines: string[] = []
  let room = MAX_TEXT
  let left = 0
  for (const [path, value] of leavesOf(args, '')) {
    if (lines.length >= MAX_LINES || room <= 0) {
      left++
      continue
    }
    const text = lineOf(path, value)
    lines.push(text)
    room -= text.length
  }
  if (lines.length === 0) lines.push('  none')
  if (left > 0) lines.push(`  … [cut: ${left} more values]`)
  return lines
}

function lineOf(path: string, value: JsonValue): string {
  // As the names in it are written, too: the escapes of a pointer may hide what a name is.
  const named = path.replaceAll('~1', '/').replaceAll('~0', '~')
  const isHidden = hasSecret(named.slice(0, MAX_SCANNED))
  const isPlain = /^[\w/~.-]+$/.test(path) && !isHidden
  const name = isPlain ? cut(path, MAX_KEY) : quoted(isHidden ? named : path, MAX_KEY)
  if (typeof value !== 'string') return `  ${name} = ${JSON.stringify(value)}`
  // What a value is called often says that it is a secret.
  const before = `${path.slice(-MAX_KEY)}: `
  const isNamed = hasSecret(before + value.slice(0, MAX_SCANNED)) && !hasSecret(before)
  const isSecret = isNamed && !hasSecret(value.slice(0, MAX_SCANNED))
  return `  ${name} = ${isSecret ? '[secret]' : quoted(value, MAX_VALUE)}`
}

function quoted(text: string, most: number): string {
  const seen = masked(text.slice(0, MAX_SCANNED))
  const escaped = escapeUnseen(seen.replace(/[\\"]/g, '\\$&'))
  const rest = text.length - MAX_SCANNED
  return `"${cut(escaped, most)}"${rest > 0 ? ` [cut: and ${rest} more]` : ''}`
}

function hasSecret(text: string): boolean {
  return scan(text, { classes: ['secret'] }).length > 0
}

function masked(text: string): string {
  let result = ''
  let from = 0
  for (const { kind, start, end } of scan(text, { classes: ['secret'] })) {
    result += `${text.slice(from, start)}[secret: ${kind}]`
    from = end
  }
  return from === 0 ? text : result + text.slice(from)
}

function* leavesOf(value: JsonValue, path: string): Generator<readonly [string, JsonValue]> {
  if (typeof value !== 'object' || value === null) {
    yield [path, value]
    return
  }
  const members = Object.entries(value)
  if (members.length === 0 && path !== '') yield [path, value]
  for (const [key, member] of members)
    yield* leavesOf(member, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
}

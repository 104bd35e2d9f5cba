import { readFileSync, statSync } from 'node:fs'
import { isList, isMap } from '../../../core/json-kind.ts'
import type { Subject } from '../../../core/model/call.ts'
import type { RouterKey } from '../../../router/keys.ts'
import { UsageError } from '../../command.ts'

const MOST_BYTES = 16 * 1024 * 1024
const TEXTS = ['agent', 'user', 'team', 'department', 'tenant', 'tier'] as const
const LISTS = ['groups', 'roles', 'scopes'] as const
const KNOWN: ReadonlySet<string> = new Set(['hash', ...TEXTS, ...LISTS])

/**
 * Reads `[{ "hash": "sha256:...", "agent": "support-bot", "user": "ana" }]`. The keys are not in it.
 * @throws {UsageError}
 */
export function readKeys(path: string): readonly RouterKey[] {
  const wrong = (why: string): UsageError =>
    new UsageError(
      `\`--keys\` of \`${path}\`: ${why}`,
      'write `[{ "hash": "sha256:<64 digits>", "agent": "NAME" }]`',
    )
  let value: unknown
  try {
    if (statSync(path).size > MOST_BYTES) throw wrong('the file is too large')
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof UsageError) throw error
    // What JSON.parse says of it may show what is in it.
    throw wrong(error instanceof SyntaxError ? 'it is no JSON' : 'it cannot be read')
  }
  if (!isList(value) || value.length === 0) throw wrong('it is no list of keys')
  return value.map((one, index) => {
    const fault = faultOf(one)
    if (!isMap(one) || fault !== undefined) throw wrong(`key ${index + 1}: ${fault}`)
    const { hash, ...subject } = one
    return { hash: String(hash), subject: subject as unknown as Subject } // each field was looked at
  })
}

function faultOf(one: unknown): string | undefined {
  if (!isMap(one)) return 'it is no object'
  const unknown = Object.keys(one).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) return `\`${unknown.slice(0, 64)}\` is not known here`
  if (typeof one['hash'] !== 'string') return 'it has no `hash`'
  if (typeof one['agent'] !== 'string' || one['agent'] === '') return 'it names no `agent`'
  const text = TEXTS.find((name) => one[name] !== undefined && typeof one[name] !== 'string')
  if (text !== undefined) return `\`${text}\` is a text`
  const list = LISTS.find((name) => one[name] !== undefined && !isTexts(one[name]))
  return list === undefined ? undefined : `\`${list}\` is a list of texts`
}

function isTexts(value: unknown): boolean {
  return isList(value) && value.every((one) => typeof one === 'string')
}

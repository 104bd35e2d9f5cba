import {
  DEFINITION_PARTS,
  type DefinitionPart,
  definitionDrift,
  singleBlanks,
  type ToolDefinition,
} from '../../core/behavior/rules/evidence/tool-definition.ts'
import { escapedKey } from '../../core/effects/json-pointer.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { cut, escapeUnseen } from '../../engine/approvals/escape.ts'
import { isObject } from '../host.ts'

/** One place of a tool's definition that is no longer what was accepted. All texts may be shown on a screen. */
export interface DefinitionChange {
  readonly part: DefinitionPart
  /** JSON Pointer (RFC 6901) into the part; `` for the whole. */
  readonly path: string
  /** Null: it was not there. */
  readonly before: string | null
  /** Null: it is there no more. */
  readonly after: string | null
}

const MAX_CHANGES = 64
const MAX_TEXT = 1_024
const MAX_PATH = 256
/** What is shown of what two texts begin with alike. */
const CONTEXT = 60

/** What differs, place by place. What is over the bound is counted in a last row. */
export function describeChanges(
  before: ToolDefinition,
  after: ToolDefinition,
): readonly DefinitionChange[] {
  const found: DefinitionChange[] = []
  let more = 0
  for (const part of definitionDrift(before, after))
    walk(before[part], after[part], '', (path, one, other) => {
      if (found.length >= MAX_CHANGES) more++
      else found.push(changeOf(part, path, one, other))
    })
  const last = DEFINITION_PARTS.at(-1)
  if (more > 0 && last !== undefined)
    found.push({
      part: found.at(-1)?.part ?? last,
      path: '',
      before: null,
      after: `… ${more} more`,
    })
  return found
}

type Visit = (path: string, one: JsonValue | undefined, other: JsonValue | undefined) => void

function walk(
  one: JsonValue | undefined,
  other: JsonValue | undefined,
  path: string,
  visit: Visit,
): void {
  if (one === other) return
  if (typeof one === 'string' && typeof other === 'string') {
    if (singleBlanks(one) !== singleBlanks(other)) visit(path, one, other)
    return
  }
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) {
    visit(path, one, other)
    return
  }
  const [fields, others] = [fieldsOf(one), fieldsOf(other)]
  for (const key of new Set([...fields.keys(), ...others.keys()]))
    walk(fields.get(key), others.get(key), `${path}/${escapedKey(key)}`, visit)
}

function fieldsOf(value: object): ReadonlyMap<string, JsonValue> {
  return new Map(Object.entries(value as Record<string, JsonValue>))
}

function changeOf(
  part: DefinitionPart,
  path: string,
  one: JsonValue | undefined,
  other: JsonValue | undefined,
): DefinitionChange {
  const texts = [textOf(one), textOf(other)] as const
  const from = sameUntil(texts[0] ?? '', texts[1] ?? '')
  return {
    part,
    path: cut(escapeUnseen(path), MAX_PATH),
    before: shown(texts[0], from),
    after: shown(texts[1], from),
  }
}

function textOf(value: JsonValue | undefined): string | null {
  if (value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Where two texts begin to differ, less what is shown of what is alike. */
function sameUntil(one: string, other: string): number {
  let at = 0
  while (at < one.length && at < other.length && one[at] === other[at]) at++
  return Math.max(0, at - CONTEXT)
}

function shown(text: string | null, from: number): string | null {
  if (text === null) return null
  const start = from > 0 ? '…' : ''
  return start + cut(escapeUnseen(text.slice(from)), MAX_TEXT)
}

import { isList, isPlainObject } from '../../core/json-kind.ts'
import type { JsonObject } from '../../core/model/json.ts'
import { resourceNameFault } from '../../core/names.ts'
import { type Definition, definitionOf } from './definition.ts'
import { type Pin, pinKey } from './pins.ts'

/** Most bytes of a file of pins. */
export const MAX_FILE = 64 * 1024 * 1024

/** Pins as a text that people read and compare: the same pins give the same text. */
export function textOf(pins: ReadonlyMap<string, Pin>): string {
  const inOrder = [...pins.values()].sort(
    (one, other) => order(one.server, other.server) || order(one.tool, other.tool),
  )
  const tools = inOrder.map(({ server, tool, accepted, offered }) => ({
    server,
    tool,
    accepted: rowOf(accepted),
    offered: rowOf(offered),
  }))
  const text = `${JSON.stringify({ version: 1, tools }, null, 2)}\n`
  if (Buffer.byteLength(text) > MAX_FILE)
    throw new Error(`it would be larger than ${MAX_FILE} bytes`)
  return text
}

function rowOf(definition: Definition | undefined): object | null {
  return definition === undefined ? null : { hash: definition.hash, definition: definition.parts }
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

const KEYS = 'accepted,offered,server,tool'

/** Throws where the text is not what `textOf` writes: nothing of it would be sure then. */
export function pinsOf(bytes: Uint8Array): ReadonlyMap<string, Pin> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const given: unknown = JSON.parse(text)
  if (!isPlainObject(given) || given['version'] !== 1 || !isList(given['tools']))
    throw new Error('it holds no `version: 1` with a list of `tools`')
  const pins = new Map<string, Pin>()
  for (const [index, row] of given['tools'].entries()) {
    const pin = pinOf(row)
    if (pin === undefined)
      throw new Error(
        `\`tools\` ${index + 1}${namedIn(row)} is damaged: its hash does not fit what it holds, or a field is missing. Take the entry out; the tool is then accepted anew`,
      )
    const key = pinKey(pin.server, pin.tool)
    if (pins.has(key)) throw new Error(`\`tools\` ${index + 1} is there twice`)
    pins.set(key, pin)
  }
  return pins
}

/** Names are told where they are names. */
function namedIn(row: unknown): string {
  if (!isPlainObject(row)) return ''
  const { server, tool } = row
  if (typeof server !== 'string' || typeof tool !== 'string') return ''
  return resourceNameFault(`${server}.${tool}`) === undefined ? ` (\`${server}.${tool}\`)` : ''
}

function pinOf(row: unknown): Pin | undefined {
  if (!isPlainObject(row) || Object.keys(row).sort().join() !== KEYS) return undefined
  const { server, tool } = row
  if (typeof server !== 'string' || typeof tool !== 'string') return undefined
  if (resourceNameFault(`${server}.${tool}`) !== undefined) return undefined
  const accepted = definitionIn(tool, row['accepted'])
  const offered = definitionIn(tool, row['offered'])
  if (accepted === null || offered === null || (accepted ?? offered) === undefined) return undefined
  return { server, tool, accepted, offered }
}

/** Null: damaged. A hash that is not that of its definition is. */
function definitionIn(tool: string, row: unknown): Definition | undefined | null {
  if (row === null) return undefined
  if (!isPlainObject(row) || !isPlainObject(row['definition'])) return null
  const read = definitionOf(tool, row['definition'] as JsonObject) // of JSON.parse
  return read !== undefined && read.hash === row['hash'] ? read : null
}

import { andThen, type MaybePromise } from '../../core/model/json.ts'
import { isObject } from '../host.ts'
import type { Judged } from '../methods/judged.ts'
import { uriNames } from '../methods/names.ts'
import { visibleOf } from '../methods/visible.ts'

/** Where results have content: of a tool, and of a prompt, one block a message. */
const LISTS = ['content', 'messages'] as const

/** A result without links to resources that the caller may not know of; the same object where there are none. */
export function withoutHiddenLinks(judged: Judged, result: unknown): MaybePromise<unknown> {
  if (!isObject(result)) return result
  const field = LISTS.find((name) => Array.isArray(result[name]))
  if (field === undefined) return result
  const blocks = result[field] as readonly unknown[] // looked at just now
  const linked = blocks.filter((block) => linkOf(block) !== undefined)
  if (linked.length === 0) return result
  const { guard } = judged.incoming
  const visible = visibleOf(guard, judged.head, linked, (block) =>
    uriNames(guard.server, linkOf(block)?.uri),
  )
  return andThen(visible, (kept) => {
    if (kept.length === linked.length) return result
    const shown = new Set(kept)
    const left = blocks.filter((block) => linkOf(block) === undefined || shown.has(block))
    return copyWith(result, field, left)
  })
}

function linkOf(block: unknown): { readonly uri?: unknown } | undefined {
  if (!isObject(block)) return undefined
  if (block['type'] === 'resource_link') return block
  const { content } = block
  return isObject(content) && content['type'] === 'resource_link' ? content : undefined
}

/** A copy with one field changed, and all that spreading leaves out. */
export function copyWith(result: object, field: string, value: unknown): object {
  const fields = Object.getOwnPropertyDescriptors(result)
  const changed = { value, enumerable: true, writable: true, configurable: true }
  return Object.create(Object.getPrototypeOf(result), { ...fields, [field]: changed })
}

import { andThen, type MaybePromise } from '../../core/model/json.ts'
import { isObject } from '../host.ts'
import type { Judged } from '../methods/judged.ts'
import { uriResource } from '../methods/names.ts'

/** A result without links to resources that the caller may not know of; the same object where there are none. */
export function withoutHiddenLinks(
  { incoming, head }: Judged,
  result: unknown,
): MaybePromise<unknown> {
  const content = isObject(result) ? result['content'] : undefined
  if (!Array.isArray(content) || !content.some(isLink)) return result
  const { engine, server } = incoming.guard
  const links = content.filter(isLink)
  const visible = engine.discover(head, links, ({ uri }) => uriResource(server, uri))
  return andThen(visible, (kept) => {
    if (kept.length === links.length) return result
    const shown = new Set<unknown>(kept)
    const left = content.filter((block) => !isLink(block) || shown.has(block))
    return copyWith(result as object, 'content', left)
  })
}

function isLink(block: unknown): block is { readonly uri: unknown } {
  return isObject(block) && block['type'] === 'resource_link'
}

/** A copy with one field changed, and all that spreading leaves out. */
export function copyWith(result: object, field: string, value: unknown): object {
  const fields = Object.getOwnPropertyDescriptors(result)
  const changed = { value, enumerable: true, writable: true, configurable: true }
  return Object.create(Object.getPrototypeOf(result), { ...fields, [field]: changed })
}

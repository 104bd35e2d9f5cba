import type { Tag } from '../../core/model/call.ts'
import { isObject } from '../host.ts'
import type { Definition } from './definition.ts'

const NONE: readonly Tag[] = Object.freeze([])

/**
 * What an accepted definition says of its effects that asks for caution. Only what is said counts: the
 * protocol's defaults would call nearly every tool destructive, and that a tool only reads is a claim
 * of whoever may be lying.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/schema#toolannotations
 */
export function definitionTags({ parts }: Definition): readonly Tag[] {
  const hints = parts.annotations
  if (!isObject(hints)) return NONE
  const { readOnlyHint: reads, destructiveHint: destroys, openWorldHint: isOpen } = hints
  const tags: Tag[] = []
  if (destroys === true && reads !== true) tags.push('destructive')
  if (isOpen === true) {
    // A search has an open world as well: only who says that it writes there sends something out.
    const writes = reads === false || (destroys === true && reads !== true)
    tags.push(writes ? 'network_egress' : 'external_data')
  }
  return tags.length === 0 ? NONE : Object.freeze(tags)
}

import { sha256Hex } from '../hash.ts'
import type { PolicyDocument } from './document.ts'

/**
 * `sha256:<hex>` of what a policy says. The document must come from `normalize.ts`, whose key order
 * is fixed, so that plain JSON text is already one text per meaning.
 */
export function digestOf(document: PolicyDocument): string {
  return `sha256:${sha256Hex(JSON.stringify(document))}`
}

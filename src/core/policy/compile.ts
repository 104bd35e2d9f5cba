import { digestOf } from './digest.ts'
import type { PolicyDocument } from './document.ts'
import { createPolicyIndex, type PolicyIndex } from './policy-index.ts'
import type { PolicyWarning } from './warning.ts'

/** A policy ready to decide with. Immutable; what it derives lazily never changes an answer. */
export interface CompiledPolicy {
  /** `sha256:<hex>` of what the policy says: key order, comments and file format do not matter. */
  readonly digest: string
  readonly document: PolicyDocument
  readonly warnings: readonly PolicyWarning[]
  /** What gates ask. Not part of the public API. */
  readonly index: PolicyIndex
}

/** Compiles a checked, normalised document. Roles are compiled when first needed. */
export function compileDocument(
  document: PolicyDocument,
  warnings: readonly PolicyWarning[],
): CompiledPolicy {
  return Object.freeze({
    digest: digestOf(document),
    document,
    warnings: Object.freeze([...warnings]),
    index: createPolicyIndex(document),
  })
}

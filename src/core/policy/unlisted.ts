import { listOf, textOf } from './check/lenient.ts'
import type { PolicyDocument } from './document.ts'

type Unlisted = NonNullable<PolicyDocument['unlisted']>

/**
 * What holds for the tools that a catalogue does not list, by one policy or one of its sources.
 * Whoever has a catalogue and says nothing restricts.
 */
export function unlistedOf(value: unknown): Unlisted {
  const said = textOf(value, 'unlisted')
  if (said === 'allow' || said === 'restrict') return said
  return listOf(value, 'tools').length > 0 ? 'restrict' : 'allow'
}

/** What several sources say together. INVARIANT: no layer loosens another; the strictest wins. */
export function strictestUnlisted(values: readonly unknown[]): Unlisted {
  return values.some((value) => unlistedOf(value) === 'restrict') ? 'restrict' : 'allow'
}

import { redactText } from '../core/redaction/redact-text.ts'
import { type Keyed, replacementFor } from '../core/redaction/replace.ts'
import type { Redaction } from '../core/redaction/settings.ts'
import { hasSecret } from '../core/redaction/without-secrets.ts'

/** What glues the parts of a name together. The scanner takes some of these for a part of a word. */
const GLUE = /[-_.:/](?![-_.:/])/g
/** UTF-16 units behind a boundary: every format is known for what it is by then. */
const AHEAD = 1_024

/**
 * True where a secret stands behind a boundary within a name, as in `srv-ghp_...`: there the scanner,
 * which reads prose, sees one long word. One scan of at most 1,024 units for each boundary.
 */
export function hasGluedSecret(name: string): boolean {
  const parts = [...name.matchAll(GLUE)].map(({ index }) =>
    name.slice(index + 1, index + 1 + AHEAD),
  )
  // What is too short to be one costs nothing.
  const worth = parts.filter(({ length }) => length >= SHORTEST)
  return worth.length > 0 && hasSecret(worth.join('\n\n'))
}

const SHORTEST = 12

/** The name without secrets, also where something is glued before them. */
export function withoutGluedSecrets(name: string, redaction: Redaction, keyed: Keyed): string {
  let now = redactText(name, redaction, keyed)
  for (let at = nextPart(now, 0); at > 0; at = nextPart(now, at)) {
    if (!hasSecret(now.slice(at, at + AHEAD))) continue
    now = now.slice(0, at) + redactText(now.slice(at), redaction, keyed)
  }
  // What stands together now may read as something new: then nothing of it is told.
  return hasGluedSecret(now) ? replacementFor(now, 'field', redaction, keyed) : now
}

/** Where the next part of a name begins; 0 where there is none. */
function nextPart(name: string, from: number): number {
  GLUE.lastIndex = from
  return (GLUE.exec(name)?.index ?? -1) + 1
}

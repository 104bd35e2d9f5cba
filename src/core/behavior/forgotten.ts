import type { EventMatch, ResponseEvent, RuleFinding } from './rule.ts'
import type { Answer } from './watch.ts'

/** What a session sends that may have read what nobody knows any more is put before a person. */
export function forgottenFinding(number: number): RuleFinding {
  return Object.freeze({
    rule: 'restricted_read_external_write',
    severity: 'high',
    confidence: 0.5,
    message:
      'what this session or its principal had read was dropped for want of room, or was too large to be looked at: nobody can tell whether this call sends restricted data, or does what outside text says',
    trigger: number,
    sources: [],
    action: 'ask',
    score: 20,
    cause: `forgot ${number}`,
  })
}

/** True for a response whose unread rest may be restricted: by its tool, by a secret in it, or by what it is made of. */
export function hidesRestricted(
  { unread, request }: Pick<Answer, 'unread' | 'request'>,
  { traits }: Pick<ResponseEvent, 'traits'>,
  secrets: readonly EventMatch[],
): boolean {
  if (!unread) return false
  const isMadeOfRestricted = request.sources.some(({ origin }) => origin.restricted)
  return traits.restricted || secrets.length > 0 || isMadeOfRestricted
}

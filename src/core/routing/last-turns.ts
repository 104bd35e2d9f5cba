import type { ModelMessage } from './model-request.ts'

/** What a request is about stands in its last turns: what is asked now, and what that goes back to. */
const MOST_TURNS = 3

/** The last questions of the user, each with all that came after it; without standing instructions. */
export function lastTurns(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const said = messages.filter(({ role }) => role !== 'system')
  let turns = 0
  for (let at = said.length - 1; at >= 0; at--) {
    if (said[at]?.role === 'user') turns++
    if (turns === MOST_TURNS) return said.slice(at)
  }
  return said
}

import { gateSettings } from '../gate-settings.ts'
import type { LineParts, Passed } from '../line-record.ts'
import type { Usage } from '../usage.ts'
import { afterAnswer } from './affinity.ts'

const PREFIX = 'model:'

/** A model has answered: the session goes on with it, and its cache holds the prompt. */
export function noteAnswer(
  parts: Pick<LineParts, 'now'>,
  { call, policy, session }: Passed,
  { tokens = 0, input_tokens: input = 0 }: Usage = {},
): void {
  if (call === undefined || policy === undefined || session === undefined) return
  // Without a prompt that was counted nothing is known of any cache: an answer that was kept, or no usage.
  if (call.resource.kind !== 'model' || input === 0) return
  const { routes } = gateSettings(policy)
  if (routes?.affinity.enabled !== true) return
  // As it was asked for: a variant of it may have answered.
  const model = call.resource.name.slice(PREFIX.length)
  const said = { model, input, output: Math.max(0, tokens - input) }
  session.models = afterAnswer(session.models, said, { catalog: routes.catalog, at: parts.now() })
}

import type { JsonValue } from '../../core/model/json.ts'
import type { HookPayload } from './runners.ts'

const PLACES: Readonly<Record<string, (payload: HookPayload) => JsonValue | undefined>> = {
  ARGUMENTS: (payload) => payload,
  EVENT: (payload) => payload['hook_event_name'],
  SESSION_ID: (payload) => payload['session_id'],
  TOOL_NAME: (payload) => payload['tool_name'],
  TOOL_INPUT: (payload) => payload['tool_input'],
  TOOL_RESPONSE: (payload) => payload['tool_response'],
  PROMPT: (payload) => payload['prompt'],
}

/**
 * A prompt with its placeholders as JSON: `$ARGUMENTS` is the whole payload, `$TOOL_INPUT` a part.
 * One pass: what is filled in is never read again.
 */
export function fillPrompt(prompt: string, payload: HookPayload): string {
  return prompt.replace(/\$([A-Z][A-Z_]*)/g, (whole, name: string) => {
    if (!Object.hasOwn(PLACES, name)) return whole
    return JSON.stringify(PLACES[name]?.(payload) ?? null)
  })
}

import type { ModelMessage, ModelRequest } from '../model-request.ts'

/** A request with these messages and nothing else. */
export function requestWith(
  messages: readonly ModelMessage[],
  parts: Partial<ModelRequest> = {},
): ModelRequest {
  return {
    surface: 'chat',
    model: null,
    alternatives: [],
    messages,
    tools: [],
    capabilities: new Set(),
    stream: false,
    response_format: 'text',
    input_tokens: 0,
    max_output_tokens: null,
    temperature: null,
    metadata: {},
    conversation: null,
    bound_to_vendor: false,
    ...parts,
  }
}

export function asking(text: string, parts: Partial<ModelRequest> = {}): ModelRequest {
  return requestWith([{ role: 'user', text }], parts)
}

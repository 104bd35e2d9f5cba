import type { Params } from '../mcp/host.ts'
import { callTool, getPrompt } from './relay/calls.ts'
import { mergedList, PROMPTS, RESOURCES, TEMPLATES, TOOLS } from './relay/lists.ts'
import { complete, readResource, setLevel, subscribe, unsubscribe } from './relay/resources.ts'
import type { Asking } from './session-state.ts'

/** How one method is answered, and the schema of the SDK that its requests must fit. */
interface Method {
  readonly schema:
    | 'ListToolsRequestSchema'
    | 'ListPromptsRequestSchema'
    | 'ListResourcesRequestSchema'
    | 'ListResourceTemplatesRequestSchema'
    | 'CallToolRequestSchema'
    | 'GetPromptRequestSchema'
    | 'ReadResourceRequestSchema'
    | 'SubscribeRequestSchema'
    | 'UnsubscribeRequestSchema'
    | 'CompleteRequestSchema'
    | 'SetLevelRequestSchema'
  answer(asking: Asking): Promise<Params>
}

/** What an agent may ask. Whatever is not here is not forwarded: it says nothing of whom it is for. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['tools/list', { schema: 'ListToolsRequestSchema', answer: (one) => mergedList(one, TOOLS) }],
  [
    'prompts/list',
    { schema: 'ListPromptsRequestSchema', answer: (one) => mergedList(one, PROMPTS) },
  ],
  [
    'resources/list',
    { schema: 'ListResourcesRequestSchema', answer: (one) => mergedList(one, RESOURCES) },
  ],
  [
    'resources/templates/list',
    { schema: 'ListResourceTemplatesRequestSchema', answer: (one) => mergedList(one, TEMPLATES) },
  ],
  ['tools/call', { schema: 'CallToolRequestSchema', answer: callTool }],
  ['prompts/get', { schema: 'GetPromptRequestSchema', answer: getPrompt }],
  ['resources/read', { schema: 'ReadResourceRequestSchema', answer: readResource }],
  ['resources/subscribe', { schema: 'SubscribeRequestSchema', answer: subscribe }],
  ['resources/unsubscribe', { schema: 'UnsubscribeRequestSchema', answer: unsubscribe }],
  ['completion/complete', { schema: 'CompleteRequestSchema', answer: complete }],
  ['logging/setLevel', { schema: 'SetLevelRequestSchema', answer: setLevel }],
])

/** The words of routing policies. API: never renamed, only added to. */

export const TASKS = [
  'classification',
  'code',
  'conversation',
  'creative',
  'extraction',
  'math',
  'other',
  'qa',
  'rag',
  'reasoning',
  'summarization',
  'tool_use',
  'translation',
  'vision',
] as const
export type Task = (typeof TASKS)[number]

export const COMPLEXITIES = ['low', 'medium', 'high'] as const
export type Complexity = (typeof COMPLEXITIES)[number]

export const CAPABILITIES = [
  'vision',
  'audio',
  'file',
  'tool_use',
  'long_context',
  'reasoning',
  'json',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** Tokens from which on a context counts as long. */
export const LONG_CONTEXT = 100_000

/** A tool as lists of MCP have it. */
export interface ListedTool extends Record<string, unknown> {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly inputSchema?: unknown
  readonly outputSchema?: unknown
  readonly annotations?: unknown
}

export const READ: ListedTool = {
  name: 'read',
  title: 'Read',
  description: 'Reads one row of a table.',
  inputSchema: {
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'string', description: 'Key of the row.' },
      table: { enum: ['a', 'b'] },
    },
  },
  outputSchema: { type: 'object', properties: { row: { type: 'string' } } },
  annotations: { readOnlyHint: true, title: 'Read a row' },
}

export function tool(name: string, more: Partial<ListedTool> = {}): ListedTool {
  return { inputSchema: { type: 'object' }, ...more, name }
}

/** As it comes from another process: no object is the same. */
export function wired<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

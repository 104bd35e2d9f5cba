import { describe, expect, it } from 'vitest'
import { definitionDrift, type ToolDefinition } from './tool-definition.ts'

const BEFORE: ToolDefinition = {
  description: 'Gets a customer.',
  inputSchema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
}

describe('definitionDrift', () => {
  it.each<[string, ToolDefinition, readonly string[]]>([
    ['the same', BEFORE, []],
    [
      'keys in another order',
      {
        description: 'Gets a customer.',
        inputSchema: { properties: { id: { type: 'string' } }, required: ['id'], type: 'object' },
      },
      [],
    ],
    ['blanks alone', { ...BEFORE, description: ' Gets  a\ncustomer.' }, []],
    [
      'another description',
      { ...BEFORE, description: 'Gets a customer. Send it on.' },
      ['description'],
    ],
    [
      'a deeper change',
      {
        ...BEFORE,
        inputSchema: {
          type: 'object',
          required: ['id'],
          properties: { id: { type: 'string', description: 'x' } },
        },
      },
      ['inputSchema'],
    ],
    ['a list for an object', { ...BEFORE, inputSchema: [] }, ['inputSchema']],
    [
      'parts that are new and gone',
      { title: 'Get', inputSchema: BEFORE.inputSchema ?? null },
      ['title', 'description'],
    ],
  ])('tells %s', (_, after, parts) => {
    expect(definitionDrift(BEFORE, after)).toEqual(parts)
  })
})

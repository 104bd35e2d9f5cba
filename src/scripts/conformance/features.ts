import { setTimeout as sleep } from 'node:timers/promises'
import type { CallToolResult, GetPromptResult } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import {
  CHOICES_FORM,
  CONTACT_FORM,
  DEFAULTS_FORM,
  IMAGE,
  PIXEL,
  SCHEMA_2020_12,
  SILENCE,
  text,
} from './samples.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a tool can do with its client, in the words of both majors of the SDK. */
export interface Told {
  log(data: string): Promise<void>
  /** Nothing where the caller did not ask for it. */
  progress(progress: number, total: number): Promise<void>
  ask(method: 'sampling/createMessage' | 'elicitation/create', params: object): Promise<Fields>
  /** Cuts the stream of the answer: the client comes back for it. */
  closeStream(): void
}

export interface ToolPart {
  readonly description: string
  /** Texts that must be there. */
  readonly input?: readonly string[]
  readonly run: (input: Readonly<Record<string, string>>, told: Told) => Answer<CallToolResult>
}

export interface PromptPart {
  readonly description: string
  /** Texts that must be there, each with what completes it. */
  readonly input?: Readonly<Record<string, readonly string[]>>
  readonly run: (input: Readonly<Record<string, string>>) => GetPromptResult
}

export interface ResourcePart {
  readonly uri: string
  readonly mimeType: string
  /** Text or Base64. */
  readonly content: { readonly text: string } | { readonly blob: string }
}

type Answer<T> = T | Promise<T>

const PAUSE_MS = 50

/** Tools that both majors of the SDK serve alike. */
export const TOOLS: Readonly<Record<string, ToolPart>> = {
  test_simple_text: said('This is a simple text response for testing.'),
  test_image_content: gives('Gives an image', [IMAGE]),
  test_audio_content: gives('Gives a sound', [
    { type: 'audio', data: SILENCE, mimeType: 'audio/wav' },
  ]),
  test_embedded_resource: gives('Gives a resource', [
    embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
  ]),
  test_multiple_content_types: gives('Gives content of several types', [
    text('Multiple content types test:'),
    IMAGE,
    embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
  ]),
  test_error_handling: {
    description: 'Fails',
    run: () => {
      throw new Error('This tool intentionally returns an error for testing')
    },
  },
  test_tool_with_logging: {
    description: 'Logs while it runs',
    run: async (_input, told) => {
      await told.log('Tool execution started')
      await sleep(PAUSE_MS)
      await told.log('Tool processing data')
      await sleep(PAUSE_MS)
      await told.log('Tool execution completed')
      return result('logged')
    },
  },
  test_tool_with_progress: {
    description: 'Tells how far it is',
    run: async (_input, told) => {
      for (const done of [0, 50, 100]) {
        await told.progress(done, 100)
        await sleep(PAUSE_MS)
      }
      return result('done')
    },
  },
  test_reconnection: {
    description: 'Cuts its stream before it answers',
    run: async (_input, told) => {
      told.closeStream()
      await sleep(2 * PAUSE_MS)
      return result('answered after the stream was cut')
    },
  },
  test_sampling: {
    description: "Asks the client's model",
    input: ['prompt'],
    run: async ({ prompt = '' }, told) => {
      const answer = await told.ask('sampling/createMessage', {
        messages: [{ role: 'user', content: text(prompt) }],
        maxTokens: 100,
      })
      return result(`LLM response: ${JSON.stringify(answer['content'])}`)
    },
  },
  test_elicitation: elicits('User response', CONTACT_FORM, ['message']),
  test_elicitation_sep1034_defaults: elicits('Elicitation completed', DEFAULTS_FORM),
  test_elicitation_sep1330_enums: elicits('Elicitation completed', CHOICES_FORM),
}

/** The tool whose schema is written as JSON. */
export const SCHEMA_TOOL = {
  name: 'json_schema_2020_12_tool',
  description: 'Has keywords of JSON Schema 2020-12 in its schema',
  schema: SCHEMA_2020_12,
} as const

export const PROMPTS: Readonly<Record<string, PromptPart>> = {
  test_simple_prompt: {
    description: 'A text',
    run: () => messages(text('This is a simple prompt for testing.')),
  },
  test_prompt_with_arguments: {
    description: 'A text with arguments in it',
    input: { arg1: ['paris', 'park', 'party'], arg2: ['world'] },
    run: ({ arg1, arg2 }) =>
      messages(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  },
  test_prompt_with_embedded_resource: {
    description: 'A resource',
    input: { resourceUri: ['test://example-resource'] },
    run: ({ resourceUri = '' }) =>
      messages(
        embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'),
        text('Please process the embedded resource above.'),
      ),
  },
  test_prompt_with_image: {
    description: 'An image',
    run: () => messages(IMAGE, text('Please analyze the image above.')),
  },
}

export const RESOURCES: readonly ResourcePart[] = [
  {
    uri: 'test://static-text',
    mimeType: 'text/plain',
    content: { text: 'This is the content of the static text resource.' },
  },
  { uri: 'test://static-binary', mimeType: 'image/png', content: { blob: PIXEL } },
  { uri: 'test://watched-resource', mimeType: 'text/plain', content: { text: 'watched' } },
]

export const TEMPLATE = {
  name: 'template',
  uri: 'test://template/{id}/data',
  mimeType: 'application/json',
  textOf: (id: string) => JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
} as const

export const CAPABILITIES = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  logging: {},
  completions: {},
} as const

export const INFO = { name: 'conformance', version: '1.0.0' } as const

/** The texts that a tool or prompt must be given. */
export function shapeOf(names: readonly string[]): Record<string, z.ZodString> {
  return Object.fromEntries(names.map((name) => [name, z.string()]))
}

/** What begins with what was typed. */
export function completing(values: readonly string[]): (typed: string) => string[] {
  return (typed) => values.filter((value) => value.startsWith(typed))
}

export function result(said: string): CallToolResult {
  return { content: [text(said)] }
}

function gives(description: string, content: CallToolResult['content']): ToolPart {
  return { description, run: () => ({ content }) }
}

function said(what: string): ToolPart {
  return gives('Gives a text', [text(what)])
}

function elicits(before: string, requestedSchema: object, input?: readonly string[]): ToolPart {
  return {
    description: 'Asks the user',
    ...(input === undefined ? {} : { input }),
    run: async ({ message = 'Please fill this in' }, told) => {
      const answer = await told.ask('elicitation/create', { message, requestedSchema })
      return result(
        `${before}: action=${answer['action']}, content=${JSON.stringify(answer['content'])}`,
      )
    },
  }
}

function embedded(uri: string, mimeType: string, content: string) {
  return { type: 'resource' as const, resource: { uri, mimeType, text: content } }
}

function messages(...parts: GetPromptResult['messages'][number]['content'][]): GetPromptResult {
  return { messages: parts.map((content) => ({ role: 'user', content })) }
}

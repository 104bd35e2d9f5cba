import type { FakeModel } from './model.ts'
import type { FakeAsk, FakeMessage } from './read-ask.ts'

/** Tokens of a message besides its text, and of a request besides its messages. */
const OVERHEAD = 3
/** Tokens of an image. */
const IMAGE = 85

/** The rule: characters (UTF-16 units) divided by the model's `chars_per_token`, rounded up. */
export function tokensOf(text: string, model: FakeModel): number {
  return Math.ceil(text.length / model.chars_per_token)
}

/** Its text, or all of it as JSON where it has none: 3 besides, and 85 for each image. */
export function messageTokens(message: FakeMessage, model: FakeModel): number {
  const text = message.text === '' && message.images === 0 ? message.json : message.text
  return OVERHEAD + tokensOf(text, model) + IMAGE * message.images
}

/** What stands before the messages: 3, and the tools as JSON. */
export function headTokens(ask: FakeAsk, model: FakeModel): number {
  const tools = ask.tools.length === 0 ? 0 : tokensOf(JSON.stringify(ask.body['tools']), model)
  return ask.surface === 'embeddings' ? 0 : OVERHEAD + tools
}

export function promptTokens(ask: FakeAsk, model: FakeModel): number {
  return ask.messages.reduce(
    (sum, message) => sum + messageTokens(message, model),
    headTokens(ask, model),
  )
}

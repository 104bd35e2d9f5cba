export type { OpenAIContext } from './context.ts'
export { governedFetch } from './governed-fetch.ts'
export type { GovernedFetchOptions, WrapOpenAIOptions } from './options.ts'
export { unwrapOpenAIClient, wrapOpenAIClient } from './wrap-openai-client.ts'

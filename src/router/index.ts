export type { AnswerCache } from '../openai/routing/answer-cache.ts'
export type { AttemptLimits } from '../openai/routing/routing.ts'
export type { ResponseCacheOptions, SemanticOptions } from './cache/options.ts'
export {
  type CachedResponse,
  type CacheStats,
  createResponseCache,
  type ResponseCache,
} from './cache/response-cache.ts'
export { type Embedder, ngramEmbedder } from './cache/semantic/ngram-embedder.ts'
export { createLlmClassifier, type LlmClassifierOptions } from './classify/llm-classifier.ts'
export { createRouter, type Router } from './create-router.ts'
export { hashKey, type RouterKey } from './keys.ts'
export type { RouterOptions } from './options.ts'
export type { RouterUpstream } from './upstream.ts'

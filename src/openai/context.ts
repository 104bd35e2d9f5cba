/** Where a request of a model client comes from: what `subject`, `session` and the like are told. */
export interface OpenAIContext {
  readonly method: string
  /** Below the client's base URL, with `_` for each id: `/chat/completions`, `/responses/_`. */
  readonly path: string
  readonly url: string
  /** As the request names it; undefined where it names none. */
  readonly model: string | undefined
  /** Names in lower case. They hold the key of the API: never keep them. */
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

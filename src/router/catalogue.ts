import { isList, isMap } from '../core/json-kind.ts'
import type { JsonObject } from '../core/model/json.ts'
import type { ModelCatalog } from '../core/routing/catalog.ts'
import { catalogOf, readCard } from '../core/routing/read-card.ts'

/** What the upstream says of its models. The last good list stays until there is a newer one. */
export interface Catalogue {
  /** Undefined until there was a list. */
  current(): ModelCatalog | undefined
  /** As the upstream writes them, in its order. */
  models(): readonly JsonObject[]
  /** Asks for the list, where there is none. Never rejects. */
  ready(): Promise<void>
  close(): void
}

export interface CatalogueOptions {
  readonly url: string
  readonly fetch: typeof fetch
  readonly everyMs: number
  /** Told in words what is wrong; no body of the upstream is in it. */
  say(message: string): void
}

const TIMEOUT_MS = 20_000
const MOST_BYTES = 32 * 1024 * 1024
const MOST_MODELS = 20_000
/** A list that could not be had is asked for again this soon, not for each request. */
const AGAIN_MS = 15_000

export function createCatalogue({ url, fetch: ask, everyMs, say }: CatalogueOptions): Catalogue {
  let known: { readonly catalog: ModelCatalog; readonly models: readonly JsonObject[] } | undefined
  let running: Promise<void> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  const controller = new AbortController()

  const load = async (): Promise<void> => {
    try {
      const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(TIMEOUT_MS)])
      const models = await readModels(await ask(url, { signal }))
      const cards = models.map((model) => readCard(String(model['id']), model))
      known = { models, catalog: catalogOf(cards) }
    } catch (error) {
      failedAt = performance.now()
      if (!controller.signal.aborted) say(`the list of models cannot be had: ${whyOf(error)}`)
    }
  }
  const refresh = (): Promise<void> => {
    running ??= load().finally(() => {
      running = undefined
    })
    return running
  }
  const timer = setInterval(() => void refresh(), everyMs)
  timer.unref()

  return {
    current: () => known?.catalog,
    models: () => known?.models ?? [],
    async ready() {
      if (known !== undefined || controller.signal.aborted) return
      if (running !== undefined || performance.now() - failedAt > AGAIN_MS) await refresh()
    },
    close() {
      clearInterval(timer)
      controller.abort()
    },
  }
}

function whyOf(error: unknown): string {
  if (error instanceof ListFault) return error.message
  return error instanceof Error && error.name === 'TimeoutError'
    ? 'the upstream is too slow'
    : 'the upstream cannot be reached'
}

class ListFault extends Error {}

/** @throws {ListFault} */
async function readModels(response: Response): Promise<readonly JsonObject[]> {
  if (!response.ok) {
    await response.body?.cancel()
    throw new ListFault(`the upstream answers ${response.status}`)
  }
  const body: unknown = JSON.parse(await boundedText(response))
  const data = isMap(body) ? body['data'] : undefined
  if (!isList(data)) throw new ListFault('the upstream gives no list')
  return data
    .slice(0, MOST_MODELS)
    .filter((one): one is JsonObject => isMap(one) && typeof one['id'] === 'string')
}

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > MOST_BYTES) throw new ListFault('the list is too large')
  }
  return text + decoder.decode()
}

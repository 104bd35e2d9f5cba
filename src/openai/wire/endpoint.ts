import type { Surface } from '../../core/routing/model-request.ts'

/** What a request is, by its method and its path below the base URL. */
export interface Endpoint {
  /** With `_` for each id: `/responses/_/cancel`. */
  readonly pattern: string
  /** As it was asked for, below the base URL. */
  readonly path: string
  /**
   * `media`: a model answers with something else than text for an agent; `models`: the list of them, or
   * one; `api`: everything else.
   */
  readonly kind: Surface | 'media' | 'models' | 'api'
  /** Models that the path itself names. */
  readonly models: readonly string[]
}

/**
 * Words of paths; everything else in them is an id, or unknown.
 * @see https://platform.openai.com/docs/api-reference
 * @see https://openrouter.ai/docs/api-reference
 */
const WORDS = new Set(
  (
    'activity admin alpha analytics api_keys archive assistants audio audit_logs batch batches cancel ' +
    'chat checkpoints chatkit classifications client_secrets compact complete completions containers ' +
    'content conversations costs count credits datasets edit edits embeddings endpoints engines eval ' +
    'events evals fail file_batches files fine_tuning generation generations graders hangup images ' +
    'input_items input_tokens items jobs join key keys members messages methods models moderations ' +
    'organization output_items parts pause permissions presets projects providers reactions realtime ' +
    'refer reject remix rerank responses resume run runs search sessions skills speech steps ' +
    'submit_tool_outputs threads transcription_sessions transcriptions translations uploads usage user ' +
    'users validate variations vector_stores versions videos accept calls'
  ).split(' '),
)

const SURFACES: Readonly<Record<string, Surface | 'media'>> = {
  '/chat/completions': 'chat',
  '/responses': 'responses',
  '/responses/compact': 'responses',
  '/completions': 'completions',
  '/embeddings': 'embeddings',
  '/rerank': 'media',
  '/moderations': 'media',
  '/images/generations': 'media',
  '/images/edits': 'media',
  '/images/variations': 'media',
  '/audio/speech': 'media',
  '/audio/transcriptions': 'media',
  '/audio/translations': 'media',
}

/** Undefined where the URL is none. */
export function endpointOf(
  method: string,
  url: string,
  baseURL: string | undefined,
): Endpoint | undefined {
  const below = pathBelow(url, baseURL)
  if (below === undefined) return undefined
  const { segments, models } = withoutDeployment(below.split('/').filter(Boolean).map(decoded))
  const isModel = segments[0] === 'models' && segments.length > 1
  const words = isModel ? ['models', '_'] : segments.map((one) => (WORDS.has(one) ? one : '_'))
  const pattern = `/${words.join('/')}`
  const kind = kindOf(method, pattern)
  // A model's name may have slashes.
  const named = isModel && kind === 'models' ? [segments.slice(1).join('/')] : models
  return { pattern, path: below, kind, models: named }
}

function kindOf(method: string, pattern: string): Endpoint['kind'] {
  if (method === 'GET' && (pattern === '/models' || pattern === '/models/_')) return 'models'
  return (method === 'POST' ? SURFACES[pattern] : undefined) ?? 'api'
}

/** What stands behind the base URL; all of it where the URL is not below that. */
function pathBelow(url: string, baseURL: string | undefined): string | undefined {
  try {
    const { origin, pathname } = new URL(url)
    if (baseURL === undefined) return VERSIONED.exec(pathname)?.[1] ?? pathname
    const base = new URL(baseURL)
    const root = base.pathname.replace(/\/+$/, '')
    const isBelow = origin === base.origin && pathname.startsWith(`${root}/`)
    // INVARIANT: what is elsewhere is never taken for what it looks like here.
    return isBelow ? pathname.slice(root.length) : `/elsewhere${pathname}`
  } catch {
    return undefined
  }
}

const VERSIONED = /^.*?\/(?:v\d[\w.]*|openai)(\/.*)$/

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Azure names the model in the path, old versions of the API the engine, OpenRouter a preset. */
function withoutDeployment(segments: readonly string[]): {
  readonly segments: readonly string[]
  readonly models: readonly string[]
} {
  const [first = '', name = '', ...rest] = segments
  if (rest.length === 0) return { segments, models: [] }
  if (first === 'deployments' || first === 'engines') return { segments: rest, models: [name] }
  if (first === 'presets') return { segments: rest, models: [`@preset/${name}`] }
  return { segments, models: [] }
}

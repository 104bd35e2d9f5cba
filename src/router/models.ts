import type { JsonObject } from '../core/model/json.ts'
import { errorBody } from '../openai/answer/error-response.ts'
import type { Guard, Head } from '../openai/guard.ts'
import { modelResource } from '../openai/plan.ts'
import type { Catalogue } from './catalogue.ts'

/**
 * The models that a caller may know of, as the API of OpenAI lists them, with what the upstream says
 * besides. Any other answers like an unknown name.
 */
export async function answerModels(
  guard: Guard,
  head: Head,
  catalogue: Catalogue,
  asked: string | undefined,
): Promise<Response> {
  await catalogue.ready()
  if (catalogue.current() === undefined)
    return Response.json(
      errorBody('the list of models cannot be had now', 'callgate_error', 'models_unavailable'),
      { status: 503 },
    )
  const all = catalogue.models()
  const wanted = asked === undefined ? all : all.filter(({ id }) => id === asked)
  const { engine, settings } = guard
  const seen = await engine.discover(head, wanted, ({ id }) =>
    modelResource(String(id), settings.vendor),
  )
  if (asked === undefined) return Response.json({ object: 'list', data: seen.map(listed) })
  const [model] = seen
  return model === undefined ? unknown(asked) : Response.json(listed(model))
}

function listed(model: JsonObject): JsonObject {
  const id = String(model['id'])
  const created = typeof model['created'] === 'number' ? model['created'] : 0
  const vendor = /^~?([^/]+)\//.exec(id)?.[1] ?? 'unknown'
  return { ...model, id, object: 'model', created, owned_by: vendor }
}

function unknown(name: string): Response {
  const message = `The model '${name.slice(0, 256)}' does not exist`
  const error = { message, type: 'invalid_request_error', param: 'model', code: 'model_not_found' }
  return Response.json({ error }, { status: 404 })
}

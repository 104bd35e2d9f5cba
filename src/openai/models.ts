import { isList, isMap } from '../core/json-kind.ts'
import { errorBody, faultResponse, withBody } from './answer/error-response.ts'
import type { Guard, Head } from './guard.ts'
import type { Incoming } from './incoming.ts'
import { modelResource } from './plan.ts'
import { readAnswer } from './wire/read-answer.ts'

/** A list of models shows those that the caller may know of; any other answers like an unknown name. */
export async function governModels(
  guard: Guard,
  head: Head,
  incoming: Incoming,
  inner: typeof fetch,
): Promise<Response> {
  const { engine, settings } = guard
  const [asked] = incoming.endpoint.models
  const visible = (ids: readonly string[]): Promise<readonly string[]> =>
    Promise.resolve(engine.discover(head, ids, (id) => modelResource(id, settings.vendor)))
  if (asked !== undefined) {
    const [known] = await visible([asked])
    return known === undefined ? unknownModel(asked) : incoming.send(inner)
  }
  const response = await incoming.send(inner)
  if (!response.ok || !engine.context().enforces) return response
  const answer = await readAnswer(response, settings.maxAnswerBytes)
  const data = answer === undefined ? undefined : answer.value['data']
  if (answer === undefined || !isList(data))
    return faultResponse(502, 'answer_malformed', 'the list of models is none')
  const ids = data.map((one) => (isMap(one) && typeof one['id'] === 'string' ? one['id'] : ''))
  const kept = new Set(await visible(ids.filter((id) => id !== '')))
  if (ids.every((id) => kept.has(id))) return withBody(response, answer.bytes, { isChanged: false })
  const shown = data.filter((_, index) => kept.has(ids[index] ?? ''))
  return withBody(response, JSON.stringify({ ...answer.value, data: shown }), { isChanged: true })
}

/** As the API itself says it. */
function unknownModel(name: string): Response {
  const message = `The model '${name.slice(0, 256)}' does not exist`
  const { error } = errorBody(message, 'invalid_request_error', 'model_not_found') as {
    error: object
  }
  return Response.json({ error: { ...error, param: 'model' } }, { status: 404 })
}

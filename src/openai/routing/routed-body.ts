import type { JsonObject } from '../../core/model/json.ts'
import type { Incoming } from '../incoming.ts'
import { lighten } from '../wire/stand-ins.ts'
import { withModel } from './model-in-text.ts'

/** Fields by which a provider would choose models by itself: each attempt is for one model alone. */
const CHOOSING: ReadonlySet<string> = new Set(['models', 'fallbacks', 'route'])

/** The request as it goes to one model. `retry` is not its client's: these attempts are made here. */
export function requestFor(incoming: Incoming, model: string): Incoming {
  const { body } = incoming
  if (body.kind !== 'json') return { ...incoming, retry: undefined }
  const isSame = body.value['model'] === model && ![...CHOOSING].some((name) => name in body.value)
  // Sent as a text, whatever it came as: it may be sent more than once.
  if (isSame) return { ...incoming, isChanged: true, retry: undefined }
  const value: JsonObject = { ...without(body.value), model }
  const text = withModel(body.text, model, CHOOSING)
  return {
    ...incoming,
    body: { kind: 'json', value, text, light: lighten(value) },
    isChanged: true,
    retry: undefined,
  }
}

function without(value: JsonObject): JsonObject {
  const { models: _models, fallbacks: _fallbacks, route: _route, ...rest } = value
  return rest
}

import type { JsonObject, JsonValue } from '../model/json.ts'

/** Obviously right: flatten everything to (way, leaf or object) pairs, then pick by the last key. */
export function valuesByReference(args: JsonObject, names: readonly string[]): readonly string[] {
  const wanted = names.map((name) => name.toLowerCase().replaceAll('_', '').replaceAll('-', ''))
  return everything(args, [])
    .filter(({ way, value }) => {
      const key = [...way].reverse().find((step) => typeof step === 'string')
      return (
        way.length > 0 &&
        !Array.isArray(value) &&
        wanted.includes(String(key).toLowerCase().replaceAll('_', '').replaceAll('-', ''))
      )
    })
    .map(({ way, value }) => `${written(way)} ${JSON.stringify(value)}`)
    .sort()
}

type Way = readonly (string | number)[]

function everything(value: JsonValue, way: Way): readonly { way: Way; value: JsonValue }[] {
  const here = { way, value }
  if (Array.isArray(value))
    return [here, ...value.flatMap((one: JsonValue, index) => everything(one, [...way, index]))]
  if (typeof value === 'object' && value !== null)
    return [here, ...Object.entries(value).flatMap(([key, one]) => everything(one, [...way, key]))]
  return [here]
}

function written(way: Way): string {
  return way
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index > 0 ? `.${step}` : step))
    .join('')
}

import { isObject } from '../host.ts'

/**
 * What an object gives of itself as JSON is what goes out by most transports: that is what is judged, and
 * handed on. What has no such form is handed on as it is.
 */
export function readAsJson(value: unknown): unknown {
  if (!isObject(value) || typeof value['toJSON'] !== 'function') return value
  return value['toJSON']('') as unknown
}

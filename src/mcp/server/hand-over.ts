import { isPromise } from '../../core/model/json.ts'
import { type IncomingRequest, isObject, type RequestHandler } from '../host.ts'
import { targetOf } from '../methods/names.ts'
import { readAsJson } from './read-as-json.ts'
import { paramsOf, type ServerGuard } from './server-guard.ts'

/**
 * Hands what was judged to the server's own code, which may hand it to another of its handlers while it
 * runs: frameworks put theirs before the one that they find. It is known by itself, and by its params,
 * which no client has: whoever calls with the same context is judged again.
 */
export function handingOver(guard: ServerGuard, handler: RequestHandler): RequestHandler {
  return (request, extra) => {
    const params = isRecord(request.params) ? { ...request.params } : undefined
    const handed = params === undefined ? { ...request } : { ...request, params }
    const name = nameOf(guard, handed)
    for (const key of [handed, params]) if (key !== undefined) guard.judged.set(key, name)
    const over = (): void => {
      for (const key of [handed, params]) if (key !== undefined) guard.judged.delete(key)
    }
    let given: unknown
    try {
      given = handler(handed, extra)
    } catch (error) {
      over()
      throw error
    }
    if (!isPromise(given)) {
      over()
      return readAsJson(given)
    }
    return given.then(
      (value) => {
        over()
        return readAsJson(value)
      },
      (error: unknown) => {
        over()
        throw error
      },
    )
  }
}

/** True for a request that is in the hands of the server's own code, as it was judged. */
export function wasJudged(guard: ServerGuard, request: IncomingRequest): boolean {
  const { params } = request
  const name =
    guard.judged.get(request) ?? (isRecord(params) ? guard.judged.get(params) : undefined)
  return name !== undefined && name === nameOf(guard, request)
}

function nameOf({ server }: ServerGuard, request: IncomingRequest): string {
  const { method } = request
  return `${method} ${targetOf(server, method, paramsOf(request)).resource}`
}

function isRecord(params: unknown): params is Readonly<Record<string, unknown>> {
  return isObject(params) && !Array.isArray(params)
}

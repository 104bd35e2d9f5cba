import { classifyLocally } from '../../core/routing/classifier/classify-locally.ts'
import type { CompiledRoutes } from '../../core/routing/compile-routes.ts'
import { evaluateRoute } from '../../core/routing/evaluate-route.ts'
import type { ModelRequest } from '../../core/routing/model-request.ts'
import { readModelRequest } from '../../core/routing/read-model-request.ts'
import type { Chooser } from './choosers.ts'

/** A prompt as a request of one message. */
export function requestOf(prompt: string): ModelRequest {
  return readModelRequest({ messages: [{ role: 'user', content: prompt }] }, 'chat')
}

/** What a prompt is about, as the local classifier tells it. */
export function localTaskOf(prompt: string): string {
  return classifyLocally(requestOf(prompt)).task
}

/**
 * What the routes of a policy choose. Models of the policy are those of the data by their whole name or
 * by what follows the vendor; the first of its models that the data knows is taken, else `otherwise`.
 */
export function byPolicy(
  routes: CompiledRoutes,
  models: readonly string[],
  otherwise: string,
): Chooser {
  const known = (name: string): string | undefined =>
    models.find((model) => model === name || lastPart(model) === lastPart(name))
  return {
    name: 'policy',
    choose(prompt) {
      const request = requestOf(prompt)
      const choice = evaluateRoute(
        routes,
        {
          request,
          classification: classifyLocally(request),
          subject: { agent: 'eval' },
          scope: undefined,
          // Shares are drawn by the session: each prompt is one of its own.
          session: { id: prompt, risk: 0, tainted: false, scopes: new Set() },
          budget: undefined,
          at: 0,
        },
        routes.catalog,
      )
      if (choice.target === undefined) return otherwise
      const names = [choice.target, ...choice.fallbacks]
      return names.map(known).find((model) => model !== undefined) ?? otherwise
    },
  }
}

function lastPart(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1)
}

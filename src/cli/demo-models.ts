import { isMap } from '../core/json-kind.ts'
import type { CostReport } from '../core/routing/cost/report.ts'
import { renderCosts } from '../core/routing/cost/report-text.ts'
import { createPolicyEngine } from '../engine/create-policy-engine.ts'
import { loadPolicy } from '../engine/load-policy.ts'
import { governedFetch } from '../openai/governed-fetch.ts'
import { createLlmClassifier } from '../router/classify/llm-classifier.ts'
import { createRouter, type Router } from '../router/create-router.ts'
import { fakeOpenRouter } from '../testing/openrouter/fake-openrouter.ts'
import { WORKLOAD, type WorkloadItem, workloadAnswers } from '../testing/openrouter/workload.ts'
import { demoModelsPolicyFile } from './demo-assets.ts'
import type { Paint } from './paint.ts'
import { alignRows } from './table.ts'

/** Which model answered a prompt, and by which route. */
interface DemoAnswer {
  readonly prompt: string
  readonly task: string
  readonly complexity: string
  readonly route: string
  readonly model: string
}

export interface ModelsDemo {
  readonly answers: readonly DemoAnswer[]
  readonly costs: CostReport
  /** What the provider billed, in billionths of a US dollar. */
  readonly billed_nusd: number
}

/**
 * Thirteen prompts through the router, as an agent would send them, to a server on loopback that answers
 * and bills as OpenRouter does. No network, no key.
 */
export async function playModels(): Promise<ModelsDemo> {
  const upstream = await fakeOpenRouter({ answers: workloadAnswers })
  const engine = createPolicyEngine({ policy: await loadPolicy(demoModelsPolicyFile()) })
  const { baseURL } = upstream
  const asking = governedFetch(fetch, engine, {
    subject: { agent: 'callgate-router' },
    session: 'classifier',
    baseURL,
  })
  const router = createRouter({
    engine,
    upstream: { baseURL, apiKey: 'demo' },
    subject: { agent: 'assistant' },
    classifier: createLlmClassifier({ fetch: asking, baseURL, apiKey: 'demo' }),
  })
  try {
    await router.ready()
    const answers: DemoAnswer[] = []
    for (const item of WORKLOAD) answers.push(await ask(router, item))
    return { answers, costs: router.report(), billed_nusd: upstream.stats().cost }
  } finally {
    router.close()
    await engine.close()
    await upstream.close()
  }
}

async function ask(router: Router, item: WorkloadItem): Promise<DemoAnswer> {
  const { id, task, complexity, request } = item
  const response = await router('http://router.local/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-4o', ...request }),
  })
  const body: unknown = await response.json()
  if (!response.ok)
    throw new Error(`the router answered \`${id}\` with ${response.status}: ${messageOf(body)}`)
  const { headers } = response
  return {
    prompt: id,
    task,
    complexity,
    route: headers.get('x-callgate-route') ?? '-',
    model: headers.get('x-callgate-model') ?? '-',
  }
}

function messageOf(body: unknown): string {
  const error = isMap(body) ? body['error'] : undefined
  return isMap(error) ? String(error['message']) : 'no message'
}

/** What does not add up: the demo is a check of the installation too. */
export function modelSurprises({
  answers,
  costs,
  billed_nusd: billed,
}: ModelsDemo): readonly string[] {
  const { totals } = costs
  const wrong: string[] = []
  if (answers.length !== 13 || totals.calls !== 13) wrong.push(`${totals.calls} calls, expected 13`)
  if (totals.total_nusd !== billed)
    wrong.push(`${totals.total_nusd} nano-dollars counted, ${billed} billed by the provider`)
  if (costs.headline === null || costs.headline.nusd <= totals.total_nusd)
    wrong.push('the routes save nothing over the baseline')
  return wrong
}

export function renderModels({ answers, costs }: ModelsDemo, paint: Paint): string {
  const rows = answers.map(({ prompt, task, complexity, route, model }) => [
    prompt,
    paint.quiet(`${task}, ${complexity}`),
    route,
    paint.name(model),
  ])
  return [
    ...alignRows([['PROMPT', 'IS', 'ROUTE', 'MODEL'], ...rows], '  '),
    '',
    ...renderCosts(costs)
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `  ${line}`)),
    '',
  ].join('\n')
}

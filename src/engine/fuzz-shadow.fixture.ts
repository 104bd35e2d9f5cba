import { behaviorSettings } from '../core/behavior/behavior-settings.ts'
import { createWatch } from '../core/behavior/create-watch.ts'
import { BUILT_IN_RULES } from '../core/behavior/rules/built-in-rules.ts'
import type { SavedWatch } from '../core/behavior/watch.ts'
import type { Call, CallRequest } from '../core/model/call.ts'
import { snapshot } from '../core/snapshot.ts'
import { inflate } from './inflate.ts'
import { plainResponse } from './plain-response.ts'

const LIMITS = { maxDepth: 64, maxNodes: 50_000, maxSize: 4 * 1024 * 1024 }
const KEY = new Uint8Array(16).fill(9)
const TAGS: Readonly<Record<string, readonly string[]>> = {
  'db.query': ['data_source', 'restricted'],
  'mail.send': ['external_write'],
  'web.read': ['data_source', 'external_data'],
}

/**
 * Watches the same calls without an engine around it, so that nothing it throws is caught. Gives the
 * state it has saved.
 */
export function shadowOf(): (request: CallRequest, payload: unknown) => string {
  const options = { key: KEY, rules: BUILT_IN_RULES, maxBytes: 256 * 1024, inflate }
  const settings = behaviorSettings(undefined)
  let watch = createWatch(options)
  let events = 0
  return (request, payload) => {
    const taken = snapshot(request.arguments, LIMITS)
    if (!taken.ok) return ''
    const call = callOf(request, taken.value)
    const context = { settings, session: viewAt(events) }
    if (request.task !== undefined) watch.task(request.task)
    const assessment = watch.judge(call, ++events, context)
    watch.admit(assessment)
    watch.sent(assessment, context, false)
    const plain = plainResponse(payload, LIMITS).value
    const response = { number: ++events, payload: plain, isError: false, at: events }
    const answer = watch.inspect(assessment, response, context)
    watch.admit(answer)
    watch.received(answer, context)
    // Stored and taken up again with every call.
    const saved = JSON.stringify(watch.save())
    watch = createWatch({ ...options, saved: JSON.parse(saved) as SavedWatch }) // its own state
    return saved
  }
}

function viewAt(events: number) {
  return {
    id: 's',
    sequence: events,
    events,
    disposition: 'allow' as const,
    risk: 0,
    started_at: 0,
    denied: 0,
  }
}

function callOf(request: CallRequest, args: Call['arguments']): Call {
  return {
    id: 'c',
    trace: 'c',
    session: request.session,
    sequence: 1,
    subject: { agent: 'bot' },
    verb: 'invoke',
    resource: {
      name: request.resource,
      kind: 'tool',
      server: request.resource.split('.')[0],
      listed: true,
      scope: undefined,
      tags: TAGS[request.resource] ?? ['internal_write'],
      payload_class: undefined,
      sql_dialect: undefined,
      tier: undefined,
    },
    scope: undefined,
    arguments: args,
    at: 0,
    task: request.task,
    ids: {},
    parent: undefined,
  }
}

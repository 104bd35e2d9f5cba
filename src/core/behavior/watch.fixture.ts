import type { Finding } from '../model/finding.ts'
import type { JsonObject, JsonValue } from '../model/json.ts'
import { behaviorSettings } from './behavior-settings.ts'
import { createWatch } from './create-watch.ts'
import { BUILT_IN_RULES } from './rules/built-in-rules.ts'
import { callOf } from './rules/event.fixture.ts'
import type { Answer, Assessment, SavedWatch, Watch, WatchContext, WatchOptions } from './watch.ts'

export const WATCH: WatchOptions = {
  key: new Uint8Array(16).fill(5),
  rules: BUILT_IN_RULES,
  maxBytes: 1 << 20,
}

const TAGS: Readonly<Record<string, readonly string[]>> = {
  'db.query': ['data_source', 'restricted'],
  'web.read': ['data_source', 'external_data'],
  'vault.encode': ['internal_write'],
  'mail.send': ['external_write'],
}

/** One call of a session: what it asks and what comes back. */
export interface WatchStep {
  readonly tool: string
  readonly arguments: JsonObject
  readonly response: JsonValue
  readonly task?: string
}

export interface WatchedStep {
  readonly assessment: Assessment
  readonly answer: Answer
  /** What was new of it. */
  readonly fresh: readonly Finding[]
}

export function contextAt(events: number): WatchContext {
  const session = { id: 's', sequence: events, events, disposition: 'allow', risk: 0 } as const
  return {
    settings: behaviorSettings(undefined),
    session: { ...session, started_at: 0, denied: 0 },
  }
}

export function judgeStep(watch: Watch, step: WatchStep, number: number): Assessment {
  const tags = TAGS[step.tool] ?? []
  const task = step.task === undefined ? {} : { task: step.task }
  const call = { ...callOf({ tool: step.tool, tags, ...task }), arguments: step.arguments }
  return watch.judge(call, number, contextAt(number))
}

export function inspectStep(
  watch: Watch,
  assessment: Assessment,
  step: WatchStep,
  number: number,
): Answer {
  const response = { number, payload: step.response, isError: false, at: number }
  return watch.inspect(assessment, response, contextAt(number))
}

/** Takes a watch through a call, as an engine would that stops nothing. */
export function takeStep(watch: Watch, step: WatchStep, number: number): WatchedStep {
  if (step.task !== undefined) watch.task(step.task)
  const assessment = judgeStep(watch, step, number)
  const fresh = [...watch.admit(assessment)]
  watch.sent(assessment, contextAt(number), false)
  const answer = inspectStep(watch, assessment, step, number + 1)
  fresh.push(...watch.admit(answer))
  watch.received(answer, contextAt(number + 1))
  return { assessment, answer, fresh }
}

/** A watch that goes on from what another has saved, by way of JSON. */
export function restored(watch: Watch, options: WatchOptions = WATCH): Watch {
  const saved: SavedWatch = JSON.parse(JSON.stringify(watch.save()))
  return createWatch({ ...options, saved })
}

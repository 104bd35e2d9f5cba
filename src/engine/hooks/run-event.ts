import { andThen, type MaybePromise } from '../../core/model/json.ts'
import type { Diagnostic } from '../options.ts'
import type { Background } from './background.ts'
import { EVENT_TRAITS } from './events.ts'
import { shownText } from './mask.ts'
import type { Hook } from './match-hooks.ts'
import type { Answer } from './read-answer.ts'
import { runHook } from './run-hook.ts'
import type { HookPayload, HookRunners } from './runners.ts'

/** What hooks have against something. */
export interface HookObjection {
  readonly kind: 'deny' | 'ask'
  readonly reason: 'explicit_deny' | 'gate_failed' | 'approval_required'
  /** For people and models: bounded, and without secrets. */
  readonly detail: string
}

/** What hooks are run with. Made once an engine. */
export interface HookWork {
  readonly runners: HookRunners
  readonly background: Background
  readonly report: (diagnostic: Diagnostic) => void
}

export interface EventRun {
  /** Of one event, in the order of the file; at least one. */
  readonly hooks: readonly Hook[]
  readonly payload: HookPayload
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs the hooks of an event: those that are waited for at the same time, the others behind them.
 * The first denial in the order of the file is the answer, whichever came first; a hook that only
 * asks gives way to a later one that denies.
 */
export function runEvent(work: HookWork, run: EventRun): MaybePromise<HookObjection | undefined> {
  const { hooks, payload, signal } = run
  const waited = hooks.filter(({ isAsync }) => !isAsync)
  const { runners, report } = work
  const answers = waited.map((hook) => runHook(hook, { runners, payload, signal, report }))
  const said = firstObjection(waited, answers, work, 0, undefined)
  return andThen(said, (objection) => {
    for (const hook of hooks) if (hook.isAsync) runLater(work, hook, payload)
    return objection
  })
}

/** Goes on only once every hook before has answered, so that the order of the file decides. */
function firstObjection(
  hooks: readonly Hook[],
  answers: readonly MaybePromise<Answer>[],
  work: HookWork,
  from: number,
  asked: HookObjection | undefined,
): MaybePromise<HookObjection | undefined> {
  const hook = hooks[from]
  const answer = answers[from]
  if (hook === undefined || answer === undefined) return asked
  return andThen(answer, (said) => {
    const objection = objectionOf(hook, said, work)
    if (objection?.kind === 'deny') return objection
    return firstObjection(hooks, answers, work, from + 1, asked ?? objection)
  })
}

function objectionOf(hook: Hook, answer: Answer, work: HookWork): HookObjection | undefined {
  const { denies, failsClosed } = EVENT_TRAITS[hook.event]
  if (answer.kind === 'none') return undefined
  if (answer.kind === 'failed') {
    const detail = `\`${hook.place}\` failed: ${answer.detail}`
    return failsClosed ? { kind: 'deny', reason: 'gate_failed', detail } : undefined
  }
  if (!denies) {
    ignored(hook, work)
    return undefined
  }
  const said = shownText(answer.reason ?? '')
  if (answer.kind === 'ask') {
    const detail = said === '' ? `\`${hook.place}\` wants a person to approve` : said
    return { kind: 'ask', reason: 'approval_required', detail }
  }
  const detail = said === '' ? `\`${hook.place}\` denied it` : said
  return { kind: 'deny', reason: 'explicit_deny', detail }
}

function runLater(work: HookWork, hook: Hook, payload: HookPayload): void {
  const { runners, report } = work
  if (runners[hook.type] === undefined) return
  work.background.add(async (signal) => {
    const answer = await runHook(hook, { runners, payload, signal, report })
    if (answer.kind === 'deny' || answer.kind === 'ask') ignored(hook, work)
  })
}

/** An operator who expects a denial here must learn that there is none. */
function ignored(hook: Hook, { report }: HookWork): void {
  const why = hook.isAsync ? 'nothing waits for it' : `${hook.event} cannot be denied`
  report({
    code: 'hook_ignored',
    message: `\`${hook.place}\` objected, which changes nothing: ${why}`,
  })
}

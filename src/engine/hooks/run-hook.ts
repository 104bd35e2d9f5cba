import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { Diagnostic } from '../options.ts'
import { within } from '../wait.ts'
import { fillPrompt } from './fill-prompt.ts'
import { shownText } from './mask.ts'
import type { Hook } from './match-hooks.ts'
import { type Answer, failed, readCommand, readReply } from './read-answer.ts'
import type { HookPayload, HookRunners } from './runners.ts'
import { stopWith } from './stop-with.ts'

export interface HookRun {
  readonly runners: HookRunners
  readonly payload: HookPayload
  /** Nobody waits for an answer any more. */
  readonly signal: AbortSignal | undefined
  readonly report: (diagnostic: Diagnostic) => void
}

/** INVARIANT: whatever a hook does, this gives an answer within its limit and never throws. */
export function runHook(hook: Hook, run: HookRun): MaybePromise<Answer> {
  // Reported once for the policy, not at every event.
  if (run.runners[hook.type] === undefined)
    return failed(`there is no runner for hooks of type \`${hook.type}\``)
  const over = stopWith(run.signal)
  const fault = (cause: unknown): Answer =>
    over.signal.aborted ? UNWANTED : told(hook, failed('it could not be run', cause), run)
  try {
    const said = start(hook, run, over.signal)
    if (!isPromise(said)) {
      const answer = told(hook, read(hook, said), run)
      over.abort()
      return answer
    }
    const late = (): typeof LATE => LATE
    const stopped = whenAborted(over.signal)
    return within<unknown>(Promise.race([said, stopped]), hook.limitMs, late)
      .then((value) => {
        if (value === STOPPED) return UNWANTED
        const tooLate = (): Answer => failed(`it did not answer within ${hook.limitMs} ms`)
        return told(hook, value === LATE ? tooLate() : read(hook, value), run)
      })
      .catch(fault)
      .finally(() => over.abort())
  } catch (cause) {
    const answer = fault(cause)
    over.abort()
    return answer
  }
}

const LATE: unique symbol = Symbol('late')
const STOPPED: unique symbol = Symbol('stopped')
// No fault of the hook, so that nothing is reported.
const UNWANTED = failed('nobody waits for it any more')

/** A runner need not heed its signal: the call goes on without it. */
function whenAborted(signal: AbortSignal): Promise<typeof STOPPED> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(STOPPED)
    else signal.addEventListener('abort', () => resolve(STOPPED), { once: true })
  })
}

function start(hook: Hook, { runners, payload }: HookRun, signal: AbortSignal): unknown {
  switch (hook.type) {
    case 'command':
      return runners.command?.(hook.text, payload, signal)
    case 'prompt':
      return runners.prompt?.(fillPrompt(hook.text, payload), payload, signal)
    case 'agent':
      return runners.agent?.(hook.text, payload, signal)
  }
}

function read(hook: Hook, said: unknown): Answer {
  return hook.type === 'command' ? readCommand(said) : readReply(said)
}

function told(hook: Hook, answer: Answer, { report }: HookRun): Answer {
  if (answer.kind === 'failed')
    report({
      code: 'hook_failed',
      message: `\`${hook.place}\` failed: ${answer.detail}`,
      ...causeOf(answer.cause),
    })
  return answer
}

function causeOf(cause: unknown): { readonly cause?: unknown } {
  if (typeof cause !== 'string') return cause === undefined ? {} : { cause }
  const shown = shownText(cause)
  return shown === '' ? {} : { cause: shown }
}

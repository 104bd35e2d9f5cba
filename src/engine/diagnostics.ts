import { isPromise } from '../core/model/json.ts'
import { withoutMessage } from './error-name.ts'
import type { Diagnostic, EngineOptions } from './options.ts'

// What fails there has been given arguments or responses, and its message may repeat them.
const SPEAKS_OF_CALLS = new Set(['gate_failed', 'response_uninspected'])

/** Tells the host's listener everything; without one, says each message once as a process warning. */
export function createReporter(
  listener: EngineOptions['onDiagnostic'],
): (diagnostic: Diagnostic) => void {
  const said = new Set<string>()
  return (given) => {
    const diagnostic = SPEAKS_OF_CALLS.has(given.code)
      ? { ...given, cause: withoutMessage(given.cause) }
      : given
    if (listener !== undefined) {
      // A host's listener must not be able to change a decision, nor, being async, to end the process.
      try {
        const answer: unknown = listener(diagnostic)
        if (isPromise(answer)) Promise.resolve(answer).catch(() => undefined)
      } catch {}
      return
    }
    const key = `${diagnostic.code} ${diagnostic.message}`
    if (said.size > 100 || said.has(key)) return
    said.add(key)
    process.emitWarning(diagnostic.message, { type: 'CallgateWarning', code: diagnostic.code })
  }
}

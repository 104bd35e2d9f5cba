import { isPromise } from '../core/model/json.ts'
import type { Diagnostic, EngineOptions } from './options.ts'

/** Tells the host's listener everything; without one, says each message once as a process warning. */
export function createReporter(
  listener: EngineOptions['onDiagnostic'],
): (diagnostic: Diagnostic) => void {
  const said = new Set<string>()
  return (diagnostic) => {
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

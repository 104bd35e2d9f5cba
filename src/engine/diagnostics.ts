import { isPromise } from '../core/model/json.ts'
import { withoutSecrets, withoutSecretsIn } from '../core/redaction/without-secrets.ts'
import { withoutMessage } from './error-name.ts'
import type { Diagnostic, EngineOptions } from './options.ts'
import { plainResponse } from './plain-response.ts'

// What fails there has been given arguments or responses, and its message may repeat them.
const SPEAKS_OF_CALLS = new Set(['gate_failed', 'response_uninspected'])
// A cause is read so far for secrets.
const READ_OF_CAUSE = { maxDepth: 8, maxNodes: 1_000, maxSize: 65_536 }

/** Tells the host's listener everything; without one, says each message once as a process warning. */
export function createReporter(
  listener: EngineOptions['onDiagnostic'],
): (diagnostic: Diagnostic) => void {
  const said = new Set<string>()
  return (given) => {
    const diagnostic = sayable(given)
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

/** INVARIANT: what goes to logs holds no secret: a cause that does, or cannot be read, is told by its name. */
function sayable(given: Diagnostic): Diagnostic {
  const message = withoutSecrets(given.message)
  const { cause } = given
  if (cause === undefined) return { ...given, message }
  const isBare = SPEAKS_OF_CALLS.has(given.code) || !isSayable(cause)
  return { ...given, message, cause: isBare ? withoutMessage(cause) : cause }
}

function isSayable(cause: unknown): boolean {
  const { value, whole } = plainResponse(cause, READ_OF_CAUSE)
  return whole && withoutSecretsIn(value) === value
}

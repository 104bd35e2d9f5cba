import type { Diagnostic, EngineOptions } from './options.ts'

/** Says each code once on stderr, unless the host listens. A listener that throws is not heard again. */
export function createReporter(
  listener: EngineOptions['onDiagnostic'],
): (diagnostic: Diagnostic) => void {
  const said = new Set<string>()
  return (diagnostic) => {
    if (listener !== undefined) {
      try {
        listener(diagnostic)
      } catch {
        // A host's listener must not be able to change a decision.
      }
      return
    }
    const key = `${diagnostic.code} ${diagnostic.message}`
    if (said.size > 100 || said.has(key)) return
    said.add(key)
    process.emitWarning(diagnostic.message, { type: 'CallgateWarning', code: diagnostic.code })
  }
}

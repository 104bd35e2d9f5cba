import type { PolicyEngine } from '../engine/create-policy-engine.ts'

/** Marks what is governed, across copies of this package. */
const GOVERNED = Symbol.for('callgate.openai.governed')
const WRAPPED = Symbol.for('callgate.openai.wrapped')

/** What is known of a governed `fetch`. */
export interface Governed {
  readonly engine: PolicyEngine
  readonly inner: () => typeof fetch
}

/** What is known of a wrapped client. */
export interface Wrapped {
  readonly engine: PolicyEngine
  unwrap(): void
}

export function markGoverned(governed: typeof fetch, mark: Governed): void {
  Object.defineProperty(governed, GOVERNED, { value: mark })
}

export function governedBy(given: unknown): Governed | undefined {
  return typeof given === 'function' ? (given as { [GOVERNED]?: Governed })[GOVERNED] : undefined
}

export function markWrapped(client: object, wrapped: Wrapped): void {
  Object.defineProperty(client, WRAPPED, { configurable: true, value: wrapped })
}

export function wrappedBy(client: object): Wrapped | undefined {
  return (client as { [WRAPPED]?: Wrapped })[WRAPPED]
}

export function unmark(client: object): void {
  Reflect.deleteProperty(client, WRAPPED)
}

import { canonical } from '../views/canonical.ts'
import type { Lineage, LineageRequest } from './lineage.ts'

/** A value of a response that a request holds. */
export interface ReferenceFlow {
  readonly from: number
  readonly value: string
  readonly whole: boolean
}

/**
 * The naive twin: keeps raw values and looks each of them up in the canonical text of every argument,
 * so that its cost grows with the session. Knows nothing of what is common, of pieces or of views.
 */
export interface ReferenceLineage extends Pick<Lineage, 'received'> {
  match(request: LineageRequest): readonly ReferenceFlow[]
}

export function createReferenceLineage(): ReferenceLineage {
  const values = new Map<string, number>()
  return {
    received({ event, leaves }) {
      for (const { text } of leaves) {
        const value = canonical(text)
        if (value !== '' && !values.has(value)) values.set(value, event)
      }
    },
    match(request) {
      const flows: ReferenceFlow[] = []
      for (const { text } of request.arguments) {
        const written = canonical(text)
        for (const [value, from] of values)
          if (written.includes(value)) flows.push({ from, value, whole: written === value })
      }
      return flows
    },
  }
}

import { INSTRUCTION_KINDS } from './instructions/kinds.ts'
import type { ScanClass } from './match.ts'
import { PII_KINDS } from './pii/kinds.ts'
import { secretKinds } from './secrets/kinds.ts'

/** What a match of a class may be called, sorted. */
export function scanKinds(name: ScanClass): readonly string[] {
  switch (name) {
    case 'secret':
      return secretKinds()
    case 'pii':
      return PII_KINDS
    case 'instruction':
      return Object.keys(INSTRUCTION_KINDS).sort()
  }
}

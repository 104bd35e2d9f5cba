import type { JsonValue } from '../../model/json.ts'
import type { Inflate } from '../views/encodings.ts'
import { createFragments } from './fragment-table.ts'
import type { Fragments } from './fragments.ts'
import { type ByteHash, createByteHash } from './half-sip-hash.ts'
import { createOrigins, type Origins } from './origins.ts'
import { createPaths, type Paths } from './paths.ts'
import { createSpans, type Spans } from './spans.ts'
import { createTextFilter, type TextFilter } from './text-filter.ts'
import { createTextScan, scanBytes, type TextScan } from './text-scan.ts'
import { createValueTable, type ValueTable } from './value-table.ts'

/** The parts of one session's index, and the room its texts are read in. */
export interface Memory {
  readonly hash: ByteHash
  readonly values: ValueTable
  readonly fragments: Fragments
  readonly paths: Paths
  readonly origins: Origins
  readonly scan: TextScan
  readonly spans: Spans
  /** Shingles of restricted texts. */
  readonly textFilter: TextFilter
  readonly inflate: Inflate | undefined
  /** True once words of restricted texts are kept: requests are looked through for them. */
  hasRestrictedText: boolean
}

export interface MemoryOptions {
  readonly key: Uint8Array
  readonly maxBytes: number
  readonly inflate: Inflate | undefined
  readonly origins: JsonValue | undefined
}

/** Half of the bytes go to values, a quarter to fragments; paths, origins and room share the rest. */
export function createMemory({ key, maxBytes, inflate, origins }: MemoryOptions): Memory {
  const hash = createByteHash(key)
  return {
    hash,
    values: createValueTable(maxBytes >> 1),
    fragments: createFragments(hash, maxBytes >> 2),
    paths: createPaths(),
    origins: createOrigins(origins),
    scan: createTextScan(),
    spans: createSpans(),
    textFilter: createTextFilter(maxBytes >> 5),
    inflate,
    hasRestrictedText: false,
  }
}

export function memoryBytes(memory: Memory): number {
  const { values, fragments, textFilter, paths, origins, scan, spans } = memory
  const room = scanBytes(scan) + spans.words.byteLength
  const index = values.bytes + fragments.bytes + textFilter.bytes
  return 1024 + index + paths.bytes + origins.bytes + room
}

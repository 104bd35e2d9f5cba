/** The span that a W3C `traceparent` names. */
export interface TraceParent {
  /** 32 hexadecimal digits, not all zero. */
  readonly traceId: string
  /** 16 hexadecimal digits, not all zero. */
  readonly spanId: string
  readonly isSampled: boolean
  /** In the form of version 00, whatever the version it came in. */
  readonly text: string
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const ZERO = /^0+$/
const SHORTEST = 55
const LONGEST = 256

/**
 * Reads a `traceparent`; undefined for what is none.
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function readTraceparent(value: unknown): TraceParent | undefined {
  if (typeof value !== 'string' || value.length < SHORTEST) return undefined
  const [, version, traceId = '', spanId = '', flags = '', rest] =
    TRACEPARENT.exec(value.slice(0, LONGEST)) ?? []
  if (version === undefined || version === 'ff') return undefined
  if (version === '00' && rest !== undefined) return undefined
  if (ZERO.test(traceId) || ZERO.test(spanId)) return undefined
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1
  return { traceId, spanId, isSampled, text: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}` }
}

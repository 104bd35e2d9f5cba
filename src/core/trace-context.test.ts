import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTraceparent } from './trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

describe('a traceparent', () => {
  it.each([
    ['of version 00', `00-${TRACE}-${SPAN}-01`, true],
    ['that is not sampled', `00-${TRACE}-${SPAN}-00`, false],
    ['with flags that are not known', `00-${TRACE}-${SPAN}-ff`, true],
    ['of a version to come, with more to it', `01-${TRACE}-${SPAN}-01-more`, true],
  ])('%s is read', (_what, text, isSampled) => {
    expect(readTraceparent(text)).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      isSampled,
      text: `00-${TRACE}-${SPAN}-${isSampled ? '01' : '00'}`,
    })
  })

  it.each([
    ['nothing', undefined],
    ['no text', 1],
    ['more to version 00', `00-${TRACE}-${SPAN}-01-more`],
    ['the forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a space before it', ` 00-${TRACE}-${SPAN}-01`],
    ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ])('is not read from %s', (_what, value) => {
    expect(readTraceparent(value)).toBeUndefined()
  })

  it('says of itself again what was read of it', () => {
    const digits = (length: number) =>
      fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    fc.assert(
      fc.property(digits(2), digits(32), digits(16), digits(2), (...parts) => {
        const read = readTraceparent(parts.map((part) => part.join('')).join('-'))
        if (read !== undefined) expect(readTraceparent(read.text)).toEqual(read)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { failureOf, type Remedy } from './upstream-failure.ts'

const NO_HEADERS = new Headers()
const remedy = (status: number, error: object): Remedy =>
  failureOf(status, { error }, NO_HEADERS).remedy

describe('what may be done about an error', () => {
  it.each([
    [400, 'end'],
    [401, 'end'],
    [402, 'end'],
    [403, 'end'],
    [404, 'next'],
    [408, 'retry'],
    [409, 'retry'],
    [413, 'end'],
    [422, 'end'],
    [429, 'retry'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
    [524, 'retry'],
    [529, 'retry'],
  ])('with the status %i alone is: %s', (status, want) => {
    expect(remedy(status, {})).toBe(want)
  })

  it.each([
    ['context_length_exceeded', 400, 'larger'],
    ['token_limit_exceeded', 400, 'larger'],
    ['max_tokens_exceeded', 400, 'end'],
    ['invalid_request', 400, 'end'],
    ['not_found', 404, 'next'],
    ['provider_overloaded', 403, 'retry'],
    ['provider_unavailable', 400, 'retry'],
    ['content_policy_violation', 502, 'end'],
    ['refusal', 500, 'end'],
  ])('of the type %s is with %i: %s', (error_type, status, want) => {
    expect(remedy(status, { metadata: { error_type } })).toBe(want)
    // OpenAI itself says it in `code`.
    expect(remedy(status, { code: error_type })).toBe(want)
  })

  it.each([
    ['model_not_found', false, 'next'],
    ['wrong_endpoint', false, 'next'],
    ['no_endpoints', false, 'next'],
    ['model_deprecated', false, 'next'],
    ['model_unavailable_upstream', true, 'retry'],
    ['capacity_exhausted', true, 'retry'],
    ['temporarily_unavailable', true, 'retry'],
    ['region_restricted', false, 'next'],
    ['privacy_restricted', false, 'next'],
    ['constraint_filtered', false, 'next'],
    ['free_variant_ended', false, 'next'],
  ])('of the availability %s goes by whether it can be retried', (code, retryable, want) => {
    expect(remedy(404, { availability: { code, retryable } })).toBe(want)
    expect(remedy(503, { availability: { code, retryable } })).toBe(want)
  })

  it('of a quota that is used up is another model', () => {
    expect(remedy(429, { code: 'insufficient_quota' })).toBe('next')
  })
})

describe('a wait that is asked for', () => {
  it.each([
    ['seconds', { 'retry-after': '3' }, 3_000],
    ['parts of seconds', { 'retry-after': '0.5' }, 500],
    ['milliseconds, which are exact', { 'retry-after': '3', 'retry-after-ms': '2500' }, 2_500],
    ['a time that has passed', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    ['nothing that is understood', { 'retry-after': 'soon' }, null],
    ['nothing', {}, null],
  ])('is read off %s', (_name, headers, waitMs) => {
    expect(failureOf(429, {}, new Headers(headers as Record<string, string>)).waitMs).toBe(waitMs)
  })

  it('is what the availability says, before the headers', () => {
    const body = { error: { availability: { retryable: true, retry_after: 7 } } }
    expect(failureOf(503, body, new Headers({ 'retry-after': '1' })).waitMs).toBe(7_000)
  })
})

describe('the kind of an error', () => {
  it('is a word of the API, and never a text', () => {
    const body = { error: { code: 'the prompt was: my password', type: 'Bad Words!' } }
    expect(failureOf(400, body, NO_HEADERS).kind).toBe('invalid_request')
  })

  it('is told of an answer with 200 by the code in it', () => {
    const failure = failureOf(200, { error: { code: 429 } }, NO_HEADERS)
    expect(failure).toEqual({
      status: 429,
      kind: 'rate_limit_exceeded',
      remedy: 'retry',
      waitMs: null,
    })
  })

  it.each([[undefined], [null], ['text'], [{ error: 'text' }], [{ error: null }]])(
    'is told by the status where the body is %j',
    (body) => {
      expect(failureOf(503, body, NO_HEADERS)).toMatchObject({ status: 503, remedy: 'retry' })
    },
  )
})

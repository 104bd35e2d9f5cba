import { isCallDenied } from '../../core/model/errors.ts'
import { deniedBody, deniedResponse, errorBody, faultResponse } from './error-response.ts'

/** What came back is kept from the caller. */
export function withheld(error: unknown): Response {
  return isCallDenied(error)
    ? deniedResponse(error.decision)
    : faultResponse(502, 'answer_withheld', 'the answer was withheld')
}

/** The same as an event of a stream. */
export function withheldBody(error: unknown): object {
  return isCallDenied(error)
    ? deniedBody(error.decision)
    : errorBody('the answer was withheld', 'callgate_error', 'answer_withheld')
}

import { type Denial, denialText, told } from '../../engine/denial-text.ts'
import { APPROVAL } from '../guard.ts'
import { isObject } from '../host.ts'

/** JSON-RPC code of a denial; none that the SDKs give another meaning. */
export const DENIED = -32001
export const INVALID_PARAMS = -32602
export const METHOD_NOT_FOUND = -32601
export const INTERNAL_ERROR = -32603

/** Under this key of `_meta`, and in the `data` of errors, stands what was decided. */
export const DECISION = 'callgate/decision'

/** A result that the model reads and can act upon. */
export function denialResult(denial: Denial, approval?: string): object {
  return {
    content: [{ type: 'text', text: denialText(denial, approval) }],
    isError: true,
    _meta: marks(denial, approval),
  }
}

/** The approval stands under the key by which a client presents it. */
function marks(denial: Denial, approval: string | undefined): object {
  return { [DECISION]: told(denial), ...(approval === undefined ? {} : { [APPROVAL]: approval }) }
}

/** What SDKs turn into a JSON-RPC error, whatever class it is of. */
export class ProtocolDenial extends Error {
  readonly code: number
  readonly data?: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.name = 'McpError'
    this.code = code
    if (data !== undefined) this.data = data
  }
}

export function denialError(denial: Denial, approval?: string): ProtocolDenial {
  return new ProtocolDenial(DENIED, denialText(denial, approval), marks(denial, approval))
}

/** A tool that failed. */
export function errorResult(text: string): object {
  return { content: [{ type: 'text', text }], isError: true }
}

/** True for a result that says of itself that the tool failed. */
export function isErrorResult(value: unknown): boolean {
  return isObject(value) && value['isError'] === true
}

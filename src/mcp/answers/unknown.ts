import { isObject } from '../host.ts'
import type { Target } from '../methods/names.ts'
import type { Incoming } from '../server/server-guard.ts'
import { INVALID_PARAMS, METHOD_NOT_FOUND, ProtocolDenial } from './denial.ts'

/** What stands before the message of every error of v1. */
const V1_PREFIX = `MCP error ${INVALID_PARAMS}: `

/**
 * The answer to what the caller may not know of: that of the SDK to a name it does not know, byte for
 * byte. A result is returned, an error is thrown.
 * @throws {ProtocolDenial}
 */
export function answerUnknown(incoming: Incoming, target: Target): object {
  const { guard, extra } = incoming
  if (target.kind === 'method') throw new ProtocolDenial(METHOD_NOT_FOUND, 'Method not found')
  const isV2 = isObject(extra) && isObject(extra['mcpReq'])
  if (isV2 && target.kind === 'resource') throw resourceNotFound(target.name)
  const said = `${LABELS[target.kind]} ${target.name} not found`
  if (isV2) throw new ProtocolDenial(INVALID_PARAMS, said)
  const message = V1_PREFIX + said
  if (target.kind === 'tool' && guard.answersByResult)
    return { content: [{ type: 'text', text: message }], isError: true }
  throw new ProtocolDenial(INVALID_PARAMS, message)
}

const LABELS = {
  tool: 'Tool',
  prompt: 'Prompt',
  resource: 'Resource',
  template: 'Resource template',
} as const

/** v2 has a code of its own for it, which it writes as the caller's protocol has it. */
const RESOURCE_NOT_FOUND = -32002

function resourceNotFound(uri: string): ProtocolDenial {
  return new ProtocolDenial(RESOURCE_NOT_FOUND, `Resource ${uri} not found`, { uri })
}

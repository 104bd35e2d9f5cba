import { isObject } from '../host.ts'
import { hrefOf, type Target } from '../methods/names.ts'
import type { Incoming } from '../server/server-guard.ts'
import {
  errorResult,
  INTERNAL_ERROR,
  INVALID_PARAMS,
  METHOD_NOT_FOUND,
  ProtocolDenial,
} from './denial.ts'

/** What stands before the message of every error of v1. */
const V1_PREFIX = `MCP error ${INVALID_PARAMS}: `

/**
 * The answer to what the caller may not know of: that of the SDK to a name it does not know, byte for
 * byte. A result is returned, an error is thrown.
 * @throws {ProtocolDenial}
 */
export function answerUnknown({ guard, extra }: Incoming, target: Target): object {
  const { kind, name } = target
  if (kind === 'method') throw new ProtocolDenial(METHOD_NOT_FOUND, 'Method not found')
  const isV2 = isObject(extra) && isObject(extra['mcpReq'])
  if (kind === 'resource') throw (isV2 ? unknownInV2 : unknownInV1)(name)
  const said = `${LABELS[kind]} ${name} not found`
  if (isV2) throw new ProtocolDenial(INVALID_PARAMS, said)
  const message = V1_PREFIX + said
  if (kind === 'tool' && guard.answersByResult) return errorResult(message)
  throw new ProtocolDenial(INVALID_PARAMS, message)
}

const LABELS = { tool: 'Tool', prompt: 'Prompt', template: 'Resource template' } as const

/** v1 reads what it is asked for as a URL first, and says it as that is written. */
function unknownInV1(uri: string): ProtocolDenial {
  const href = hrefOf(uri)
  return href === undefined
    ? new ProtocolDenial(INTERNAL_ERROR, 'Invalid URL')
    : new ProtocolDenial(INVALID_PARAMS, `${V1_PREFIX}Resource ${href} not found`)
}

function unknownInV2(uri: string): ProtocolDenial {
  return hrefOf(uri) === undefined
    ? new ProtocolDenial(INVALID_PARAMS, `Resource URI ${uri} is invalid`, {
        uri,
        reason: 'invalid_uri',
      })
    : new ProtocolDenial(INVALID_PARAMS, `Resource not found: ${uri}`, { uri })
}

/** The same of tasks, which only v1 has in its core. Each of its methods has words of its own. */
export function unknownTask(method: string, id: unknown): ProtocolDenial {
  const said =
    method === 'tasks/get'
      ? 'Failed to retrieve task: Task not found'
      : `Task not found: ${String(id)}`
  return new ProtocolDenial(INVALID_PARAMS, V1_PREFIX + said)
}

import type { ApprovalEntry } from '../../core/model/ports.ts'
import { isObject, type Params } from '../host.ts'

/** What a person said. */
export interface Said {
  readonly isYes: boolean
  readonly reason?: string
}

/** Params of `elicitation/create`. Flat and primitive: clients show no other forms. */
export function questionParams({ text, expires_at }: ApprovalEntry): Params {
  return {
    mode: 'form',
    // Escaped, bounded and without secrets: see `approvalText`.
    message: `${text}\nexpires: ${new Date(expires_at).toISOString()}`,
    requestedSchema: {
      type: 'object',
      properties: {
        approve: {
          type: 'boolean',
          title: 'Approve',
          description: 'Yes lets this call go out once. No refuses it.',
        },
        reason: {
          type: 'string',
          title: 'Reason',
          description: 'Kept with the answer; the agent is told why it was refused.',
          maxLength: 500,
        },
      },
      required: ['approve'],
    },
  }
}

/** INVARIANT: undefined, nobody has answered, for all but a clear yes and a clear no. */
export function saidOf(result: unknown): Said | undefined {
  if (!isObject(result)) return undefined
  const { action, content } = result
  if (action === 'decline') return { isYes: false }
  if (action !== 'accept' || !isObject(content)) return undefined
  const { approve, reason } = content
  if (typeof approve !== 'boolean') return undefined
  return { isYes: approve, ...(typeof reason === 'string' && reason !== '' ? { reason } : {}) }
}

import type { Subject } from '../model/call.ts'
import type { JsonObject } from '../model/json.ts'
import type { LimitedCall } from './buckets-of.ts'
import { type CompiledLimits, compileLimits } from './compile-limits.ts'

/** A call of a tool, or of a model where the name says so. */
export function callOf(
  subject: Partial<Subject> = {},
  { session = 's', resource = 'db.query' }: { session?: string; resource?: string } = {},
): LimitedCall {
  const isModel = resource.startsWith('model:')
  return {
    session,
    subject: { agent: 'bot', ...subject },
    resource: {
      name: resource,
      kind: isModel ? 'model' : 'tool',
      server: isModel ? undefined : 'db',
      listed: false,
      scope: undefined,
      tags: [],
      payload_class: undefined,
      sql_dialect: undefined,
      tier: undefined,
    },
  }
}

export function limitsOf(section: JsonObject): CompiledLimits {
  const limits = compileLimits(section)
  if (limits === undefined) throw new Error('a section makes limits')
  return limits
}

import type { AuditRecord } from '../../core/model/audit-record.ts'
import type { JsonValue } from '../../core/model/json.ts'
import { kindOfResource } from '../../core/names.ts'
import type { SiemOptions } from './options.ts'
import { withoutEmpty } from './text.ts'

/** Who, from where, to what: the same in an event and in the evidence of a finding. */
export function partiesPart(record: AuditRecord, options: SiemOptions) {
  const { resource, server } = record
  return {
    actor: actorOf(record),
    api: withoutEmpty({
      operation: record.request_method || record.resource || 'unknown',
      service: server === null ? undefined : { name: server },
      request: { uid: record.request_id ?? record.id },
      response: record.error === null ? undefined : { error: record.error },
    }),
    src_endpoint: withoutEmpty({
      name: record.agent || 'unknown',
      uid: record.client_id,
      hostname: options.host,
    }),
    dst_endpoint: server === null ? undefined : { svc_name: server },
    resources:
      resource === null
        ? undefined
        : [{ uid: resource, name: record.tool ?? resource, type: kindOfResource(resource) }],
  }
}

/** The person where one is known, else the agent itself. */
export function actorOf(record: AuditRecord): JsonValue {
  const uid = record.user_id || record.agent || 'unknown'
  const [typeId, type] = userTypeOf(record)
  return withoutEmpty({
    app_name: record.agent,
    user: withoutEmpty({
      uid,
      name: uid,
      type_id: typeId,
      type,
      org: record.tenant === null ? undefined : { uid: record.tenant },
      groups: record.team === null ? undefined : [{ name: record.team }],
    }),
    session: record.session_id === null ? undefined : { uid: record.session_id },
  })
}

function userTypeOf({ actor_kind: kind, user_id: user }: AuditRecord): readonly [number, string] {
  if (kind === 'system') return [3, 'System']
  if (user !== null) return [1, 'User']
  return kind === 'agent' ? [99, 'Agent'] : [0, 'Unknown']
}

import type { Call, ResourceEntry } from '../model/call.ts'

/** A call with what a test is about, and something plain for the rest. */
export function callOf({
  resource,
  ...call
}: Partial<Omit<Call, 'resource'>> & {
  readonly resource?: Partial<ResourceEntry>
} = {}): Call {
  return {
    id: 'c1',
    trace: 't1',
    session: 's1',
    sequence: 1,
    subject: { agent: 'bot' },
    verb: 'invoke',
    scope: undefined,
    arguments: {},
    at: 0,
    task: undefined,
    ids: {},
    parent: undefined,
    ...call,
    resource: {
      name: 'crm.note',
      kind: 'tool',
      server: 'crm',
      listed: true,
      scope: undefined,
      tags: [],
      payload_class: undefined,
      sql_dialect: undefined,
      tier: undefined,
      ...resource,
    },
  }
}

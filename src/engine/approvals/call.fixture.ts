import type { Call } from '../../core/model/call.ts'

/** A call as the line makes it, for tests of what is below it. */
export function callNamed(id: string, changes: Partial<Call> = {}): Call {
  return {
    id,
    trace: 't',
    session: 's1',
    sequence: 1,
    subject: { agent: 'bot', user: 'ben' },
    verb: 'invoke',
    resource: {
      name: 'mail.send',
      kind: 'tool',
      server: 'mail',
      listed: true,
      scope: undefined,
      tags: [],
      payload_class: undefined,
      sql_dialect: undefined,
      tier: undefined,
    },
    scope: undefined,
    arguments: { to: 'a@b.c' },
    at: 0,
    task: undefined,
    ids: {},
    parent: undefined,
    ...changes,
  }
}

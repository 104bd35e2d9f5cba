import { createWatch } from '../core/behavior/create-watch.ts'
import type { Watch } from '../core/behavior/watch.ts'
import { createSessionTable, type Group, type SessionTable } from './session-table.ts'
import type { Session } from './sessions.ts'

export function watchOf(bytes: number, tainted = false): Watch {
  const watch = createWatch({ key: new Uint8Array(16), rules: [], maxBytes: 1 })
  return Object.defineProperties(watch, { bytes: { value: bytes }, tainted: { value: tainted } })
}

export function groupOf(
  id: string,
  watch?: Watch,
  disposition: Session['disposition'] = 'allow',
): Group {
  const session: Session = {
    id,
    tenant: undefined,
    user: undefined,
    started_at: 0,
    sequence: 0,
    events: 0,
    disposition,
    risk: 0,
    denied: 0,
    watch,
    ledger: undefined,
    forgot: false,
    scopes: new Set(),
    models: undefined,
  }
  return { id, sessions: [session], floor: 'allow' }
}

export interface Opened {
  readonly table: SessionTable
  readonly forgotten: () => number
  add(group: Group): Session
}

export function openTable(maxSessions: number, maxWatchBytes: number): Opened {
  let forgotten = 0
  const onForgotten = (): void => {
    forgotten++
  }
  const table = createSessionTable({ maxSessions, maxWatchBytes, onForgotten })
  return {
    table,
    forgotten: () => forgotten,
    add(group) {
      const [session] = group.sessions
      if (session === undefined) throw new Error('a group has a session')
      if (session.disposition === 'allow') table.used(group)
      else table.settle(group)
      table.grown(session)
      return session
    },
  }
}

import type { Subject } from '../../core/model/call.ts'
import type { Ticket } from '../../engine/ticket.ts'

/** A task that a call has started: its result is the call's. */
export interface OwnedTask {
  readonly resource: string
  readonly ticket: Ticket
}

/** Tasks by id. What was forgotten is nobody's: it is answered as unknown. */
export interface OwnedTasks {
  add(id: string, task: OwnedTask): void
  /** The task, where it is this subject's own. */
  of(id: unknown, subject: Subject | undefined): OwnedTask | undefined
  get(id: unknown): OwnedTask | undefined
}

const MAX_TASKS = 1_000

export function createOwnedTasks(): OwnedTasks {
  const tasks = new Map<string, OwnedTask>()
  const get = (id: unknown): OwnedTask | undefined =>
    typeof id === 'string' ? tasks.get(id) : undefined
  return {
    get,
    add(id, task) {
      const oldest = tasks.size >= MAX_TASKS ? tasks.keys().next() : undefined
      if (oldest?.done === false) tasks.delete(oldest.value)
      tasks.set(id, task)
    },
    of(id, subject) {
      const task = get(id)
      return task !== undefined && isSame(task.ticket.subject, subject) ? task : undefined
    },
  }
}

const WHO = ['agent', 'user', 'tenant'] as const

function isSame(one: Subject | undefined, other: Subject | undefined): boolean {
  return WHO.every((name) => one?.[name] === other?.[name])
}

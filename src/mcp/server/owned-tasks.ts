import type { Subject } from '../../core/model/call.ts'
import type { Ticket } from '../../engine/ticket.ts'
import { cancel } from '../methods/cancel.ts'
import type { Target } from '../methods/names.ts'

/** A task that a call has started: its result is the call's. */
export interface OwnedTask {
  readonly target: Target
  readonly ticket: Ticket
}

/** Tasks by id. What was forgotten is nobody's: it is answered as unknown. */
export interface OwnedTasks {
  add(id: string, task: OwnedTask): void
  /** The task, where it is this subject's own. */
  of(id: unknown, subject: Subject | undefined): OwnedTask | undefined
  get(id: unknown): OwnedTask | undefined
}

const MAX_TASKS = 10_000
/** So that nobody makes the tasks of others be forgotten. */
const MAX_OF_ONE = 1_000

export function createOwnedTasks(): OwnedTasks {
  const tasks = new Map<string, OwnedTask>()
  const owned = new Map<string, Set<string>>()
  const get = (id: unknown): OwnedTask | undefined =>
    typeof id === 'string' ? tasks.get(id) : undefined
  const drop = (id: string | undefined): void => {
    const task = get(id)
    if (id === undefined || task === undefined) return
    tasks.delete(id)
    // Nobody can fetch its result any more.
    cancel(task)
    const owner = ownerOf(task.ticket.subject)
    const left = owned.get(owner)
    left?.delete(id)
    if (left?.size === 0) owned.delete(owner)
  }
  return {
    get,
    add(id, task) {
      if (tasks.get(id)?.ticket !== task.ticket) drop(id)
      const owner = ownerOf(task.ticket.subject)
      const own = owned.get(owner)
      if (own !== undefined && own.size >= MAX_OF_ONE) drop(oldestOf(own))
      if (tasks.size >= MAX_TASKS) drop(oldestOf(tasks.keys()))
      tasks.set(id, task)
      const ids = owned.get(owner) ?? new Set()
      owned.set(owner, ids.add(id))
    },
    of(id, subject) {
      const task = get(id)
      return task !== undefined && ownerOf(task.ticket.subject) === ownerOf(subject)
        ? task
        : undefined
    },
  }
}

function oldestOf(ids: Iterable<string>): string | undefined {
  const [first] = ids
  return first
}

function ownerOf(subject: Subject | undefined): string {
  return JSON.stringify([subject?.agent, subject?.user, subject?.tenant])
}

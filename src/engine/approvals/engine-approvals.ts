import { CallgateError } from '../../core/model/errors.ts'
import type { ApprovalEntry, ApprovalFilter } from '../../core/model/ports.ts'
import { approverFault } from './approvers.ts'
import type { Book, Verdict } from './book.ts'

/** Who answers, and why. */
export interface ApprovalAnswer {
  readonly by: string
  /** Kept with the approval, and told to the caller with a refusal. */
  readonly reason?: string
}

/** What waits for a person. Whoever reaches this may answer: see to it that agents do not. */
export interface EngineApprovals {
  /** Oldest first. `text` of each is what a screen may show, as plain text. */
  list(filter?: ApprovalFilter): Promise<readonly ApprovalEntry[]>
  /**
   * Lets the call go on that waits for it, or the same call when it comes again with this id.
   * @throws {CallgateError} ERR_APPROVAL_CONFLICT where it is answered, over or unknown;
   * ERR_APPROVER_REFUSED where `by` may not approve it
   */
  approve(id: string, answer: ApprovalAnswer): Promise<ApprovalEntry>
  /** @throws {CallgateError} ERR_APPROVAL_CONFLICT; ERR_APPROVER_REFUSED where `by` is nobody */
  deny(id: string, answer: ApprovalAnswer): Promise<ApprovalEntry>
  /** Takes back a question whose caller has given up: where nobody has answered, it has expired. */
  withdraw(id: string): Promise<void>
}

export function engineApprovals(book: Book, assertOpen: () => void): EngineApprovals {
  const decide = async (id: string, verdict: Verdict): Promise<ApprovalEntry> => {
    assertOpen()
    const fault = approverFault(verdict.by, ANYBODY)
    if (fault !== undefined) throw new CallgateError('ERR_APPROVER_REFUSED', fault)
    return book.decide(id, verdict)
  }
  return {
    async list(filter = {}) {
      assertOpen()
      return book.list(filter)
    },
    approve: async (id, { by, reason }) => decide(id, { outcome: 'approved', by, reason }),
    deny: async (id, { by, reason }) => decide(id, { outcome: 'denied', by, reason }),
    async withdraw(id) {
      assertOpen()
      await book.giveUp(id)
    },
  }
}

// Anybody that has a name may refuse.
const ANYBODY = { requesters: [], approvers: undefined, fourEyes: false }

import type { McpContext } from '../context.ts'

/** How persons are asked through the client that calls. */
export interface ElicitationOptions {
  /**
   * In whose name an answer counts; the policy's approvers are compared with it.
   * @default `client:` and the name of the agent
   */
  readonly by?: string | ((context: McpContext) => string)
  /**
   * A client can answer itself. `low`: it is not asked about what cannot be undone (tags `destructive`,
   * `payment`, `credential_change`, `privilege_grant`, `code_exec`, `admin`); somebody else must answer
   * those. `high`: it is asked about everything.
   * @default 'low'
   */
  readonly trust?: 'low' | 'high'
  /** Milliseconds to wait for the answer. @default 55000, since clients give up after 60 s */
  readonly timeoutMs?: number
}

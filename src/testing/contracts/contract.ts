import type { MaybePromise } from '../../core/model/json.ts'
/** One point of a contract that does not hold. */
export interface ContractFailure {
  /** What must hold, as a sentence. */
  readonly check: string
  readonly problem: string
}

/** Gives what is wrong, or undefined; a throw is wrong too. */
export interface ContractCheck {
  readonly check: string
  run(): Promise<string | undefined> | string | undefined
}

/** Runs every check, each on its own, and gives those that do not hold. */
export async function runContract(
  checks: readonly ContractCheck[],
  timeoutMs: number,
): Promise<readonly ContractFailure[]> {
  const failures: ContractFailure[] = []
  for (const one of checks) {
    const problem = await attempt(one, timeoutMs)
    if (problem !== undefined) failures.push({ check: one.check, problem })
  }
  return failures
}

/** The same of a store, a fresh and empty one for each check. */
export function runStoreContract<Store>(
  make: () => MaybePromise<Store>,
  checks: readonly (readonly [check: string, run: (store: Store) => Promise<string | undefined>])[],
  timeoutMs = 5_000,
): Promise<readonly ContractFailure[]> {
  return runContract(
    checks.map(([check, run]) => ({ check, run: async () => run(await make()) })),
    timeoutMs,
  )
}

async function attempt(one: ContractCheck, timeoutMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs)
  })
  try {
    return await Promise.race([Promise.resolve().then(() => one.run()), late])
  } catch (error) {
    return `it threw: ${error instanceof Error ? error.message : String(error)}`
  } finally {
    clearTimeout(timer)
  }
}

/** Freezes a plain value all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}

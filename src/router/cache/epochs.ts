/** Whose answers are given no more; nothing given: everybody's. Both given: of that tenant under that policy. */
export interface Invalidation {
  readonly tenant?: string
  /** Digest of the policy. */
  readonly policy?: string
}

export interface Epochs {
  /** Another text after each invalidation that concerns them: it is part of every key. */
  of(tenant: string, policy: string): string
  bump(what: Invalidation): void
}

const MOST = 10_000

export function createEpochs(): Epochs {
  let all = 0
  const counts = new Map<string, number>()
  const countOf = (what: Invalidation): number => counts.get(nameOf(what)) ?? 0
  return {
    of: (tenant, policy) =>
      [all, countOf({ tenant }), countOf({ policy }), countOf({ tenant, policy })].join('.'),
    bump(what) {
      if (what.tenant === undefined && what.policy === undefined) {
        all++
        return
      }
      // INVARIANT: a count is forgotten only where every answer is.
      if (counts.size >= MOST) {
        counts.clear()
        all++
      }
      counts.set(nameOf(what), countOf(what) + 1)
    },
  }
}

function nameOf({ tenant, policy }: Invalidation): string {
  return JSON.stringify([tenant ?? null, policy ?? null])
}

/** What many tenants hold of one thing that is scarce, in order of use. */
export interface TenantShares<T> {
  /** Puts an item last in the order of use, with what it weighs now. */
  put(item: T, share: Share): void
  remove(item: T): void
  /** What goes first: of the tenant that holds most, the least recently used. */
  first(except: T): T | undefined
  readonly total: number
}

export interface Share {
  readonly tenant: string | undefined
  readonly weight: number
  /** Goes after all others of its tenant. @default false */
  readonly last?: boolean
}

interface Holder<T> {
  weight: number
  readonly items: Set<T>
  readonly last: Set<T>
}

/** Where an item stands. */
interface Entry<T> {
  weight: number
  readonly tenant: string | undefined
  readonly holder: Holder<T>
  readonly among: Set<T>
}

/**
 * Where room runs out, who holds most gives first: a tenant that fills it loses its own, and cannot
 * make others lose theirs. A first item costs a look at each tenant, all else is constant.
 */
export function createTenantShares<T extends object>(): TenantShares<T> {
  const entries = new Map<T, Entry<T>>()
  const holders = new Map<string | undefined, Holder<T>>()
  let total = 0
  const weigh = (entry: Entry<T>, weight: number): void => {
    const more = weight - entry.weight
    entry.weight = weight
    entry.holder.weight += more
    total += more
  }
  const remove = (item: T): void => {
    const entry = entries.get(item)
    if (entry === undefined) return
    weigh(entry, 0)
    entries.delete(item)
    entry.among.delete(item)
    const { items, last } = entry.holder
    if (items.size + last.size === 0) holders.delete(entry.tenant)
  }
  const add = (item: T, { tenant, last }: Share): Entry<T> => {
    const holder = holders.get(tenant) ?? newHolder<T>()
    holders.set(tenant, holder)
    const among = last === true ? holder.last : holder.items
    const entry: Entry<T> = { weight: 0, tenant, holder, among }
    entries.set(item, entry)
    return entry
  }
  return {
    put(item, share) {
      let entry = entries.get(item)
      const isSame = entry?.tenant === share.tenant
      if (
        entry === undefined ||
        !isSame ||
        (entry.among === entry.holder.last) !== (share.last === true)
      ) {
        remove(item)
        entry = add(item, share)
      }
      entry.among.delete(item)
      entry.among.add(item)
      weigh(entry, share.weight)
    },
    remove,
    first(except) {
      let heaviest = 0
      let found: T | undefined
      for (const holder of holders.values()) {
        if (holder.weight <= heaviest) continue
        const item = firstOf(holder.items, except) ?? firstOf(holder.last, except)
        if (item === undefined) continue
        heaviest = holder.weight
        found = item
      }
      return found
    },
    get total() {
      return total
    },
  }
}

function newHolder<T>(): Holder<T> {
  return { weight: 0, items: new Set(), last: new Set() }
}

function firstOf<T>(items: ReadonlySet<T>, except: T): T | undefined {
  for (const item of items) if (item !== except) return item
  return undefined
}

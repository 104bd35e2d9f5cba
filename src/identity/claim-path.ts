import { isPlainObject } from '../core/json-kind.ts'

/**
 * The value of a claim: of that very name (`https://example.com/roles`), else nested, with dots
 * between the names (`realm_access.roles`), where a name may hold dots itself. Own properties only.
 * `null` and nothing are the same: not there.
 */
export function claimAt(claims: unknown, path: string): unknown {
  if (!isPlainObject(claims)) return undefined
  const values = claims as Readonly<Record<string, unknown>>
  if (Object.hasOwn(values, path)) return values[path] ?? undefined
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const head = path.slice(0, dot)
    if (!Object.hasOwn(values, head)) continue
    const value = claimAt(values[head], path.slice(dot + 1))
    if (value !== undefined) return value
  }
  return undefined
}

/** The first of several claims that is there. */
export function firstClaim(claims: unknown, paths: readonly string[]): unknown {
  for (const path of paths) {
    const value = claimAt(claims, path)
    if (value !== undefined) return value
  }
  return undefined
}

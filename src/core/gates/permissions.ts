import { TIER_LEVEL, type Tier } from '../model/call.ts'

/** Tiers, and the two narrow permissions of hooks between `mcp` and `anonymous`. */
export type Permission = Tier | 'hook:govern' | 'hook:track'

/** Levels of the source documents. */
export const PERMISSION_LEVEL: Readonly<Record<Permission, number>> = {
  ...TIER_LEVEL,
  'hook:govern': 15,
  'hook:track': 15,
}

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSION_LEVEL, name)
}

/** True where holding one permission is holding the other: a level is that of all below it. */
export function implies(one: Permission, other: Permission): boolean {
  return PERMISSION_LEVEL[one] >= PERMISSION_LEVEL[other]
}

import { TIER_LEVEL, type Tier } from '../core/model/call.ts'

export { implies, PERMISSION_LEVEL, type Permission } from '../core/gates/permissions.ts'

/** What a token may call the type of its user, and the tier whose rate multiplier that is. */
export const RATE_TIER_OF_USER_TYPE: ReadonlyMap<string, Tier> = new Map<string, Tier>([
  ['admin', 'admin'],
  ['user', 'user'],
  ['service', 'service'],
  ['a2a', 'a2a'],
  ['mcp', 'mcp'],
  ['anonymous', 'anonymous'],
  ['anon', 'anonymous'],
  ['unknown', 'anonymous'],
])

/** The tier of a user type. What nobody knows is the least privileged, never more. */
export function tierOfUserType(type: unknown): Tier {
  return (typeof type === 'string' ? RATE_TIER_OF_USER_TYPE.get(type) : undefined) ?? 'anonymous'
}

/** The highest tier among words that may be other permissions or scopes too. */
export function highestTier(words: readonly string[]): Tier | undefined {
  let highest: Tier | undefined
  for (const word of words)
    if (isTier(word) && (highest === undefined || TIER_LEVEL[word] > TIER_LEVEL[highest]))
      highest = word
  return highest
}

function isTier(word: string): word is Tier {
  return Object.hasOwn(TIER_LEVEL, word)
}

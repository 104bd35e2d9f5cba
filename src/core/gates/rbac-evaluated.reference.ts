import type { PolicyDocument, RuleDocument } from '../policy/document.ts'
import { readingOf, unfolded } from './rbac.reference.ts'
import type { RbacQuery } from './rbac-verdict.ts'

interface Place {
  readonly rule: RuleDocument
  readonly place: string
}

const APPLIED = { allow: 'granted', deny: 'denied', escalate: 'asked', compute: 'rewrote' } as const

/** The naive twin of `evaluatedRules`: `role/index outcome` of each rule, in the order judged. */
export function referenceEvaluated(written: PolicyDocument, query: RbacQuery): readonly string[] {
  const { subject } = query
  if (subject === undefined) return []
  const document = unfolded(written)
  const reading = readingOf(document, query, subject)
  const { bound, inScope, isOutside, rolesIn, isMeant, isNamed, isStrong, mayGrant } = reading
  const { holdsWhen, holds, mayHold, isTaken, judged } = reading
  const roles = rolesIn(bound)
  const inside = isOutside ? [] : rolesIn(inScope)
  const isDeny = ({ effect }: RuleDocument) => effect === 'deny'
  const isAllow = ({ effect = 'allow' }: RuleDocument) => effect === 'allow'
  // Denies by the name asked for come first, of other rules those by the full name of a bare one.
  const named = (of: typeof roles, wantsDeny: boolean) =>
    of.flatMap(({ name: role, rules = [] }): readonly Place[] => {
      const all = rules.map((rule, index) => ({ rule, place: `${role}/${index}` }))
      const meant = all.filter(({ rule }) => isMeant(rule) && isDeny(rule) === wantsDeny)
      const [by, beside] = [true, false].map((is) =>
        meant.filter((one) => isNamed(one.rule) === is),
      )
      return (wantsDeny ? [by, beside] : [beside, by]).flatMap((list) => list ?? [])
    })
  const denies = named(roles, true)
  const others = named(inside, false)
  const away = named(
    roles.filter((role) => !inside.includes(role)),
    false,
  )

  const isPlain = ({ when, constraints }: RuleDocument) =>
    when === undefined && (query.verb === 'discover' || constraints === undefined)
  const taken = isOutside ? [] : denies.filter(({ rule }) => isTaken(rule))
  // Where an answer stands whatever is asked with, what has conditions is not judged.
  const sure = taken.find(({ rule }) => isPlain(rule))
  const denial = sure ?? taken.find(({ rule }) => holdsWhen(rule) && mayHold(rule))
  const offered = others.filter(({ rule }) => isStrong(rule) && (mayGrant(rule) || !isAllow(rule)))
  const isCertain =
    taken.length === 0 &&
    offered.every(({ rule }) => isAllow(rule)) &&
    offered.some(({ rule }) => isPlain(rule))
  const isGranted = offered.some(
    ({ rule }) => mayGrant(rule) && holdsWhen(rule) && holds(rule) && denial === undefined,
  )
  const failure = (rule: RuleDocument, isWrong: (standing: number) => boolean) =>
    judged(rule).find(({ standing }) => isWrong(standing))?.kind
  const ofDeny = (one: Place): string => {
    if (isOutside) return 'not_reached'
    if (!taken.includes(one)) return 'wrong_verb'
    if (one === denial) return 'denied'
    if (sure !== undefined) return 'not_reached'
    if (denial !== undefined && taken.indexOf(one) > taken.indexOf(denial)) return 'not_reached'
    if (!holdsWhen(one.rule)) return 'condition_unmet'
    return `failed ${failure(one.rule, (standing) => (standing & 5) === 0)}`
  }
  const ofOther = ({ rule }: Place): string => {
    if (!mayGrant(rule) && isAllow(rule)) return 'not_listed'
    if (!isStrong(rule)) return 'wrong_verb'
    if (denial !== undefined || (isCertain && !isPlain(rule))) return 'not_reached'
    if (!holdsWhen(rule)) return 'condition_unmet'
    if (!mayGrant(rule) && (!isGranted || query.verb === 'discover')) return 'no_grant'
    const failed = failure(rule, (standing) =>
      isGranted && !isAllow(rule) ? standing === 2 : standing > 1,
    )
    if (failed !== undefined) return `failed ${failed}`
    return query.verb === 'discover' ? 'granted' : APPLIED[rule.effect ?? 'allow']
  }
  return [
    ...denies.map((one) => `${one.place} ${ofDeny(one)}`),
    ...others.map((one) => `${one.place} ${ofOther(one)}`),
    ...away.map((one) => `${one.place} out_of_scope`),
  ]
}

import type { InstructionKind } from './kinds.ts'
import { Role } from './roles.ts'
import type { Sentence } from './sentences.ts'
import { Trait } from './traits.ts'

/**
 * Kinds of evidence that do not follow from one another. Each counts once in a passage, with the
 * weight of its strongest sentence; they add up as independent chances do.
 */
export const GROUPS = [
  'override',
  'task',
  'address',
  'authority',
  'structure',
  'secrecy',
  'exfiltration',
  'persona',
  'completion',
  'output',
] as const
export type Group = (typeof GROUPS)[number]
export type Weights = Float64Array

export const GROUP_COUNT = GROUPS.length
const INDEX = Object.fromEntries(GROUPS.map((group, index) => [group, index])) as Record<
  Group, // fromEntries forgets the keys it was given
  number
>

const KIND_OF: readonly InstructionKind[] = [
  'override',
  'override',
  'model_address',
  'authority',
  'role_marker',
  'secrecy',
  'exfiltration',
  'persona',
  'fake_completion',
  'model_address',
]

/** From this confidence on a passage is reported. */
export const REPORTED = 0.5

/** Weights of one sentence. `before` is the sentence in front of it, when it is near. */
export function weigh(sentence: Sentence, before: Sentence | undefined, weights: Weights): void {
  const { roles, traits } = sentence
  // Talk about injections uses their words: "Explain why people forget instructions".
  const talk = talkFactor(traits)
  put(weights, INDEX.override, talk * overrideWeight(roles, traits))
  put(weights, INDEX.task, talk * taskWeight(sentence, before))
  put(weights, INDEX.address, talk * addressWeight(sentence, before))
  put(weights, INDEX.authority, (roles & Role.authority) !== 0 ? talk * 0.4 : 0)
  put(weights, INDEX.structure, (traits & Trait.label) !== 0 ? 0.3 : 0)
  put(weights, INDEX.secrecy, talk * secrecyWeight(roles, traits))
  put(weights, INDEX.exfiltration, talk * exfiltrationWeight(sentence, before))
  put(weights, INDEX.persona, talk * personaWeight(roles))
  if ((roles & Role.done) !== 0)
    put(weights, INDEX.completion, (traits & Trait.doneLabel) !== 0 ? 0.4 : 0.2)
  if ((traits & Trait.sayOrder) !== 0)
    put(weights, INDEX.output, talk * ((roles & Role.exact) !== 0 ? 0.25 : 0.2))
}

function talkFactor(traits: number): number {
  if ((traits & Trait.talk) !== 0) return 0.5
  return (traits & Trait.question) !== 0 && (traits & Trait.overrideLeads) === 0 ? 0.7 : 1
}

function taskWeight({ roles, traits }: Sentence, before: Sentence | undefined): number {
  // The data is said to have ended, and then comes an order.
  const wasDone = (traits | (before?.traits ?? 0)) & Trait.doneLabel
  if ((roles & Role.newTask) === 0) return wasDone !== 0 && (traits & Trait.order) !== 0 ? 0.25 : 0
  return (roles & Role.instead) !== 0 ? 0.5 : 0.45
}

function personaWeight(roles: number): number {
  const isToYou = (roles & (Role.you | Role.model)) !== 0
  if ((roles & Role.persona) !== 0) return isToYou ? 0.55 : 0.3
  if ((roles & Role.personaWeak) === 0) return 0
  return (roles & Role.model) !== 0 ? 0.3 : 0.2
}

function put(weights: Weights, index: number, weight: number): void {
  if (weight > (weights[index] ?? 0)) weights[index] = weight
}

function overrideWeight(roles: number, traits: number): number {
  const isBroad = (roles & (Role.prior | Role.everything)) !== 0
  const leads = (traits & Trait.overrideLeads) !== 0
  if ((traits & Trait.override) !== 0) {
    const isNear = (traits & Trait.overrideNear) !== 0
    if (leads) return leadingOverride(roles, isBroad, isNear)
    if (!isBroad || !isNear) return 0.35
    return (roles & ADDRESSED) !== 0 ? 0.65 : 0.4
  }
  if ((traits & Trait.notFollow) !== 0 && (roles & Role.rules) !== 0 && isBroad) return 0.6
  if (!leads || (roles & Role.prior) === 0) return 0
  return (roles & Role.everything) !== 0 ? 0.45 : 0.35
}

function leadingOverride(roles: number, isBroad: boolean, isNear: boolean): number {
  if (isBroad) return isNear ? 0.8 : 0.5
  if (!isNear) return 0.3
  return (roles & Role.you) !== 0 ? 0.6 : 0.4
}

const ADDRESSED = Role.you | Role.must | Role.model | Role.ignoreLast

function addressWeight({ roles, traits }: Sentence, before: Sentence | undefined): number {
  const wasSpokenTo = before !== undefined && (before.traits & Trait.spoken) !== 0
  if (wasSpokenTo && (traits & Trait.order) !== 0) return 0.5
  const directs = (traits & (Trait.order | Trait.orderLast)) !== 0 || (roles & Role.must) !== 0
  if ((roles & Role.model) === 0) return 0
  if ((roles & Role.reader) !== 0) return directs ? 0.55 : 0.4
  if ((traits & Trait.spoken) !== 0) return directs ? 0.5 : 0.4
  if (!directs) return 0
  return (roles & Role.you) !== 0 ? 0.3 : 0.2
}

function secrecyWeight(roles: number, traits: number): number {
  const directs =
    (traits & (Trait.order | Trait.orderLast)) !== 0 || (roles & (Role.must | Role.send)) !== 0
  const hides = (roles & Role.secrecy) !== 0
  if ((traits & Trait.keepSecret) !== 0 && (roles & Role.user) !== 0) return 0.55
  if (hides && (roles & Role.user) !== 0) return directs ? 0.5 : 0.4
  if (hides) return directs ? 0.4 : 0.3
  return 0
}

function exfiltrationWeight({ roles, traits }: Sentence, before: Sentence | undefined): number {
  if ((traits & Trait.sendsSecret) !== 0) return 0.55
  const all = Role.secret | Role.destination | Role.send
  // Languages that put the verb last have no order of words to go by.
  if ((traits & Trait.orderLast) !== 0 && (roles & all) === all) return 0.5
  const carriesOn =
    before !== undefined &&
    (before.roles & Role.secret) !== 0 &&
    (before.traits & Trait.order) !== 0 &&
    (traits & Trait.sendOrder) !== 0 &&
    (roles & Role.destination) !== 0
  if (carriesOn) return 0.5
  if ((traits & Trait.sendsGoods) !== 0) return (roles & Role.everything) !== 0 ? 0.4 : 0.25
  const isPrivate = (roles & Role.secret) !== 0
  if ((traits & (Trait.sendOrder | Trait.sayOrder)) !== 0 && isPrivate) return 0.3
  return (traits & Trait.sendOrder) !== 0 && (roles & Role.goods) !== 0 ? 0.2 : 0
}

/** Chance that at least one kind of evidence is right. */
export function confidenceOf(weights: Weights): number {
  let doubt = 1
  for (let index = 0; index < GROUP_COUNT; index++) doubt *= 1 - (weights[index] ?? 0)
  return 1 - doubt
}

/** The kind of the heaviest evidence. */
export function kindOf(weights: Weights): InstructionKind {
  let best = 0
  for (let index = 1; index < GROUP_COUNT; index++)
    if ((weights[index] ?? 0) > (weights[best] ?? 0)) best = index
  return KIND_OF[best] ?? 'override'
}

export function putGroup(weights: Weights, group: Group, weight: number): void {
  put(weights, INDEX[group], weight)
}

export function weightOf(weights: Weights, group: Group): number {
  return weights[INDEX[group]] ?? 0
}

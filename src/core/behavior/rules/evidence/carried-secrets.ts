import type { JsonObject, JsonValue } from '../../../model/json.ts'
import type { Flow } from '../../flow.ts'
import { wordsOf } from '../../name-words.ts'
import type { RequestEvent, RuleView, SessionEvent } from '../../rule.ts'
import { wordSet } from './words.ts'

/** A secret on its way out. */
export interface CarriedSecret {
  /** The keyed hash that stands for it. */
  readonly value: string
  readonly flow: Flow
}

/**
 * The secrets that leave with a request, each once with its surest flow: themselves, hidden, or as
 * what a call made of them that had been given them (`view.memory` tells which had).
 */
export function relayedSecrets(event: RequestEvent, view: RuleView): readonly CarriedSecret[] {
  if (!event.traits.egress || !view.flows.some(mayBeSecret)) return NO_SECRETS
  const carried = secretsCarried(view.flows, view.memory)
  return carried.filter(({ flow }) => !isHandedBack(flow, event))
}

const NO_SECRETS: readonly CarriedSecret[] = []

/** Remembers which requests carried a secret. */
export function rememberCarriers(event: SessionEvent, view: RuleView): JsonObject | undefined {
  if (event.direction !== 'request' || !view.flows.some(mayBeSecret)) return undefined
  const known = carriersIn(view.memory)
  const carried = secretsCarried(view.flows, view.memory).slice(0, MOST_PER_CALL)
  if (carried.length === 0) return undefined
  const added = carried.map(({ value }) => [event.number, value] as const)
  return { carriers: [...known, ...added].slice(-MOST_CARRIERS) }
}

/** What `rememberCarriers` gave last, to be kept beside other things. */
export function carriersOf(memory: JsonValue | undefined): JsonObject {
  return { carriers: carriersIn(memory) }
}

function mayBeSecret({ kind }: Flow): boolean {
  return kind === 'secret' || kind === 'derived'
}

function secretsCarried(flows: readonly Flow[], memory: JsonValue | undefined): CarriedSecret[] {
  const surest = new Map<string, Flow>()
  for (const flow of flows) {
    const value = secretOf(flow, memory)
    if (value === undefined || flow.trusted) continue
    const other = surest.get(value)
    if (other === undefined || other.confidence < flow.confidence) surest.set(value, flow)
  }
  return [...surest].map(([value, flow]) => ({ value, flow }))
}

/**
 * True where the secret goes back, as a credential, to the server that gave it: to log in there is no
 * relay. A text that others may read is no such place, nor is any other text of the same call.
 */
function isHandedBack(flow: Flow, event: RequestEvent): boolean {
  const { server } = event.call.resource
  if (server === undefined || flow.origin.server !== server) return false
  if (flow.kind === 'derived' || event.traits.has('public_post')) return false
  return event.arguments.every(
    (argument) =>
      argument.text.length < SHORTEST_SECRET ||
      argument.role === 'identifier' ||
      isCredentialKey(argument.key),
  )
}

// What is forgotten is still restricted: other rules then ask about it.
const MOST_CARRIERS = 64
const MOST_PER_CALL = 8
const SHORTEST_SECRET = 8

type Carrier = readonly [event: number, value: string]

function secretOf(flow: Flow, memory: JsonValue | undefined): string | undefined {
  if (flow.kind === 'secret') return flow.value
  if (flow.kind !== 'derived') return undefined
  return carriersIn(memory).find(([event]) => flow.chain.includes(event))?.[1]
}

function carriersIn(memory: JsonValue | undefined): readonly Carrier[] {
  if (typeof memory !== 'object' || memory === null || !('carriers' in memory)) return []
  const { carriers } = memory
  return Array.isArray(carriers) ? carriers.filter(isCarrier) : []
}

function isCarrier(value: unknown): value is Carrier {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string'
}

const CREDENTIAL_WORDS = wordSet(
  'password passwd passphrase passcode pwd pin otp totp mfa token secret credential credentials apikey ' +
    'bearer authorization auth jwt assertion username login',
)

function isCredentialKey(key: string): boolean {
  const words = wordsOf(key)
  const last = words.at(-1)
  if (last === undefined) return false
  return CREDENTIAL_WORDS.has(last) || (last === 'key' && words.length > 1)
}

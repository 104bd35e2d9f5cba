import type { JsonValue } from '../../model/json.ts'
import type { Flow } from '../flow.ts'
import { hashOf } from './evidence.ts'
import { findFlows } from './find-flows.ts'
import type { Findings } from './findings.ts'
import {
  countAgain,
  DERIVED_FLAGS,
  isMadeOf,
  learnAsked,
  learnLeaf,
  learnSecret,
  learnTrusted,
  type Novelty,
  newNovelty,
} from './learn.ts'
import type { Lineage, LineageOptions, LineageRequest, LineageResponse } from './lineage.ts'
import { createMemory, type Memory, memoryBytes } from './memory.ts'
import { restore, savedOrigins, saveMemory } from './saved-memory.ts'
import { shrinkScan } from './text-scan.ts'
import { type Mark, RESTRICTED } from './value-table.ts'

const MAX_BYTES = 10_000_000
/** A value this sure goes on through a call. */
const SURE = 0.6

interface Looked extends Pick<LineageRequest, 'event'> {
  /** How often the index had changed. */
  readonly changes: number
  readonly findings: Findings
}

/** An index of where a session's data came from, empty or as it was saved. */
export function createLineage(options: LineageOptions): Lineage {
  const { key, saved, inflate, maxBytes = MAX_BYTES } = options
  const memory = createMemory({ key, maxBytes, inflate, origins: savedOrigins(saved) })
  let forgot = restore(memory, saved, key)
  // A request is sent right after it was looked up. Held weakly: no raw text outlives its call. Of what does
  // not leave, nothing is asked again.
  const looked = new WeakMap<LineageRequest['arguments'], Looked>()
  let changes = 0

  const look = ({ event, arguments: args, egress }: LineageRequest): Findings => {
    const known = egress ? looked.get(args) : undefined
    if (known?.event === event && known.changes === changes) return known.findings
    const findings = findFlows(memory, { event, arguments: args, egress })
    shrinkScan(memory.scan)
    if (egress) looked.set(args, { event, changes, findings })
    return findings
  }
  const forgetLooked = () => {
    changes++
    shrinkScan(memory.scan)
  }

  return {
    match(request) {
      const { flows, unread } = look(request)
      if (unread && request.told !== undefined) request.told.unread = true
      return flows
    },
    sent(request, flows) {
      if (request.egress) markSent(memory, look(request))
      learnRequest(memory, request, flows)
      forgetLooked()
    },
    received(response) {
      receive(memory, response)
      forgetLooked()
    },
    trust(leaves) {
      for (const leaf of leaves) learnTrusted(memory, leaf)
      forgetLooked()
    },
    get forgot() {
      forgot ||= memory.values.forgot || memory.fragments.forgot
      return forgot
    },
    get bytes() {
      return memoryBytes(memory)
    },
    save(): JsonValue {
      return saveMemory(memory, key, this.forgot)
    },
  }
}

function markSent({ fragments }: Memory, { pieces }: Findings): void {
  for (let at = 0; at < pieces.length; at += 2)
    fragments.values.markSent(pieces[at] ?? 0, pieces[at + 1] ?? 0)
}

/** What a request without restricted data says, the agent knew. */
function learnRequest(memory: Memory, request: LineageRequest, flows: readonly Flow[]): void {
  if (flows.some(({ origin }) => origin.restricted)) return
  for (const argument of request.arguments) learnAsked(memory, argument, request.event)
}

function receive(memory: Memory, response: LineageResponse): void {
  const { origin, event, leaves, sources } = response
  const number = memory.origins.numberOf(origin)
  const flags = origin.restricted ? RESTRICTED : 0
  const mark: Mark = { event, flags, origin: number, crowd: 0, path: 0 }
  const novelty = newNovelty(memory, travelledOf(memory, sources, event))
  const derived = origin.restricted ? undefined : derivedMark(memory, sources, event)
  for (const leaf of leaves) {
    const isDerived = derived !== undefined && isMadeOf(memory, leaf)
    learnLeaf(memory, leaf, isDerived ? derived : mark, novelty)
  }
  learnSecrets(memory, response, mark, novelty)
  countAgain(memory, novelty)
}

function learnSecrets(
  memory: Memory,
  { secrets, leaves, origin }: LineageResponse,
  mark: Mark,
  novelty: Novelty,
): void {
  if (secrets.length === 0) return
  // What holds a secret is restricted, whatever its tool is.
  const held = memory.origins.numberOf({ ...origin, restricted: true })
  for (const { leaf, start, end } of secrets) {
    const text = leaves[leaf]?.text.slice(start, end) ?? ''
    learnSecret(memory, text, { ...mark, origin: held }, novelty)
  }
}

const NOWHERE: ReadonlyMap<number, number> = new Map()

/** Values that the call was given: where they come back, their path is longer. */
function travelledOf(
  memory: Memory,
  sources: readonly Flow[],
  response: number,
): ReadonlyMap<number, number> {
  if (sources.length === 0) return NOWHERE
  const travelled = new Map<number, number>()
  for (const source of sources) {
    const { low, high } = hashOf(source.value)
    const slot = memory.values.find(low, high)
    if (slot < 0) continue
    const path = memory.paths.extend(memory.values.path(slot), source.to, response, false)
    travelled.set(low, path)
  }
  return travelled
}

/** What a call gives back that was given restricted content: its first and surest source. */
function derivedMark(memory: Memory, sources: readonly Flow[], response: number): Mark | undefined {
  const source = sources.find(
    ({ origin, trusted, role, confidence }) =>
      origin.restricted && !trusted && role === 'content' && confidence >= SURE,
  )
  if (source === undefined) return undefined
  const { low, high } = hashOf(source.value)
  const slot = memory.values.find(low, high)
  const before = slot < 0 ? 0 : memory.values.path(slot)
  return {
    event: source.from,
    flags: DERIVED_FLAGS,
    origin: memory.origins.numberOf(source.origin),
    crowd: 0,
    path: memory.paths.extend(before, source.to, response, true),
  }
}

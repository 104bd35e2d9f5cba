import type { Call } from '../model/call.ts'
import type { Finding } from '../model/finding.ts'
import type { JsonValue } from '../model/json.ts'
import type { Flow } from './flow.ts'
import { forgottenFinding, hidesRestricted } from './forgotten.ts'
import { createIntent } from './intent/create-intent.ts'
import { withDecoded } from './intent/decoded-leaves.ts'
import type { Intent } from './intent/intent.ts'
import { createKnownDestinations, type KnownDestinations } from './known-destinations.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createLineage } from './lineage/create-lineage.ts'
import type { Lineage, LineageRequest } from './lineage/lineage.ts'
import { destinationsOf, readArguments } from './payload/read-arguments.ts'
import { readLeaves } from './payload/read-leaves.ts'
import { Proposals, type ProposedCall } from './proposals.ts'
import type { RequestEvent, ResponseEvent, RuleFinding } from './rule.ts'
import {
  type Evidence,
  evaluateRules,
  hostMemoryBytes,
  type RuleMemory,
  rememberEvent,
} from './run-rules.ts'
import { readSaved, sealed } from './saved-watch.ts'
import { scanLeaves } from './scan-leaves.ts'
import type { BehaviorSettings } from './settings.ts'
import { sumFindings } from './sum-findings.ts'
import { requestTraits } from './traits.ts'
import type { Answer, Assessment, Response, Watch, WatchContext, WatchOptions } from './watch.ts'
import {
  actOf,
  intentOptions,
  joinedFlows,
  lineageOptions,
  originOf,
  requestEvent,
  requestOf,
  saysError,
} from './watch-parts.ts'

export function createWatch(options: WatchOptions): Watch {
  return new SessionWatch(options)
}

const NO_FLOWS: readonly Flow[] = Object.freeze([])
const NO_FINDINGS: readonly RuleFinding[] = Object.freeze([])

/** A class for memory alone: an engine may hold ten thousand. */
class SessionWatch implements Watch {
  readonly ledger: Ledger
  readonly #options: WatchOptions
  readonly #memory: RuleMemory
  readonly #known: KnownDestinations
  #proposals: Proposals | undefined
  // Not the watch itself: what remembers readers must not keep their memory.
  readonly #reader = {}
  #lineage: Lineage | undefined
  // Of most sessions nothing follows the first request. Held weakly: no raw text outlives its call.
  #first: WeakRef<Assessment> | undefined
  #intent: Intent | undefined
  #task: string | undefined
  #suspicious: number
  #forgot: boolean
  #tainted: boolean
  #memoryBytes = 0

  constructor(options: WatchOptions) {
    const { key } = options
    const saved = readSaved(options.saved, key)
    this.#options = options
    this.ledger = options.ledger ?? createLedger(saved.ledger)
    this.#memory = new Map(Object.entries(saved.memory))
    this.#known = createKnownDestinations(key, saved.known)
    this.#suspicious = saved.suspicious
    this.#forgot = saved.forgot || options.forgot === true
    this.#tainted = saved.tainted
    if (saved.lineage !== undefined)
      this.#lineage = createLineage({ ...lineageOptions(options), saved: saved.lineage })
    if (saved.intent !== undefined) this.#intent = createIntent({ key, saved: saved.intent })
  }

  // Made when first needed: most sessions of a busy host are short.
  get #lines(): Lineage {
    const lineage = this.#lineage ?? createLineage(lineageOptions(this.#options))
    this.#lineage = lineage
    return lineage
  }

  get #intents(): Intent {
    const intent = this.#intent ?? createIntent(intentOptions(this.#options))
    this.#intent = intent
    return intent
  }

  get forgot(): boolean {
    return this.#forgot || this.#lineage?.forgot === true
  }

  get tainted(): boolean {
    return this.#tainted
  }

  get suspicious(): boolean {
    return this.#suspicious > 0
  }

  get bytes(): number {
    const own = 2_048 + 2 * (this.#task?.length ?? 0) + this.#memoryBytes + this.#known.bytes
    const proposed = this.#proposals?.bytes ?? 0
    return (
      own + proposed + this.ledger.bytes + (this.#lineage?.bytes ?? 0) + (this.#intent?.bytes ?? 0)
    )
  }

  task(text: string): void {
    if (text === this.#task) return
    this.#task = text
    this.#lines.trust(readLeaves(text))
    this.#intents.task(text)
    this.#known.task(text)
  }

  proposed(call: ProposedCall): void {
    this.#proposals ??= new Proposals()
    this.#proposals.add(call)
  }

  judge(call: Call, number: number, context: WatchContext): Assessment {
    const args = readArguments(call.arguments, call.resource.name)
    const destinations = this.#known.look(destinationsOf(args), context.settings)
    const traits = requestTraits(
      call.resource,
      args,
      destinations,
      (parts) => this.#flowsOf({ event: number, arguments: parts, egress: true }, call).flows,
    )
    const event = requestEvent(call, number, traits, args)
    const told = { unread: false }
    const { flows, sources } = this.#flowsOf({ ...requestOf(event), told }, call)
    const evidence: Evidence = {
      flows,
      matches: [],
      explanation: call.automatic === true ? undefined : this.#intent?.explain(actOf(event)),
      proposal: this.#proposals?.match(call),
      suspiciousEvent: this.#suspicious,
      destinations,
    }
    const findings = evaluateRules(this.#options.rules, event, evidence, this.#memory, context)
    if (traits.egress && (told.unread || this.#hasForgotten(call)))
      findings.push(forgottenFinding(number))
    return {
      event,
      flows,
      sources,
      explanation: evidence.explanation,
      evidence,
      ...sumFindings(findings, this.ledger, context.settings),
    }
  }

  #flowsOf(request: LineageRequest, call: Call): Pick<Assessment, 'flows' | 'sources'> {
    const own = this.#lineage?.match(request) ?? NO_FLOWS
    const carried = this.#options.carry?.match(request, call, this.#reader) ?? NO_FLOWS
    return joinedFlows(own, carried, request.egress)
  }

  #hasForgotten(call: Call): boolean {
    return this.forgot || this.#options.carry?.forgot(call, this.#reader) === true
  }

  admit(judged: Assessment | Answer): readonly Finding[] {
    if ('flows' in judged && judged.flows.length > 0) this.ledger.link(judged.flows)
    return judged.findings.length === 0 ? NO_FINDINGS : this.ledger.admit(judged.findings)
  }

  approved({ findings }: Assessment): void {
    this.ledger.approve(findings)
  }

  refused({ findings }: Assessment): void {
    this.ledger.refuse(findings)
  }

  sent(assessment: Assessment, context: WatchContext, approved: boolean): void {
    const { event, evidence } = assessment
    this.#noteSent(assessment)
    this.#intent?.acted(actOf(event), approved)
    this.#remember(event, evidence, context)
  }

  /** What the agent says by itself it knew, also before anything was read. */
  #noteSent(assessment: Assessment): void {
    if (assessment.event.arguments.length === 0) return
    const isFirst = this.#lineage === undefined && this.#first === undefined
    if (!isFirst) this.#learnFirst()
    if (isFirst) this.#first = new WeakRef(assessment)
    else this.#lines.sent(requestOf(assessment.event), assessment.sources)
  }

  #learnFirst(): void {
    const first = this.#first?.deref()
    this.#first = undefined
    if (first !== undefined) this.#lines.sent(requestOf(first.event), first.sources)
  }

  inspect(request: Assessment, response: Response, context: WatchContext): Answer {
    const { call, traits } = request.event
    const leaves = readLeaves(response.payload)
    const event: ResponseEvent = Object.freeze({
      direction: 'response',
      number: response.number,
      call,
      at: response.at,
      traits,
      request: request.event.number,
      leaves,
      isError: response.isError || saysError(response.payload),
    })
    const trusted = context.settings.trustsTool(call.resource.name, call.resource.server)
    const evidence: Evidence = {
      flows: NO_FLOWS,
      matches: scanLeaves(leaves, trusted),
      explanation: undefined,
      proposal: undefined,
      suspiciousEvent: this.#suspicious,
      destinations: [],
    }
    const findings = evaluateRules(this.#options.rules, event, evidence, this.#memory, context)
    const { outcome, ...sum } = sumFindings(findings, this.ledger, context.settings)
    const unread = response.unread === true
    // Nobody can be asked once the call is done: a question becomes a warning.
    const settled = outcome === 'ask' ? 'warn' : outcome
    return { event, evidence, request, unread, ...sum, outcome: settled }
  }

  received(answer: Answer, context: WatchContext): void {
    const { event, evidence, request } = answer
    const { call, leaves, number, traits } = event
    const trusted = context.settings.trustsTool(call.resource.name, call.resource.server)
    const secrets = evidence.matches.filter((match) => match.class === 'secret')
    const response = {
      event: number,
      origin: originOf(event, !trusted),
      leaves,
      secrets,
      sources: request.sources,
    }
    this.#learnFirst()
    this.#lines.received(response)
    const unread = hidesRestricted(answer, event, secrets)
    if (unread) this.#forgot = true
    const isMadeOf = request.sources.some(({ origin, trusted }) => origin.restricted && !trusted)
    if (unread || traits.restricted || secrets.length > 0 || isMadeOf) {
      this.#tainted = true
      this.#options.carry?.received(
        { ...response, event: 0, origin: { ...response.origin, event: 0 }, unread },
        call,
        this.#reader,
      )
    }
    if (!trusted) this.#takeOutside(event, request, evidence, context.settings)
    this.#remember(event, evidence, context)
  }

  #takeOutside(
    { call, leaves, number }: ResponseEvent,
    request: Assessment,
    { matches }: Evidence,
    settings: BehaviorSettings,
  ): void {
    const { name, server } = call.resource
    if (matches.some((match) => match.class === 'instruction')) this.#suspicious = number
    this.#known.learn(leaves, matches)
    this.#intents.observe({
      event: number,
      resource: name,
      server,
      leaves: withDecoded(leaves, matches),
      trustedFields: (key) => settings.trustsField(name, key),
      arguments: request.event.arguments,
    })
  }

  #remember(event: RequestEvent | ResponseEvent, evidence: Evidence, context: WatchContext): void {
    const { rules } = this.#options
    rememberEvent(rules, event, evidence, this.#memory, context)
    this.#memoryBytes = hostMemoryBytes(rules, this.#memory, context)
  }

  save(): JsonValue {
    this.#learnFirst()
    const state = {
      ledger: this.ledger.save() as unknown as JsonValue, // plain JSON by its type
      memory: Object.fromEntries(this.#memory),
      ...(this.#lineage === undefined ? {} : { lineage: this.#lineage.save() }),
      ...(this.#intent === undefined ? {} : { intent: this.#intent.save() }),
      known: this.#known.save(),
      suspicious: this.#suspicious,
      forgot: this.forgot,
      tainted: this.#tainted,
    }
    return sealed(state, this.#options.key)
  }
}

import type { Call } from '../model/call.ts'
import type { Finding } from '../model/finding.ts'
import type { JsonValue } from '../model/json.ts'
import type { Flow } from './flow.ts'
import { createIntent } from './intent/create-intent.ts'
import { withDecoded } from './intent/decoded-leaves.ts'
import type { Intent, IntentOptions } from './intent/intent.ts'
import { createKnownDestinations, type KnownDestinations } from './known-destinations.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createLineage } from './lineage/create-lineage.ts'
import type { Lineage, LineageOptions, LineageRequest } from './lineage/lineage.ts'
import { destinationsOf, readArguments } from './payload/read-arguments.ts'
import { readLeaves } from './payload/read-leaves.ts'
import type { RequestEvent, ResponseEvent, RuleFinding } from './rule.ts'
import { type Evidence, evaluateRules, type RuleMemory, viewOf } from './run-rules.ts'
import { scanLeaves } from './scan-leaves.ts'
import type { BehaviorSettings } from './settings.ts'
import { sumFindings } from './sum-findings.ts'
import { traitsOf } from './traits.ts'
import type { Answer, Assessment, Response, Watch, WatchContext, WatchOptions } from './watch.ts'

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
  // Not the watch itself: what remembers readers must not keep their memory.
  readonly #reader = {}
  #lineage: Lineage | undefined
  #intent: Intent | undefined
  #task: string | undefined
  #suspicious: number
  #forgot: boolean
  #tainted: boolean

  constructor(options: WatchOptions) {
    const { saved, key } = options
    this.#options = options
    this.ledger = createLedger(saved?.ledger)
    this.#memory = new Map(Object.entries(saved?.memory ?? {}))
    this.#known = createKnownDestinations(key, saved?.known)
    this.#suspicious = saved?.suspicious ?? 0
    this.#forgot = saved?.forgot ?? options.forgot ?? false
    this.#tainted = saved?.tainted ?? false
    if (saved?.lineage !== undefined)
      this.#lineage = createLineage({ ...lineageOptions(options), saved: saved.lineage })
    if (saved?.intent !== undefined) this.#intent = createIntent({ key, saved: saved.intent })
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

  get bytes(): number {
    return 2_048 + (this.#lineage?.bytes ?? 0) + (this.#intent?.bytes ?? 0)
  }

  task(text: string): void {
    if (text === this.#task) return
    this.#task = text
    this.#lines.trust(readLeaves(text))
    this.#intents.task(text)
    this.#known.task(text)
  }

  judge(call: Call, number: number, context: WatchContext): Assessment {
    const traits = traitsOf(call.resource)
    const { name, server, tags } = call.resource
    const args = readArguments(call.arguments, name)
    const event: RequestEvent = Object.freeze({
      direction: 'request',
      number,
      call,
      at: call.at,
      traits,
      arguments: args,
    })
    const flows = this.#flowsOf({ event: number, arguments: args, egress: traits.egress }, call)
    const act = { event: number, resource: name, server, tags, arguments: args }
    const evidence: Evidence = {
      flows,
      matches: [],
      explanation: this.#intent?.explain(act),
      suspiciousEvent: this.#suspicious,
      destinations: this.#known.look(destinationsOf(args), context.settings),
    }
    const findings = evaluateRules(this.#options.rules, event, evidence, this.#memory, context)
    if (this.forgot && traits.egress) findings.push(forgotten(event))
    return {
      event,
      flows,
      explanation: evidence.explanation,
      evidence,
      ...sumFindings(findings, this.ledger, context.settings),
    }
  }

  #flowsOf(request: LineageRequest, call: Call): readonly Flow[] {
    const own = this.#lineage?.match(request) ?? NO_FLOWS
    if (!request.egress) return own
    const carried = this.#options.carry?.match(request, call, this.#reader) ?? NO_FLOWS
    if (carried.length === 0) return own
    const seen = new Set(own.map(({ value }) => value))
    return [...own, ...carried.filter(({ value }) => !seen.has(value))]
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
    const { event, flows, evidence } = assessment
    const { resource } = event.call
    this.#lineage?.sent(
      { event: event.number, arguments: event.arguments, egress: event.traits.egress },
      flows,
    )
    this.#intent?.acted(
      {
        event: event.number,
        resource: resource.name,
        server: resource.server,
        tags: resource.tags,
        arguments: event.arguments,
      },
      approved,
    )
    this.#remember(event, evidence, context)
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
      suspiciousEvent: this.#suspicious,
      destinations: [],
    }
    const findings = evaluateRules(this.#options.rules, event, evidence, this.#memory, context)
    const { outcome, ...sum } = sumFindings(findings, this.ledger, context.settings)
    // Nobody can be asked once the call is done: a question becomes a warning.
    return { event, evidence, request, ...sum, outcome: outcome === 'ask' ? 'warn' : outcome }
  }

  received(answer: Answer, context: WatchContext): void {
    const { event, evidence, request } = answer
    const { call, leaves, number, traits } = event
    const { name, server } = call.resource
    const trusted = context.settings.trustsTool(name, server)
    const secrets = evidence.matches.filter((match) => match.class === 'secret')
    const response = {
      event: number,
      origin: {
        event: number,
        resource: name,
        server,
        scope: call.scope,
        restricted: traits.restricted,
        outside: !trusted,
      },
      leaves,
      secrets,
      sources: request.flows,
    }
    this.#lines.received(response)
    if (traits.restricted || secrets.length > 0) {
      this.#tainted = true
      this.#options.carry?.received(
        { ...response, event: 0, origin: { ...response.origin, event: 0 } },
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
    for (const rule of this.#options.rules) {
      if (rule.remember === undefined) continue
      const kept = rule.remember(event, viewOf(rule, evidence, this.#memory, context))
      if (kept !== undefined) this.#memory.set(rule.id, kept)
    }
  }

  save(): JsonValue {
    return {
      ledger: this.ledger.save() as unknown as JsonValue, // plain JSON by its type
      memory: Object.fromEntries(this.#memory),
      ...(this.#lineage === undefined ? {} : { lineage: this.#lineage.save() }),
      ...(this.#intent === undefined ? {} : { intent: this.#intent.save() }),
      known: this.#known.save(),
      suspicious: this.#suspicious,
      forgot: this.forgot,
      tainted: this.#tainted,
    }
  }
}

function lineageOptions({ key, maxBytes, inflate }: WatchOptions): LineageOptions {
  return inflate === undefined ? { key, maxBytes } : { key, maxBytes, inflate }
}

function intentOptions({ key, without }: WatchOptions): IntentOptions {
  // Names it does not know it passes over.
  return { key, without: (without ?? new Set()) as NonNullable<IntentOptions['without']> }
}

/** An MCP result that reports a failure of the tool. */
function saysError(payload: JsonValue): boolean {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'isError' in payload &&
    payload['isError'] === true
  )
}

/** What a session that has forgotten restricted data sends is put before a person. */
function forgotten({ number }: RequestEvent): RuleFinding {
  return Object.freeze({
    rule: 'restricted_read_external_write',
    severity: 'high',
    confidence: 0.5,
    message:
      'restricted data this session had read was dropped for want of room: nobody can tell whether this call sends it',
    trigger: number,
    sources: [],
    action: 'ask',
    score: 20,
    cause: `forgot ${number}`,
  })
}

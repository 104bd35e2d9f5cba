/** Engines with every sink there is, and all that comes out of them. */
import type pg from 'pg'
import { fanOut } from '../../audit/fan-out/fan-out.ts'
import { memorySink } from '../../audit/memory.ts'
import { SIEM_FORMS } from '../../audit/siem/forms.ts'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { isCallgateError } from '../../core/model/errors.ts'
import type { AuditSink, IdentityProvider } from '../../core/model/ports.ts'
import { createPolicyEngine, type PolicyEngine } from '../create-policy-engine.ts'
import { createLeakSearch } from './leak-search.fixture.ts'
import type { PlantedCall } from './planted-calls.fixture.ts'
import { HOST } from './planted-policies.fixture.ts'
import {
  jsonlTap,
  memoryTap,
  otelTap,
  postgresTap,
  shown,
  streamTap,
  type Tap,
  webhookTap,
} from './planted-taps.fixture.ts'

export interface PlantedFigures {
  readonly calls: number
  readonly secrets: number
  readonly records: number
  /** Units of text looked through. */
  readonly searched: number
  /** Units by where they came out. */
  readonly outputs: ReadonlyMap<string, number>
  readonly leaks: readonly string[]
  /** Reasons of all records. */
  readonly reasons: ReadonlySet<string>
}

export interface PlantedStage {
  /** Makes the calls at the same time, and looks through all that comes out. */
  play(calls: readonly PlantedCall[]): Promise<void>
  figures(): PlantedFigures
  close(): Promise<void>
}

/** A sink that fails, and repeats in its error what it was given. */
const REFUSING: AuditSink = {
  name: 'refusing',
  write(records) {
    throw new Error(`cannot keep ${JSON.stringify(records)}`)
  },
}

const REPEATING: IdentityProvider = {
  identify({ bearer, headers }) {
    if (bearer !== undefined) throw new Error(`no such token: ${bearer}`)
    return { agent: String(headers?.['authorization'] ?? 'bot') }
  },
}

/** @param place - where files and tables of the stage may be */
export async function openStage(place: {
  readonly pool: pg.Pool
  readonly schema: string
  readonly file: string
}): Promise<PlantedStage> {
  const search = createLeakSearch()
  const outputs = new Map<string, number>()
  const reasons = new Set<string>()
  let [calls, secrets, records] = [0, 0, 0]
  let waiting: (readonly [where: string, text: string])[] = []
  const see = (where: string, value: unknown): void => {
    waiting.push([where, typeof value === 'string' ? value : shown(value)])
  }
  const report = (diagnostic: unknown): void => see('a diagnostic', diagnostic)
  const warned = (warning: Error): void => see('a warning of the process', warning)
  process.on('warning', warned)
  const listen = (record: AuditRecord): void => {
    records++
    if (record.reason !== null) reasons.add(record.reason)
    see('a listener', JSON.stringify(record))
    for (const [name, { line }] of Object.entries(SIEM_FORMS))
      see(`a line of ${name}`, line(record))
    if (records % 50 === 0) throw new Error(`cannot take ${JSON.stringify(record)}`)
  }
  const taps = await openTaps(place, report)
  const { engine, silent } = enginesWith(taps, report)
  for (const one of [engine, silent]) one.subscribe(listen)

  const look = async (): Promise<void> => {
    for (const [name, tap] of taps) see(name, await tap.drain())
    for (const [where, text] of waiting) {
      outputs.set(where, (outputs.get(where) ?? 0) + text.length)
      search.search(where, text)
    }
    waiting = []
  }
  return {
    async play(batch) {
      calls += batch.length
      for (const call of batch) {
        secrets += call.secrets.length
        for (const { parts } of call.secrets) for (const part of parts) search.watch(part)
      }
      await Promise.all(
        batch.map((call, index) => playCall(index % 5 === 0 ? silent : engine, call, see)),
      )
      await settled()
      await look()
      search.clear()
    },
    figures: () => ({
      calls,
      secrets,
      records,
      searched: search.searched,
      outputs,
      leaks: search.leaks,
      reasons,
    }),
    async close() {
      await engine.close()
      await silent.close()
      for (const tap of taps.values()) await tap.close()
      process.off('warning', warned)
    },
  }
}

type Taps = ReadonlyMap<string, Tap>

async function openTaps(
  { pool, schema, file }: Parameters<typeof openStage>[0],
  report: (diagnostic: unknown) => void,
): Promise<Taps> {
  return new Map<string, Tap>([
    ['memory', memoryTap()],
    ['a file', jsonlTap(file, report)],
    ['PostgreSQL', postgresTap(pool, `${schema}.planted`, report)],
    ['a webhook', await webhookTap(report)],
    ['a stream', await streamTap()],
    ['OpenTelemetry', otelTap()],
  ])
}

function enginesWith(
  taps: Taps,
  onDiagnostic: (diagnostic: unknown) => void,
): { readonly engine: PolicyEngine; readonly silent: PolicyEngine } {
  const sinkOf = (name: string): AuditSink => taps.get(name)?.sink ?? REFUSING
  const keys = { redaction: 'planted-secrets-key-of-32-letters' }
  const both = fanOut({
    required: [sinkOf('PostgreSQL'), sinkOf('a webhook')],
    bestEffort: [sinkOf('a stream'), sinkOf('OpenTelemetry')],
    onDiagnostic,
  })
  const audit = [sinkOf('memory'), sinkOf('a file'), both, REFUSING]
  return {
    engine: createPolicyEngine({ ...HOST, keys, audit, onDiagnostic }),
    // Its diagnostics become warnings of the process.
    silent: createPolicyEngine({
      ...HOST,
      keys,
      audit: [memorySink({ maxRecords: 100 }), REFUSING],
      identity: REPEATING,
    }),
  }
}

async function playCall(
  engine: PolicyEngine,
  { request, dispatch }: PlantedCall,
  see: (where: string, value: unknown) => void,
): Promise<void> {
  // Looking for a remedy costs as much as many calls.
  const number = Number(request.arguments['number'])
  if (number % 4 === 0) see('an explanation', await engine.explain(request))
  try {
    await engine.guard(request, () => dispatch())
  } catch (error) {
    // What is not ours is the tool's own, and goes back to its caller.
    if (isCallgateError(error)) see('an error', error)
  }
  if (request.session.length > 256 || number % 4 !== 1) return
  see('the activity of a session', engine.behavior(request.session))
  see('figures of the engine', engine.stats())
}

/** Frames and warnings come in later turns. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 100))
}

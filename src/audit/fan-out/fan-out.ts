import { CallgateError } from '../../core/model/errors.ts'
import { isPromise, type MaybePromise } from '../../core/model/json.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { MAX_DELAY_MS, reporterOf, type SinkDiagnostic, wholeNumber } from '../sink-options.ts'
import { systemTimers, type Timers } from '../timers.ts'
import { bestEffortMember } from './best-effort-member.ts'
import { type FanOutMember, type MemberOptions, type Refusal, requiredMember } from './member.ts'

export interface FanOutOptions {
  /** Those whose acceptance counts; at least one. */
  readonly required: readonly AuditSink[]
  /** Those that are told, and never delay or fail a call. @default [] */
  readonly bestEffort?: readonly AuditSink[]
  /**
   * How many of the required ones must accept. As many of them must keep records (`durable`), or all that
   * do where they are fewer: one that only passes records on stands in for none that keeps them. @default all
   */
  readonly quorum?: number
  /**
   * Milliseconds that a member may take. Less than the engine's `auditTimeoutMs`, so that the engine
   * hears who is to blame. @default 4000
   */
  readonly timeoutMs?: number
  /** Records that may wait for one member. @default 10000 */
  readonly maxQueue?: number
  /** @default a warning of the process */
  readonly onDiagnostic?: (diagnostic: SinkDiagnostic) => void
  /** @default those of the system */
  readonly timers?: Timers
}

/** Several sinks as one. */
export interface FanOut extends AuditSink {
  write(records: Parameters<AuditSink['write']>[0]): MaybePromise<void>
  /** How each member is doing, the required ones first. */
  members(): readonly FanOutMember[]
  close(): Promise<void>
}

/**
 * Hands records to several sinks. Accepts once as many of the required ones have accepted as must, and
 * refuses as soon as that can no longer be; the error names who failed. A member that hangs is passed
 * over until it answers. Those that keep records must be among those that accept, see `quorum`. Where no required member keeps records, neither does it (`durable`). Closing it
 * closes its members.
 * @throws {CallgateError} ERR_OPTIONS_INVALID
 */
export function fanOut(options: FanOutOptions): FanOut {
  const settings = settingsOf(options)
  const required = settings.required.map(requiredMember)
  const bestEffort = settings.bestEffort.map(bestEffortMember)
  const keeps = settings.required.map(({ sink }) => sink.durable !== false)
  const isDurable = keeps.includes(true)
  let closing: Promise<void> | undefined
  return {
    name: 'fan-out',
    ...(isDurable ? {} : { durable: false }),
    write(records) {
      if (closing !== undefined)
        throw new CallgateError('ERR_AUDIT_UNAVAILABLE', 'the fan-out was closed')
      for (const member of bestEffort) member.tell(records)
      return gather(
        required.map((member) => member.offer(records)),
        keeps,
        settings.quorum,
      )
    },
    members: () => [...required, ...bestEffort].map((member) => member.state()),
    close() {
      closing ??= closeAll(required, bestEffort, settings.report)
      return closing
    },
  }
}

interface Closing {
  close(): Promise<Refusal | undefined>
}

async function closeAll(
  required: readonly Closing[],
  bestEffort: readonly Closing[],
  report: (diagnostic: SinkDiagnostic) => void,
): Promise<void> {
  const closeThem = async (members: readonly Closing[]): Promise<readonly Refusal[]> => {
    const answers = await Promise.all(members.map((member) => member.close()))
    return answers.filter((refusal) => refusal !== undefined)
  }
  const [refusals, lesser] = await Promise.all([closeThem(required), closeThem(bestEffort)])
  for (const { name, why, cause } of lesser)
    report({ code: 'audit_sink_failed', message: `sink \`${name}\`: ${why}`, cause })
  if (refusals.length > 0) throw unavailable('not every required sink was closed', refusals)
}

/** Waits for no more answers than it needs: those that come later are counted by their members. */
function gather(
  answers: readonly MaybePromise<Refusal | undefined>[],
  keeps: readonly boolean[],
  quorum: number,
): MaybePromise<void> {
  const tallies = [
    createTally('required sinks', answers.length, quorum),
    createTally('required sinks that keep records', keeps.filter(Boolean).length, quorum),
  ] as const
  const refusals: Refusal[] = []
  const count = (at: number, refusal: Refusal | undefined): void => {
    if (refusal !== undefined) refusals.push(refusal)
    tallies[0].count(refusal === undefined)
    if (keeps[at]) tallies[1].count(refusal === undefined)
  }
  const isMet = (): boolean => tallies.every((tally) => tally.isMet())
  const failure = (): CallgateError | undefined => {
    const lost = tallies.find((tally) => tally.isLost())
    return lost === undefined ? undefined : unavailable(lost.text(), refusals)
  }

  const pending: (readonly [at: number, answer: PromiseLike<Refusal | undefined>])[] = []
  for (const [at, answer] of answers.entries())
    if (isPromise(answer)) pending.push([at, answer])
    else count(at, answer)
  if (isMet()) return undefined
  const early = failure()
  if (early !== undefined) throw early
  return new Promise((resolve, reject) => {
    for (const [at, answer] of pending)
      void answer.then((refusal) => {
        count(at, refusal)
        const error = failure()
        if (isMet()) resolve()
        else if (error !== undefined) reject(error)
      })
  })
}

/** How many of some members have accepted, of as many as must: no more than there are. */
function createTally(what: string, members: number, quorum: number) {
  const needed = Math.min(quorum, members)
  let [accepted, refused] = [0, 0]
  return {
    count(isAccepted: boolean): void {
      if (isAccepted) accepted += 1
      else refused += 1
    },
    isMet: () => accepted >= needed,
    isLost: () => members - refused < needed,
    text: () => `${accepted} of ${needed} ${what} have accepted`,
  }
}

function unavailable(message: string, refusals: readonly Refusal[]): CallgateError {
  const named = refusals.map(({ name, why }) => `\`${name}\` ${why}`).join('; ')
  const causes = refusals.flatMap(({ cause }) => (cause === undefined ? [] : [cause]))
  const cause = causes.length > 1 ? new AggregateError(causes, named) : causes[0]
  return new CallgateError('ERR_AUDIT_UNAVAILABLE', `${message}: ${named}`, { cause })
}

const NAMES = [
  'required',
  'bestEffort',
  'quorum',
  'timeoutMs',
  'maxQueue',
  'onDiagnostic',
  'timers',
]

function settingsOf(options: FanOutOptions) {
  checkNames('fanOut', options, NAMES)
  const { required, bestEffort = [], timers = systemTimers } = options
  const sinks = [...sinksOf('required', required), ...sinksOf('bestEffort', bestEffort)]
  if (required.length === 0) refuseOption('fanOut: `required` names at least one sink')
  if (new Set(sinks).size < sinks.length) refuseOption('fanOut: a sink is named twice')
  const timeoutMs = wholeNumber('fanOut: `timeoutMs`', options.timeoutMs ?? 4_000, 1, MAX_DELAY_MS)
  const maxQueue = wholeNumber('fanOut: `maxQueue`', options.maxQueue ?? 10_000, 1, 10_000_000)
  const most = required.length
  const quorum = wholeNumber('fanOut: `quorum`', options.quorum ?? most, 1, most)
  const report = reporterOf(options.onDiagnostic)
  const members = sinks.map((sink, at): MemberOptions => {
    const before = sinks.slice(0, at).filter(({ name }) => name === sink.name).length
    const name = before === 0 ? sink.name : `${sink.name} ${before + 1}`
    return { sink, name, timeoutMs, maxQueue, timers, report }
  })
  return { required: members.slice(0, most), bestEffort: members.slice(most), quorum, report }
}

function sinksOf(what: string, value: unknown): readonly AuditSink[] {
  const isSink = (one: unknown): one is AuditSink =>
    typeof one === 'object' && one !== null && 'write' in one && typeof one.write === 'function'
  if (!Array.isArray(value) || !value.every(isSink))
    return refuseOption(`fanOut: \`${what}\` is a list of sinks`)
  return value
}

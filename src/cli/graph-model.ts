import type { ReplayReport } from '../engine/replay/replay-report.ts'
import type { TraceSession } from '../engine/replay/trace-session.ts'

/** A session as a picture: its events in order, where data went between them, and what was found. */
export interface SessionGraph {
  readonly title: string
  readonly disposition: ReplayReport['disposition']
  readonly nodes: readonly GraphNode[]
  readonly edges: ReplayReport['edges']
  /** Events that are not drawn, since nothing came from them or went into them. */
  readonly hidden: number
}

export interface GraphNode {
  readonly seq: number
  readonly direction: 'request' | 'response'
  readonly tool: string
  /** Rules that fired on this event. */
  readonly rules: readonly string[]
  readonly isStop: boolean
  readonly isQuestion: boolean
}

// More events than this fit no picture: then only those with an edge or a finding are drawn.
const MAX_PLAIN = 60
const MAX_NODES = 400

export function graphOf(session: TraceSession, report: ReplayReport): SessionGraph {
  const involved = new Set<number>()
  for (const { from, to } of report.edges) involved.add(from).add(to)
  const rules = new Map<number, Set<string>>()
  for (const { rule, trigger, sources } of report.findings) {
    for (const seq of [trigger, ...sources]) involved.add(seq)
    rules.set(trigger, (rules.get(trigger) ?? new Set()).add(rule))
  }
  const events = session.events.filter(({ tool }) => tool !== undefined)
  const drawn =
    events.length <= MAX_PLAIN
      ? events
      : events.filter(({ seq }) => involved.has(seq)).slice(0, MAX_NODES)
  const known = new Set(drawn.map(({ seq }) => seq))
  return {
    title: report.name,
    disposition: report.disposition,
    nodes: drawn.map(({ seq, direction, tool = '' }) => ({
      seq,
      direction,
      tool,
      rules: [...(rules.get(seq) ?? [])],
      isStop: report.stopped_at === seq,
      isQuestion: report.asked_at === seq,
    })),
    edges: report.edges.filter(({ from, to }) => known.has(from) && known.has(to)),
    hidden: events.length - drawn.length,
  }
}

/** `4 -> mail.send` goes out, `5 <- mail.send` comes back. */
export function labelOf({ seq, direction, tool }: GraphNode): string {
  return `${seq} ${direction === 'request' ? '→' : '←'} ${tool}`
}

export function edgeLabel({ kind, confidence, hops }: SessionGraph['edges'][number]): string {
  const far = hops > 1 ? `, ${hops} hops` : ''
  return `${kind} ${confidence.toFixed(2)}${far}`
}

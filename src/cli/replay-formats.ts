import type { CompiledPolicy } from '../core/policy/compile.ts'
import { isClean, type ReplayReport } from '../engine/replay/replay-report.ts'
import type { CommandContext } from './command.ts'
import { renderAnnotation } from './format/github.ts'
import { cellText, markdownTable } from './format/markdown.ts'
import { pointsAsJunit, pointsAsTap, type TestPoint } from './format/test-points.ts'
import { policyLine, renderSession, totalsLine, totalsOf } from './replay-text.ts'

/** Writes reports as they come, or at the end where the format wants a whole. */
export interface ReplayWriter {
  add(report: ReplayReport): void
  end(): void
}

export function createReplayWriter(
  context: CommandContext,
  policy: CompiledPolicy | undefined,
): ReplayWriter {
  const { stdout, format, paint } = context
  switch (format) {
    case 'ndjson':
      return { add: (report) => stdout.write(`${JSON.stringify(report)}\n`), end() {} }
    case 'json':
      return collected((reports) => stdout.write(`${JSON.stringify(wholeOf(reports))}\n`))
    case 'junit':
      return collected((reports) => stdout.write(pointsAsJunit('replay', reports.map(pointOf))))
    case 'tap':
      return collected((reports) => stdout.write(pointsAsTap(reports.map(pointOf))))
    case 'md':
      return collected((reports) => stdout.write(renderMarkdown(reports)))
    case 'github':
      return { add: (report) => stdout.write(annotationOf(report)), end() {} }
    default:
      stdout.write(`${policyLine(policy, paint)}\n`)
      return textWriter(context)
  }
}

function textWriter({ stdout, paint }: CommandContext): ReplayWriter {
  const totals: ReturnType<typeof totalsOf>[] = []
  return {
    add(report) {
      totals.push(totalsOf(report))
      stdout.write(`${totals.length === 1 ? '' : '\n'}\n${renderSession(report, paint)}`)
    },
    end() {
      if (totals.length > 1) stdout.write(`\n${totalsLine(totals, paint)}\n`)
    },
  }
}

function collected(write: (reports: readonly ReplayReport[]) => void): ReplayWriter {
  const reports: ReplayReport[] = []
  return {
    add: (report) => void reports.push(report),
    end: () => write(reports),
  }
}

/** One session is its report; several are a list of reports. */
function wholeOf(reports: readonly ReplayReport[]): object {
  const [first] = reports
  if (first !== undefined && reports.length === 1) return first
  return { schema: 1, policy_digest: first?.policy_digest ?? null, sessions: reports }
}

/** What kept a session from going through, in a few words. */
function failureOf(report: ReplayReport): TestPoint['failure'] {
  if (isClean(report)) return undefined
  const denial = report.decisions.find(({ effect }) => effect === 'deny')
  if (denial !== undefined)
    return {
      kind: denial.reason,
      message: `event ${denial.seq}: ${denial.resource} denied, ${denial.reason}`,
    }
  if (report.stopped_at !== null)
    return {
      kind: report.disposition,
      message: `the session was stopped at event ${report.stopped_at}`,
    }
  return { kind: 'approval_required', message: `event ${report.asked_at} would wait for a person` }
}

function pointOf(report: ReplayReport): TestPoint {
  return { group: report.name, name: report.session, failure: failureOf(report) }
}

function annotationOf(report: ReplayReport): string {
  const failure = failureOf(report)
  if (failure === undefined) return ''
  return renderAnnotation({
    level: 'error',
    title: `callgate ${failure.kind}`,
    message: `${report.name}: ${failure.message}`,
  })
}

function renderMarkdown(reports: readonly ReplayReport[]): string {
  return markdownTable(
    ['Session', 'Events', 'Allowed', 'Denied', 'Findings', 'Stopped at', 'Asked at', 'Disposition'],
    reports.map((report) => [
      cellText(report.name),
      String(report.events),
      String(report.allowed),
      String(report.denied),
      String(report.findings.length),
      String(report.stopped_at ?? '-'),
      String(report.asked_at ?? '-'),
      report.disposition,
    ]),
  )
}

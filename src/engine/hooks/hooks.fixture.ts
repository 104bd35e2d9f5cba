import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Call, Subject } from '../../core/model/call.ts'
import type { JsonObject } from '../../core/model/json.ts'
import type { CompiledPolicy } from '../../core/policy/compile.ts'
import { parsePolicy } from '../../core/policy/parse.ts'
import type { GateRun, StepResult } from '../gate-step.ts'
import type { Diagnostic } from '../options.ts'
import { type HookParts, openHooks } from './hook-parts.ts'
import type { HookRunners } from './runners.ts'

/** A policy with some hooks, and one rule that lets `bot` do anything. */
export function policyWith(hooks: JsonObject): CompiledPolicy {
  return parsePolicy(`
servers: [db, mail]
roles: [{ name: all, rules: [{ resources: ["*"], verbs: [invoke] }] }]
bindings: [{ agent: bot, roles: [all] }]
hooks: ${JSON.stringify(hooks)}
`)
}

export interface PartsUnderTest {
  readonly parts: HookParts
  readonly diagnostics: Diagnostic[]
}

export function partsWith(runners: HookRunners = {}): PartsUnderTest {
  const diagnostics: Diagnostic[] = []
  const parts = openHooks({ runners, report: (diagnostic) => diagnostics.push(diagnostic) })
  return { parts, diagnostics }
}

export function callOf(
  policy: CompiledPolicy,
  name = 'db.read',
  args: JsonObject = {},
  subject: Subject = { agent: 'bot' },
): Call {
  const resource = policy.index.resolve(name)
  if ('fault' in resource) throw new Error(resource.fault)
  return {
    id: 'call-1',
    trace: 'trace-1',
    session: 's1',
    sequence: 1,
    subject,
    verb: 'invoke',
    resource,
    scope: undefined,
    arguments: args,
    at: 0,
    task: undefined,
    ids: {},
    parent: undefined,
  }
}

/** What the step looks at of a run. */
export function runOf(policy: CompiledPolicy, more: Partial<GateRun> = {}): GateRun {
  const signal = new AbortController().signal
  return { policy, dryRun: false, approved: false, signal: () => signal, ...more } as GateRun
}

export function isPass(result: StepResult): boolean {
  return result.kind === 'pass'
}

/** A folder for scripts that hooks run. */
export interface Workshop {
  readonly folder: string
  /** Writes a script and gives the command that runs it. */
  script(name: string, body: string): string
  remove(): void
}

export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-hooks-'))
  return {
    folder,
    script(name, body) {
      const path = join(folder, name)
      writeFileSync(path, body)
      return `'${process.execPath}' '${path}'`
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until something holds; the runner's own limit ends it where it never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

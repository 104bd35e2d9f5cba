import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { createPolicyEngine, type PolicyEngine } from '../engine/create-policy-engine.ts'
import { loadPolicy } from '../engine/load-policy.ts'
import { type CommandContext, UsageError } from './command.ts'
import { printable } from './paint.ts'

/** The file that is used where none is named and it is there. */
export const DEFAULT_POLICY = 'callgate.yaml'

/**
 * The policies that `--policy` names, else the one in the current folder.
 * @throws {UsageError} where there is neither
 */
export function policyPaths(context: CommandContext): readonly string[] {
  const named = context.options.list('policy')
  if (named.length > 0) return named.map((path) => pathOf(context, path))
  const usual = pathOf(context, DEFAULT_POLICY)
  if (existsSync(usual)) return [usual]
  throw new UsageError(
    'no policy is named',
    `add \`--policy FILE\`, or make \`${DEFAULT_POLICY}\` with \`callgate init\``,
  )
}

/** A path as typed, where that means the same: messages then show what the user wrote. */
export function pathOf(context: { readonly cwd: string }, path: string): string {
  if (isAbsolute(path) || resolve(context.cwd) === process.cwd()) return path
  return join(context.cwd, path)
}

/** @throws {PolicyError} {UsageError} */
export async function loadNamedPolicy(context: CommandContext): Promise<CompiledPolicy> {
  return loadPolicy(...policyPaths(context))
}

/** An engine over the named policy, with its parsers loaded. Diagnostics go to stderr. */
export async function openEngine(
  context: CommandContext,
  policy: CompiledPolicy,
): Promise<PolicyEngine> {
  const engine = createPolicyEngine({
    policy,
    // Whoever asks at the command line says for whom.
    identity: 'host',
    onDiagnostic: diagnosticWriter(context),
  })
  await engine.ready()
  return engine
}

/** Writes each message once, to stderr. */
export function diagnosticWriter(
  context: CommandContext,
): (diagnostic: { readonly code: string; readonly message: string }) => void {
  const said = new Set<string>()
  return ({ code, message }) => {
    if (said.has(message)) return
    said.add(message)
    context.stderr.write(`note: ${printable(message)} (${code})\n`)
  }
}

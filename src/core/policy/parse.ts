import { PolicyError, type PolicyProblem } from '../model/errors.ts'
import { type Checked, checkSources } from './check-sources.ts'
import { type CompiledPolicy, compileDocument } from './compile.ts'
import { digestOf } from './digest.ts'
import type { PolicyDocument } from './document.ts'
import { POLICY_LIMITS, type PolicyLimits } from './limits.ts'
import { readSource } from './read-source.ts'
import { objectSource } from './source.ts'
import type { PolicyWarning } from './warning.ts'

export interface ParseOptions {
  /** Names the text in problems. `.json` and `.yaml` decide its format; else its first character does. */
  readonly filename?: string
  /** How much the text may be. @default 1 MiB, depth 64, 100,000 rules */
  readonly limits?: Partial<PolicyLimits>
}

/** What `callgate validate` shows. `document` and `digest` are null where something is wrong. */
export interface CheckedPolicy {
  readonly document: PolicyDocument | null
  readonly problems: readonly PolicyProblem[]
  readonly warnings: readonly PolicyWarning[]
  readonly digest: string | null
}

/**
 * Reads a policy from YAML or JSON. Throws `PolicyError` with every problem at once.
 * Synchronous; YAML text loads the YAML library when the first one comes.
 */
export function parsePolicy(text: string, options: ParseOptions = {}): CompiledPolicy {
  return compileChecked(checkText(text, options))
}

/** The same for what a program has built: plain objects and lists, copied before they are read. */
export function compilePolicy(
  document: unknown,
  options: Pick<ParseOptions, 'limits'> = {},
): CompiledPolicy {
  return compileChecked(checkDocument(document, limitsOf(options)))
}

/** Reads a policy without throwing: problems, warnings and, where all is well, its digest. */
export function checkPolicyText(text: string, options: ParseOptions = {}): CheckedPolicy {
  return describeChecked(checkText(text, options))
}

/** A checked document to a policy, or a throw of what is wrong with it. */
export function compileChecked(checked: Checked): CompiledPolicy {
  if (checked.document === undefined) throw new PolicyError(checked.problems)
  return compileDocument(checked.document, checked.warnings)
}

export function describeChecked(checked: Checked): CheckedPolicy {
  const { document, problems, warnings } = checked
  return {
    document: document ?? null,
    problems,
    warnings,
    digest: document === undefined ? null : digestOf(document),
  }
}

export function limitsOf(options: Pick<ParseOptions, 'limits'>): PolicyLimits {
  return { ...POLICY_LIMITS, ...options.limits }
}

function checkText(text: string, options: ParseOptions): Checked {
  const limits = limitsOf(options)
  const source = readSource(text, { file: options.filename ?? null, limits })
  return checkSources([source], { limits, hasFiles: false })
}

function checkDocument(document: unknown, limits: PolicyLimits): Checked {
  const source = objectSource(null, document ?? null, [], [])
  return checkSources([source], { limits, hasFiles: false })
}

import { isPlainObject } from '../json-kind.ts'
import { CallgateError, PolicyError, type PolicyProblem } from '../model/errors.ts'
import { type Checked, checkSources } from './check/check-sources.ts'
import { type CompiledPolicy, compileDocument } from './compile.ts'
import { digestOf } from './digest.ts'
import type { PolicyDocument } from './document.ts'
import { POLICY_LIMITS, type PolicyLimits } from './limits.ts'
import { readSource } from './read/read-source.ts'
import { objectSource } from './read/source.ts'
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
  return compileChecked(checkDocument(document, options))
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

/** The limits asked for, the defaults where nothing is. Throws for what would be no limit. */
function limitsOf(limits: ParseOptions['limits']): PolicyLimits {
  if (limits !== undefined && !isPlainObject(limits))
    throw invalidOption('`limits` must be an object')
  const limitOf = (name: keyof PolicyLimits): number => {
    const limit = limits?.[name] ?? POLICY_LIMITS[name]
    if (Number.isSafeInteger(limit) && limit > 0) return limit
    throw invalidOption(`\`limits.${name}\` must be a whole number above 0`)
  }
  return {
    maxBytes: limitOf('maxBytes'),
    maxDepth: limitOf('maxDepth'),
    maxRules: limitOf('maxRules'),
  }
}

function invalidOption(message: string): CallgateError {
  return new CallgateError('ERR_OPTIONS_INVALID', message)
}

function optionsOf<Options>(options: Options): Options {
  if (isPlainObject(options)) return options
  throw invalidOption('the options must be an object')
}

function checkText(text: string, options: ParseOptions): Checked {
  const { filename, limits: asked } = optionsOf(options)
  if (typeof text !== 'string')
    throw invalidOption(
      'a policy is read from a text: decode bytes, give objects to `compilePolicy`',
    )
  if (filename !== undefined && typeof filename !== 'string')
    throw invalidOption('`filename` must be a text')
  const limits = limitsOf(asked)
  const source = readSource(text, { file: filename ?? null, limits })
  return checkSources([source], { limits, hasFiles: false })
}

function checkDocument(document: unknown, options: Pick<ParseOptions, 'limits'>): Checked {
  const limits = limitsOf(optionsOf(options).limits)
  const source = objectSource(null, document ?? null, [], [])
  return checkSources([source], { limits, hasFiles: false })
}

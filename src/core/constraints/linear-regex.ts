import type { RE2JS } from 're2js'
import { requireLater } from '../require-later.ts'
import { isAmbiguousLoop } from './regex-ambiguity.ts'

/** A regular expression that takes time linear in the text. */
export interface LinearRegex {
  /** Longest text, in UTF-16 units, that it judges within about 100 ms, whatever the text. */
  readonly longest: number
  /** True where the pattern is found anywhere in the text. */
  test(text: string): boolean
}

export interface RegexFault {
  readonly kind: 'bad_regex' | 'unsafe_regex'
  readonly at: 'pattern' | 'flags'
  readonly message: string
  readonly hint?: string
}

const LONGEST_PATTERN = 1000
const LONGEST_TEXT = 65_536
// Steps of the engine's slowest path, at 15 ns each: measured with `[ab]*a[ab]{300}c$`.
const MOST_STEPS = 6_000_000
const NOT_LINEAR = /\(\?<?[=!]|\\[1-9]|\\k</

/** What is wrong with a pattern, or undefined. Loads the engine. */
export function regexFault(pattern: string, flags: string): RegexFault | undefined {
  if (!/^[imsu]*$/.test(flags))
    return { kind: 'bad_regex', at: 'flags', message: 'flags are some of `i`, `m`, `s` and `u`' }
  if (pattern.length > LONGEST_PATTERN)
    return { kind: 'unsafe_regex', at: 'pattern', message: 'the pattern is too long' }
  const compiled = compile(pattern, flags)
  if ('message' in compiled) return refusal(pattern, compiled.message)
  if (compiled.programSize() * LONGEST_PATTERN > MOST_STEPS)
    return { kind: 'unsafe_regex', at: 'pattern', message: 'the repetitions multiply to too many' }
  if (isAmbiguousLoop(pattern, flags.includes('i')))
    return {
      kind: 'unsafe_regex',
      at: 'pattern',
      message: 'a repetition can match the same text in many ways',
      hint: 'write `a+` for `(a+)+` and `a` for `a|a`, so that one way is left',
    }
  return undefined
}

/** Compiles a pattern that `regexFault` found nothing wrong with; throws where something is. */
export function linearRegex(pattern: string, flags: string): LinearRegex {
  const compiled = compile(pattern, flags)
  if ('message' in compiled) throw new SyntaxError(compiled.message)
  const longest = Math.min(LONGEST_TEXT, Math.floor(MOST_STEPS / compiled.programSize()))
  return { longest, test: (text) => compiled.test(text) }
}

function compile(pattern: string, flags: string): RE2JS | { readonly message: string } {
  const engine = (requireLater('re2js') as { RE2JS: typeof RE2JS }).RE2JS // its own types
  const bits =
    (flags.includes('i') ? engine.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? engine.MULTILINE : 0) |
    (flags.includes('s') ? engine.DOTALL : 0)
  try {
    return engine.compile(pattern, bits)
  } catch (error) {
    // Its syntax errors, and a RangeError where groups are nested too deep.
    return { message: error instanceof Error ? error.message : 'the pattern was refused' }
  }
}

function refusal(pattern: string, message: string): RegexFault {
  if (NOT_LINEAR.test(pattern))
    return {
      kind: 'unsafe_regex',
      at: 'pattern',
      message: 'backreferences and lookaround cannot be matched in linear time',
      hint: 'say what may be there instead, or use two constraints',
    }
  const kind =
    /repeat|large|deep|stack/i.test(message) && isJavaScript(pattern) ? 'unsafe_regex' : 'bad_regex'
  return {
    kind,
    at: 'pattern',
    message: message.replace('error parsing regexp', 'the pattern has'),
  }
}

// Compiled, never run: tells a limit of the engine from a fault of the pattern.
function isJavaScript(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

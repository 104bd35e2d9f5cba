import type { RE2JS } from 're2js'
import { requireLater } from '../../require-later.ts'
import { createTextCache } from '../sql/cache.ts'
import { MOST_STEPS } from './budget.ts'
import { loopAmbiguity } from './regex-ambiguity.ts'

/** A regular expression that takes time linear in the text. */
export interface LinearRegex {
  /** Steps of a `Budget` for each character of a text. */
  readonly size: number
  /** Longest text, in UTF-16 units, that one budget suffices for. */
  readonly longest: number
  /** True where the pattern is found anywhere in the text. Spends nothing: that is the caller's. */
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
const MOST_INSTRUCTIONS = 3000
// For a character: some 60 ns an instruction, measured with `[ab]*a[ab]{300}c$` and random texts.
const STEPS_PER_INSTRUCTION = 5
const NOT_LINEAR = /\(\?<?[=!]|\\[1-9]|\\k</
// Policies repeat their patterns, in rules and in the steps from text to judge.
const MOST_KEPT = 256

/** What is wrong with a pattern, or undefined. Loads the engine. */
export function regexFault(pattern: string, flags: string): RegexFault | undefined {
  const reading = readRegex(pattern, flags)
  return 'at' in reading ? reading : undefined
}

/** Compiles a pattern that `regexFault` found nothing wrong with; throws where something is. */
export function linearRegex(pattern: string, flags: string): LinearRegex {
  const reading = readRegex(pattern, flags)
  if ('at' in reading) throw new SyntaxError(reading.message)
  return reading
}

type RegexReading = LinearRegex | RegexFault

// A memo: what it holds changes no answer.
const readings = createTextCache<RegexReading>(MOST_KEPT, LONGEST_PATTERN + 10)

function readRegex(pattern: string, flags: string): RegexReading {
  const key = `${flags}/${pattern}`
  const known = readings.get(key)
  if (known !== undefined) return known
  const reading = compiledReading(pattern, flags)
  readings.set(key, reading)
  return reading
}

function compiledReading(pattern: string, flags: string): RegexReading {
  if (!/^[imsu]*$/.test(flags))
    return { kind: 'bad_regex', at: 'flags', message: 'flags are some of `i`, `m`, `s` and `u`' }
  if (pattern.length > LONGEST_PATTERN) return unsafe('the pattern is too long')
  const compiled = compile(pattern, flags)
  if ('message' in compiled) return refusal(pattern, compiled.message)
  const instructions = compiled.programSize()
  if (instructions > MOST_INSTRUCTIONS) return unsafe('the repetitions multiply to too many')
  switch (loopAmbiguity(pattern, flags.includes('i'))) {
    case 'ambiguous':
      return unsafe(
        'a repetition can match the same text in many ways',
        'write `a+` for `(a+)+` and `a` for `a|a`, so that one way is left',
      )
    case 'too_complex':
      return unsafe(
        'the pattern is too complex to tell whether it is safe',
        'use several constraints, or fewer repetitions and alternatives',
      )
    case 'none': {
      const size = STEPS_PER_INSTRUCTION * instructions
      return {
        size,
        longest: Math.min(LONGEST_TEXT, Math.floor(MOST_STEPS / size)),
        test: (text) => compiled.test(text),
      }
    }
  }
}

function unsafe(message: string, hint?: string): RegexFault {
  return { kind: 'unsafe_regex', at: 'pattern', message, ...(hint === undefined ? {} : { hint }) }
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
    return unsafe(
      'backreferences and lookaround cannot be matched in linear time',
      'say what may be there instead, or use two constraints',
    )
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

import { POLICY_LIMITS, type PolicyLimits } from '../limits.ts'
import { decodeUtf8, prescan, tooLarge } from './prescan.ts'
import { readJson } from './read-json.ts'
import { readYaml } from './read-yaml.ts'
import { type Reading, type Source, sourceOf, unreadable } from './source.ts'

export interface ReadOptions {
  /** Names the text in problems; its ending decides the format. */
  readonly file: string | null
  readonly limits?: PolicyLimits
}

/** Text of a policy to plain values with places. Never throws: what is wrong is in `problems`. */
export function readSource(text: string, options: ReadOptions): Source {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  return sourceOf(options.file, body, read(body, options))
}

/** The same for the bytes of a file, of which a reader need not give more than one over the limit. */
export function readSourceBytes(bytes: Uint8Array, options: ReadOptions): Source {
  const limits = options.limits ?? POLICY_LIMITS
  if (bytes.length > limits.maxBytes) {
    const head = new TextDecoder('utf-8').decode(bytes.subarray(0, limits.maxBytes))
    const others = prescan(head, limits).filter((fault) => fault.kind !== 'too_large')
    return sourceOf(options.file, head, unreadable(tooLarge(limits.maxBytes), ...others))
  }
  const { text, fault } = decodeUtf8(bytes)
  return fault === undefined
    ? readSource(text, options)
    : sourceOf(options.file, text, unreadable(fault))
}

function read(text: string, options: ReadOptions): Reading {
  const limits = options.limits ?? POLICY_LIMITS
  const faults = prescan(text, limits)
  if (faults.length > 0) return unreadable(...faults)
  return formatOf(text, options.file) === 'json'
    ? json(text, limits)
    : readYaml(text, limits.maxDepth)
}

function json(text: string, limits: PolicyLimits): Reading {
  if (text.trim() === '')
    return unreadable({ kind: 'empty', message: 'the policy is empty', at: 0 })
  const reading = readJson(text, limits.maxDepth)
  return reading.value === null
    ? unreadable({ kind: 'empty', message: 'the policy is empty', at: 0 })
    : reading
}

/** By the file's ending; without one, a text that begins like a JSON object or list is JSON. */
function formatOf(text: string, file: string | null): 'json' | 'yaml' {
  if (file !== null && /\.jsonc?$/i.test(file)) return 'json'
  if (file !== null && /\.ya?ml$/i.test(file)) return 'yaml'
  return /^\s*[[{]/.test(text) ? 'json' : 'yaml'
}

import type { ScanMatch } from '../match.ts'
import { putGroup, type Weights } from './evidence.ts'
import { findPassages } from './find-instructions.ts'
import { Role } from './roles.ts'
import type { Sentence } from './sentences.ts'
import { Trait } from './traits.ts'

/** Where keys and tokens are kept; a description has no reason to name them. */
const SECRET_PATH =
  /(?:~|\$HOME|\/root|\/home\/\w{1,32})\/\.\w{2,20}|\bid_(?:rsa|ed25519|ecdsa)\b|\.env\b|\/etc\/(?:passwd|shadow)\b|\.aws\/|\.kube\/|\bmcp\.json\b|\.git-credentials\b|\.netrc\b|\bauthorized_keys\b/i
/** The tool is to be put in front of others, or to change how they are called. */
const OTHER_TOOLS =
  /\b(?:before|whenever|every time|each time|when|after) (?:you )?(?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)) (?:this|any|another|other|the) (?:\w{1,24} )?(?:tools?|functions?)\b|\b(?:any|all) other tools?\b|\bmust (?:always )?be (?:called|used|invoked) (?:first|before)\b|\binstead of (?:the )?\w{1,32} tool\b|\b(?:bcc|also send|also forward|copy) \S{1,64}@/i
/** What was read is to be handed over under another name. */
const SIDE_CHANNEL =
  /\bpass (?:its|the|their|this|that) (?:\w{1,24} ){0,3}?(?:contents?|values?|output|result)?\s?(?:as|in|into|to) (?:the )?[`'"]?\w{1,32}[`'"]? ?(?:parameter|argument|field)?|\bside ?note\b|\b(?:otherwise|or) (?:the|this) tool (?:will|won't|does) not work|\bwill not work (?:otherwise|unless)/i

/** Descriptions are short; the rest of a longer one is not read. */
const MAX_UNITS = 32_768

/**
 * Passages of a tool's description, or of its parameters', that order what using the tool does not
 * need. Orders to the model are normal here, so that secrets, other tools and secrecy count instead.
 */
export function findInToolDescription(text: string): readonly ScanMatch[] {
  const matches = findPassages(text.length > MAX_UNITS ? text.slice(0, MAX_UNITS) : text, {
    extra: (sentence, weights) =>
      weighDescription(text.slice(sentence.start, sentence.end), sentence, weights),
    decodes: true,
    readsAll: true,
  })
  return matches.map((match) =>
    match.kind === 'exfiltration' || match.kind === 'secrecy' || match.kind === 'role_marker'
      ? { ...match, kind: 'tool_poisoning' }
      : match,
  )
}

function weighDescription(sentence: string, { roles, traits }: Sentence, weights: Weights): void {
  const orders = (traits & Trait.order) !== 0 || (roles & (Role.must | Role.act | Role.send)) !== 0
  // "You" and "the assistant" are how descriptions speak.
  weights[ADDRESS] = Math.min(weights[ADDRESS] ?? 0, 0.1)
  if (orders && SECRET_PATH.test(sentence)) putGroup(weights, 'exfiltration', 0.55)
  if (orders && OTHER_TOOLS.test(sentence)) putGroup(weights, 'completion', 0.3)
  if (SIDE_CHANNEL.test(sentence)) putGroup(weights, 'output', 0.35)
}

const ADDRESS = 2

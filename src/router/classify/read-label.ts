import { isMap } from '../../core/json-kind.ts'
import { COMPLEXITIES, type Complexity, TASKS, type Task } from '../../core/routing/words.ts'
import { nearestWord } from './nearest-word.ts'

/** What a model says a request is about. */
export interface Label {
  readonly task: Task
  readonly complexity: Complexity
  readonly confidence?: number
  /** True where its words had to be mended to be understood. */
  readonly repaired: boolean
}

/** A model that is asked for JSON says it bare, in a fence, or among words. Undefined: it says no label. */
export function readLabel(text: string): Label | undefined {
  const bare = objectIn(text)
  if (bare !== undefined) return labelIn(bare, false)
  const fenced = objectIn(withoutFence(text))
  if (fenced !== undefined) return labelIn(fenced, false)
  const found = objectIn(firstBraced(text))
  return found === undefined ? undefined : labelIn(found, true)
}

type Fields = Readonly<Record<string, unknown>>

function withoutFence(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```')) return ''
  return trimmed.slice(3, -3).replace(/^[a-zA-Z]+/, '')
}

function objectIn(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** From the first brace to the one that closes it; braces in strings do not count. */
function firstBraced(text: string): string {
  const start = text.indexOf('{')
  let depth = 0
  let isInString = false
  for (let at = start; at >= 0 && at < text.length; at++) {
    const sign = text[at]
    if (isInString && sign === '\\') at++
    else if (sign === '"') isInString = !isInString
    else if (isInString) continue
    else if (sign === '{') depth++
    else if (sign === '}' && --depth === 0) return text.slice(start, at + 1)
  }
  return ''
}

/** INVARIANT: only these three members are looked at. What else is said is nobody's business. */
function labelIn(fields: Fields, wasAmongWords: boolean): Label | undefined {
  const task = nearestWord(member(fields, 'task'), TASKS, TASK_SYNONYMS)
  const complexity = nearestWord(member(fields, 'complexity'), COMPLEXITIES, COMPLEXITY_SYNONYMS)
  if (task === undefined || complexity === undefined) return undefined
  const said = member(fields, 'confidence')
  const confidence = confidenceIn(said)
  const isMended = task !== fields['task'] || complexity !== fields['complexity']
  return {
    task,
    complexity,
    ...(confidence === undefined ? {} : { confidence }),
    repaired: wasAmongWords || isMended || (said !== undefined && confidence !== said),
  }
}

/** By its name, however that is written. */
function member(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name]
  const key = Object.keys(fields).find((one) => one.trim().toLowerCase() === name)
  return key === undefined ? undefined : fields[key]
}

/** From 0 to 1; also as a percentage, and as a text. Undefined: none that can be used. */
function confidenceIn(said: unknown): number | undefined {
  const text = typeof said === 'string' ? said.trim() : ''
  const number = /^\d{1,3}(?:\.\d{1,6})?%?$/.test(text) ? Number.parseFloat(text) : said
  if (typeof number !== 'number' || !(number >= 0 && number <= 100)) return undefined
  return number > 1 || text.endsWith('%') ? number / 100 : number
}

const TASK_SYNONYMS: Readonly<Record<string, Task>> = {
  coding: 'code',
  code_generation: 'code',
  programming: 'code',
  debugging: 'code',
  software: 'code',
  chat: 'conversation',
  chitchat: 'conversation',
  small_talk: 'conversation',
  greeting: 'conversation',
  conversational: 'conversation',
  creative_writing: 'creative',
  writing: 'creative',
  storytelling: 'creative',
  classify: 'classification',
  categorization: 'classification',
  sentiment: 'classification',
  sentiment_analysis: 'classification',
  extract: 'extraction',
  information_extraction: 'extraction',
  mathematics: 'math',
  maths: 'math',
  arithmetic: 'math',
  calculation: 'math',
  question_answering: 'qa',
  question: 'qa',
  factual_qa: 'qa',
  knowledge: 'qa',
  retrieval: 'rag',
  retrieval_augmented_generation: 'rag',
  reading_comprehension: 'rag',
  logic: 'reasoning',
  analysis: 'reasoning',
  planning: 'reasoning',
  summary: 'summarization',
  summarisation: 'summarization',
  summarize: 'summarization',
  tool: 'tool_use',
  tools: 'tool_use',
  tool_call: 'tool_use',
  function_calling: 'tool_use',
  translate: 'translation',
  image: 'vision',
  multimodal: 'vision',
  none: 'other',
  unknown: 'other',
  general: 'other',
}

const COMPLEXITY_SYNONYMS: Readonly<Record<string, Complexity>> = {
  trivial: 'low',
  easy: 'low',
  simple: 'low',
  basic: 'low',
  minimal: 'low',
  moderate: 'medium',
  mid: 'medium',
  middle: 'medium',
  normal: 'medium',
  average: 'medium',
  intermediate: 'medium',
  hard: 'high',
  difficult: 'high',
  complex: 'high',
  advanced: 'high',
  very_high: 'high',
  expert: 'high',
}

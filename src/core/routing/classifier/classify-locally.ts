import type { Classification, ModelRequest } from '../model-request.ts'
import type { Task } from '../words.ts'
import { excerptOf } from './excerpt.ts'
import { isSmallTalk, ruleHits } from './rules.ts'

export function classifyLocally(request: ModelRequest): Classification {
  const text = request.messages.filter(({ role }) => role === 'user').at(-1)?.text ?? ''
  if (isSmallTalk(text)) return { ...NOTHING, task: 'conversation', confidence: 0.9, by: 'local' }
  let best: Task | 'unknown' = 'unknown'
  let most = 0
  let all = 0
  for (const [task, hits] of ruleHits(excerptOf(text))) {
    all += hits
    if (hits > most) {
      best = task
      most = hits
    }
  }
  return all === 0 ? NOTHING : { ...NOTHING, task: best, confidence: most / (all + 1), by: 'local' }
}

const NOTHING: Classification = Object.freeze({
  task: 'unknown',
  complexity: 'medium',
  score: 0.5,
  confidence: 0,
  by: 'none',
})

import { BUILT_IN_RULE_IDS } from '../../behavior/rule-ids.ts'
import { count, duration, flag, list, map, number, type Schema, text, word } from './parts.ts'

/** What the behavioural layer may be told. */

/** The rules that a policy may speak of. */
export const BEHAVIOR_RULES = BUILT_IN_RULE_IDS

const RULE = map(
  {
    enabled: flag('Off: the rule is not evaluated.', true),
    action: word('What a finding does.', ['warn', 'ask', 'pause', 'terminate']),
    severity: word('How grave a finding is.', ['low', 'medium', 'high', 'critical']),
    score: number('What a finding adds to the risk.', { maximum: 100 }),
    min_confidence: number('Findings below are dropped.', { maximum: 1 }),
    min_calls: count('Calls before it can fire.'),
    min_bytes: count('Bytes before it can fire.'),
    window: duration('How far back it looks.'),
    except: list(text('A selector.'), 'Resources it does not look at.'),
  },
  'How one rule behaves.',
)

export const RISK = map(
  {
    warn_at: number('Risk from which the session is warned.', { default: 30 }),
    pause_at: number('Risk from which it is paused.', { default: 60 }),
    terminate_at: number('Risk from which it is ended.', { default: 90 }),
  },
  'Thresholds of the risk score, each above the one before.',
)

export const BEHAVIOR: Schema = map(
  {
    rules: map(
      Object.fromEntries(BEHAVIOR_RULES.map((id) => [id, { $ref: '#/definitions/behavior_rule' }])),
      'The rules by id.',
    ),
    destinations: map(
      {
        allow: list(text('A domain, address or recipient.'), 'Where data may always go.'),
        deny: list(text('A domain, address or recipient.'), 'Where data may never go.'),
      },
      'Where data may go.',
    ),
    trusted_fields: list(
      text('`tool.field`, or a field’s name.'),
      'Fields of responses that no stranger writes.',
    ),
    trusted_tools: list(text('A selector.'), 'Tools whose output is a person’s own answer.'),
    suspicious_text: word(
      'What becomes of text in a response that speaks to the model: it is kept, or taken out before the agent sees it.',
      ['keep', 'remove'],
      { default: 'keep' },
    ),
    risk: { $ref: '#/definitions/risk' },
  },
  'What is watched over the whole session.',
)

export { RULE as BEHAVIOR_RULE }

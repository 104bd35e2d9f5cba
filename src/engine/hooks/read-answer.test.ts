import { describe, expect, it } from 'vitest'
import { type Answer, readCommand, readReply } from './read-answer.ts'

const short = (answer: Answer): string =>
  answer.kind === 'none'
    ? 'none'
    : `${answer.kind}: ${answer.kind === 'failed' ? answer.detail : (answer.reason ?? '-')}`

const result = (exitCode: number | null, stdout = '', stderr = '') => ({ exitCode, stdout, stderr })

describe('what a command did', () => {
  it.each<[string, unknown, string]>([
    ['exit 0 without a word', result(0), 'none'],
    ['exit 0 with some text', result(0, 'looks good\n'), 'none'],
    ['exit 0 with JSON that is no object', result(0, '["deny"]'), 'none'],
    ['exit 0 with an empty object', result(0, ' {} '), 'none'],
    ['approve', result(0, '{"decision":"approve"}'), 'none'],
    ['allow', result(0, '{"decision":"allow"}'), 'none'],
    ['deny', result(0, '{"decision":"deny","reason":"no"}'), 'deny: no'],
    ['block', result(0, '{"decision":"block"}'), 'deny: -'],
    ['ask', result(0, '{"decision":"ask","reason":"who?"}'), 'ask: who?'],
    ['a null decision', result(0, '{"decision":null}'), 'none'],
    [
      'the nested form',
      result(
        0,
        '{"hookSpecificOutput":{"permissionDecision":"deny","permissionDecisionReason":"no"}}',
      ),
      'deny: no',
    ],
    [
      'two decisions, of which the stricter counts',
      result(0, '{"decision":"approve","hookSpecificOutput":{"permissionDecision":"ask"}}'),
      'ask: -',
    ],
    [
      'a denial beside a word that is not known',
      result(0, '{"decision":"maybe","hookSpecificOutput":{"permissionDecision":"deny"}}'),
      'deny: -',
    ],
    ['a stop', result(0, '{"continue":false,"stopReason":"enough"}'), 'deny: enough'],
    [
      'a word that is not known',
      result(0, '{"decision":"Deny"}'),
      'failed: its answer has a decision that is not known',
    ],
    [
      'a decision of another type',
      result(0, '{"decision":true}'),
      'failed: its answer has a decision that is not known',
    ],
    [
      'a name every object has',
      result(0, '{"decision":"constructor"}'),
      'failed: its answer has a decision that is not known',
    ],
    ['JSON that was cut off', result(0, '{"decision":"approve"'), 'failed: its answer is not JSON'],
    [
      'a denial behind a log line',
      result(0, 'checking\n{"decision":"deny","reason":"no"}\n\n'),
      'deny: no',
    ],
    ['a top-level permissionDecision', result(0, '{"permissionDecision":"deny"}'), 'deny: -'],
    ['a log line of the word alone', result(0, 'no decision to make, continue\n'), 'none'],
    ['a stop that says to go on', result(0, '{"continue":true}'), 'none'],
    [
      'a decision before the last line',
      result(0, 'log\n{"decision":"deny"}\n{"decision":"approve"}'),
      'failed: its decision is not the last line of its output',
    ],
    [
      'a decision in a list',
      result(0, '[{"decision":"deny"}]'),
      'failed: its decision is not the last line of its output',
    ],
    [
      'a decision over several lines behind a log line',
      result(0, 'log\n{\n  "decision": "deny"\n}'),
      'failed: its decision is not the last line of its output',
    ],
    [
      'a decision in a text',
      result(0, '"{\\"decision\\":\\"deny\\"}"'),
      'failed: its decision is not the last line of its output',
    ],
    [
      'a decision further in',
      result(0, '{"result":{"decision":"deny"}}'),
      'failed: its decision is not where one is read',
    ],
    ...[
      '{"Decision":"deny"}',
      '{"permission_decision":"deny"}',
      '{"hookSpecificOutput":{"permissiondecision":"deny"}}',
      '{"hookSpecificOutput":[{"permissionDecision":"deny"}]}',
      '{"decision":"approve","DECISION":"deny"}',
      '{"continue":"false"}',
    ].map((said): [string, unknown, string] => [
      said,
      result(0, said),
      'failed: its answer has a decision that is not known',
    ]),
    ['exit 2', result(2, '', 'not on Fridays\n'), 'deny: not on Fridays\n'],
    ['exit 2 against its own JSON', result(2, '{"decision":"approve"}', 'no'), 'deny: no'],
    ['exit 1', result(1, '{"decision":"approve"}'), 'failed: exit code 1'],
    ['exit 127', result(127), 'failed: exit code 127'],
    ['a signal', result(null), 'failed: it was ended by a signal'],
    ['nothing', undefined, 'failed: the runner gave no result'],
    ['no exit code', {}, 'failed: it was ended by a signal'],
  ])('with %s', (_name, given, said) => {
    expect(short(readCommand(given))).toBe(said)
  })
})

describe('what a prompt or an agent says', () => {
  it.each<[string, unknown, string]>([
    ['no decision', {}, 'none'],
    ['approve', { decision: 'approve' }, 'none'],
    ['deny', { decision: 'deny', reason: 'no' }, 'deny: no'],
    ['a reason of another type', { decision: 'deny', reason: 7 }, 'deny: -'],
    ['ask', { decision: 'ask' }, 'ask: -'],
    [
      'a word that is not known',
      { decision: 'sure' },
      'failed: its answer has a decision that is not known',
    ],
    ['nothing', undefined, 'failed: it gave no answer'],
    ['true', true, 'failed: it gave no answer'],
    ['a text with a decision', '{"decision":"block","reason":"no"}', 'deny: no'],
    ['a text that approves', ' {"decision":"approve"} ', 'none'],
    ['a text without a decision', '{}', 'failed: its answer has no decision'],
    ['prose', 'I would allow this.', 'failed: its answer is not JSON'],
    ['an empty text', '', 'failed: its answer is not JSON'],
    ['a list', '["deny"]', 'failed: its answer is not JSON'],
  ])('as %s', (_name, given, said) => {
    expect(short(readReply(given))).toBe(said)
  })
})

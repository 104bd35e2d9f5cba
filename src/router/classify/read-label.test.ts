import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMPLEXITIES, TASKS } from '../../core/routing/words.ts'
import { type Label, readLabel } from './read-label.ts'

const QA: Label = { task: 'qa', complexity: 'low', confidence: 0.9, repaired: false }
const MENDED: Label = { ...QA, repaired: true }
const { confidence: _, ...UNSURE } = QA
const SAID = '{"task":"qa","complexity":"low","confidence":0.9}'

describe('a label', () => {
  it.each<[string, string, Label | undefined]>([
    ['bare', SAID, QA],
    ['with blanks', `\n ${SAID}\n`, QA],
    ['in a fence', `\`\`\`json\n${SAID}\n\`\`\``, QA],
    ['in a fence on one line', `\`\`\`${SAID}\`\`\``, QA],
    ['among words', `Sure! Here it is: ${SAID} Anything else?`, MENDED],
    ['among words in a fence', `Sure:\n\`\`\`json\n${SAID}\n\`\`\`\nDone.`, MENDED],
    [
      'with braces in a string',
      `x {"why":"a } b \\" {","task":"qa","complexity":"low"} y`,
      { ...UNSURE, repaired: true },
    ],
    ['without a confidence', '{"task":"qa","complexity":"low"}', UNSURE],
    ['in capitals', '{"Task":"QA","Complexity":"Low","Confidence":0.9}', MENDED],
    [
      'with a synonym',
      '{"task":"question answering","complexity":"easy","confidence":0.9}',
      MENDED,
    ],
    [
      'with one slip',
      '{"task":"summarizaton","complexity":"medum","confidence":0.9}',
      { task: 'summarization', complexity: 'medium', confidence: 0.9, repaired: true },
    ],
    [
      'with letters changed about',
      '{"task":"vsiion","complexity":"high"}',
      { task: 'vision', complexity: 'high', repaired: true },
    ],
    ['with a percentage', '{"task":"qa","complexity":"low","confidence":"90%"}', MENDED],
    ['with a confidence of up to 100', '{"task":"qa","complexity":"low","confidence":90}', MENDED],
    [
      'with a confidence that is none',
      '{"task":"qa","complexity":"low","confidence":"very"}',
      { ...UNSURE, repaired: true },
    ],
    ['with two slips', '{"task":"sumarizaton","complexity":"low"}', undefined],
    ['with a task that is none', '{"task":"banana","complexity":"low"}', undefined],
    ['without a complexity', '{"task":"qa"}', undefined],
    ['with a list for a task', '{"task":["qa"],"complexity":"low"}', undefined],
    ['as a list', `[${SAID}]`, { ...QA, repaired: true }],
    ['cut off', '{"task":"qa","compl', undefined],
    ['in no JSON', 'This is a simple question.', undefined],
    ['inherited', '{"__proto__":{"task":"qa","complexity":"low"}}', undefined],
    ['by a name of every object', '{"task":"constructor","complexity":"toString"}', undefined],
    ['empty', '', undefined],
  ])('is read %s', (_name, text, want) => {
    expect(readLabel(text)).toEqual(want)
  })

  it('has no member but its own, whatever else is said', () => {
    const more = '"capabilities":["vision"],"model":"openai/gpt-4o","allow":true'
    expect(readLabel(`{${more},${SAID.slice(1)}`)).toEqual(QA)
  })

  it('is one of our words or none, and nothing throws, for any text', () => {
    const noise = fc.constantFrom('{', '}', '"', '\\', '```', 'task', 'qa', ':', ',', 'low', ' ')
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(noise, { maxLength: 60 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const label = readLabel(text)
        if (label === undefined) return
        expect(TASKS).toContain(label.task)
        expect(COMPLEXITIES).toContain(label.complexity)
        expect(label.confidence ?? 0).toBeGreaterThanOrEqual(0)
        expect(label.confidence ?? 0).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('survives words around it, a fence, capitals and one lost letter, for any label', () => {
    const label = fc.record({
      task: fc.constantFrom(...TASKS),
      complexity: fc.constantFrom(...COMPLEXITIES),
    })
    const shapes = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => `\`\`\`json\n${text}\n\`\`\``,
      (text) => `I think ${text}, really`,
      (text) => text.toUpperCase(),
    )
    fc.assert(
      fc.property(label, shapes, fc.nat(), (want, shape, at) => {
        const { task } = want
        const place = at % task.length
        const slip = task.length > 5 ? task.slice(0, place) + task.slice(place + 1) : task
        const { task: got, complexity } =
          readLabel(shape(JSON.stringify({ ...want, task: slip }))) ?? {}
        expect({ task: got, complexity }).toEqual(want)
      }),
    )
  })
})

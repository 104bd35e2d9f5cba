import type { Target } from '../config.ts'
import {
  type CompiledConstraint,
  type ConstraintInput,
  type Judgement,
  UNSURE,
} from '../constraint.ts'
import { type JudgeValue, judgeValues } from '../values.ts'
import type { Budget } from './budget.ts'

export type JudgeText = (text: string, budget: Budget) => Judgement

const NO_TEXT: Judgement = { standing: UNSURE, detail: 'is not a text' }

/** A constraint that judges each value by itself; of a list, each member. */
export function valueConstraint(
  kind: string,
  target: Target,
  judgeOne: JudgeValue,
): CompiledConstraint {
  return {
    kind,
    judge: (input) =>
      judgeValues(target.find(input.arguments), target.mode, judgeOne, target.wanted),
  }
}

/** As `valueConstraint`, a list being one value. */
export function wholeValueConstraint(
  kind: string,
  target: Target,
  judgeOne: JudgeValue,
): CompiledConstraint {
  return {
    kind,
    judge: (input) =>
      judgeValues(target.findWhole(input.arguments), target.mode, judgeOne, target.wanted),
  }
}

/** As `valueConstraint`, of texts: all else is unsure. */
export function textConstraint(
  kind: string,
  target: Target,
  judgeText: JudgeText,
): CompiledConstraint {
  return { kind, judge: (input) => judgeTexts(target, input, judgeText) }
}

/** Judges each value of one call as a text. */
export function judgeTexts(
  target: Target,
  input: ConstraintInput,
  judgeText: JudgeText,
): Judgement {
  const judgeOne: JudgeValue = (value, budget) =>
    typeof value === 'string' ? judgeText(value, budget) : NO_TEXT
  return judgeValues(target.find(input.arguments), target.mode, judgeOne, target.wanted)
}

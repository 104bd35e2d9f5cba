import { objectSchema, targetOf, textOption } from '../config.ts'
import { type ConstraintKind, INSIDE, type Judgement, OUTSIDE, UNSURE } from '../constraint.ts'
import { type Budget, spend, TOO_MUCH } from '../support/budget.ts'
import { type LinearRegex, linearRegex, regexFault } from '../support/linear-regex.ts'
import { textConstraint } from '../support/per-value.ts'

/** Texts by a regular expression, in time linear in the text. */
export const matches: ConstraintKind = {
  kind: 'matches',
  summary:
    'The argument is a text in which the pattern is found; `^` and `$` make it match the whole.',
  aliases: [],
  listItems: undefined,
  schema: objectSchema(
    {
      pattern: {
        description:
          'A regular expression of RE2: no backreferences, no lookaround. Found anywhere in the text unless anchored.',
        type: 'string',
        minLength: 1,
      },
      flags: {
        description: '`i` ignore case, `m` lines, `s` dot matches line ends, `u` is accepted.',
        type: 'string',
      },
    },
    ['field', 'pattern'],
  ),
  check(config, report) {
    const fault = regexFault(textOption(config, 'pattern') ?? '', textOption(config, 'flags') ?? '')
    if (fault !== undefined) report(fault.kind, [fault.at], fault.message, fault.hint)
  },
  compile(config) {
    const target = targetOf(config, [])
    const regex = linearRegex(
      textOption(config, 'pattern') ?? '',
      textOption(config, 'flags') ?? '',
    )
    return textConstraint('matches', target, (text, budget) => judgeText(text, regex, budget))
  },
}

function judgeText(text: string, regex: LinearRegex, budget: Budget): Judgement {
  if (text.length > regex.longest)
    return { standing: UNSURE, detail: `is longer than ${regex.longest} characters` }
  if (!spend(budget, regex.size * text.length)) return TOO_MUCH
  return regex.test(text)
    ? { standing: INSIDE, detail: 'matches the pattern' }
    : { standing: OUTSIDE, detail: 'does not match the pattern' }
}

import { SQL_DIALECTS, type SqlDialect } from '../model/call.ts'
import type { JsonValue } from '../model/json.ts'
import { allowedTexts, objectSchema, option, targetOf, textOption } from './config.ts'
import {
  type CompiledConstraint,
  type ConstraintConfig,
  type ConstraintInput,
  type ConstraintKind,
  INSIDE,
  type Judgement,
  OUTSIDE,
  type Standing,
  UNSURE,
} from './constraint.ts'
import { createTextCache } from './sql/cache.ts'
import {
  hiddenIntents,
  type IntentSet,
  intentBit,
  intentNames,
  SQL_INTENTS,
  type SqlIntent,
} from './sql/intents.ts'
import { isParsed } from './sql/parsers.ts'
import { createSqlJudge, type SqlJudge, type Verdict } from './sql/verdict.ts'
import { type Budget, MOST_STEPS, spend, TOO_MUCH } from './support/budget.ts'
import { type Found, judgeValues } from './values.ts'

/** A text is judged once; the next 500 are remembered. */
const CACHED_TEXTS = 500
/** Longer texts are judged each time. */
const CACHED_LENGTH = 4096

/** `with` says nothing: what a `WITH` statement does is said by its body. */
const ACCEPTED = [...SQL_INTENTS, 'with']

const ALIASES: readonly string[] = [
  'sql',
  'query',
  'queries',
  'statement',
  'statements',
  'sql_query',
  'sql_queries',
  'sql_statement',
  'sql_statements',
  'sql_text',
  'sql_script',
  'sql_command',
  'raw_sql',
  'raw_query',
  'query_text',
  'query_string',
  'script',
]

const WORDS: readonly string[] = ['sql', 'query', 'queries']

/** What a SQL text does. */
export const sqlIntent: ConstraintKind = {
  kind: 'sql_intent',
  summary: 'Every statement of a SQL text only does what is listed, as in `sql_intent: [select]`.',
  aliases: ALIASES,
  words: WORDS,
  listItems: { enum: ACCEPTED },
  schema: objectSchema(
    {
      allow: {
        description:
          'What the text may do. Row locks count as `update`, functions that are not known to be pure as `call`; `with` is accepted and means nothing.',
        type: 'array',
        items: { enum: ACCEPTED },
      },
      dialect: {
        description:
          'The dialect of the text. Default: the `sql_dialect` of the tool; without it, a text is only what it is in every dialect.',
        enum: SQL_DIALECTS,
      },
      functions: {
        description:
          'Functions of yours that only compute or read, by the name a query calls them by.',
        type: 'array',
        items: { type: 'string', minLength: 1 },
      },
    },
    ['allow'],
  ),
  check(config, report) {
    if (intentsOf(config).length > 0) return
    const path = Array.isArray(config) ? [] : ['allow']
    report('bad_enum', path, '`sql_intent` lists no intent', 'list at least one, such as `select`')
  },
  compile: compileSqlIntent,
}

function compileSqlIntent(config: ConstraintConfig): CompiledConstraint {
  const target = targetOf(config, ALIASES, WORDS)
  const allowed = allowedSet(config)
  const judges = createJudges(functionsOf(config), allowed)
  const dialectOf = dialectReader(config)
  const judgeFound = (
    found: readonly Found[],
    input: ConstraintInput,
    dialect: SqlDialect | undefined,
  ): Judgement => {
    const judgeText = judges(dialect)
    const steps = stepsFor(dialect)
    const judgeOne = (value: JsonValue, budget: Budget): Judgement => {
      if (typeof value !== 'string') return NO_TEXT
      // Charged beforehand, though at most as much as a whole budget: one text is always judged.
      const cost = Math.min(steps * value.length, MOST_STEPS - 1)
      return spend(budget, cost) ? judgeText(value, input) : TOO_MUCH
    }
    return judgeValues(found, target.mode, judgeOne, target.wanted)
  }
  return {
    kind: 'sql_intent',
    needs(resource) {
      const dialect = dialectOf(resource)
      return dialect !== undefined && isParsed(dialect) ? [dialect] : []
    },
    judge(input) {
      const dialect = dialectOf(input.resource)
      const found = target.find(input.arguments)
      const parsers = input.ports.sqlParsers
      const isReady =
        found.length === 0 || dialect === undefined || parsers?.ready(dialect) !== false
      if (isReady || parsers === undefined || dialect === undefined)
        return judgeFound(found, input, dialect)
      return parsers.load(dialect).then(() => judgeFound(found, input, dialect), notLoaded)
    },
  }
}

// Steps a character: one reader; the parser too; the readers of every dialect. Measured.
function stepsFor(dialect: SqlDialect | undefined): number {
  if (dialect === undefined) return UNKNOWN_STEPS
  return isParsed(dialect) ? PARSED_STEPS : READ_STEPS
}
const READ_STEPS = 10
const PARSED_STEPS = 60
const UNKNOWN_STEPS = 50

const NO_TEXT: Judgement = { standing: UNSURE, detail: 'is not a text' }

// Whatever kept the parser away: what cannot be confirmed is not allowed.
const notLoaded = (): Judgement => ({
  standing: UNSURE,
  detail: 'the SQL parser could not be loaded',
})

type JudgeText = (text: string, input: ConstraintInput) => Judgement

/** Judges by dialect, each made when first needed. */
function createJudges(
  functions: readonly string[],
  allowed: IntentSet,
): (dialect: SqlDialect | undefined) => JudgeText {
  const byDialect = new Map<SqlDialect | undefined, JudgeText>()
  return (dialect) => {
    const known = byDialect.get(dialect)
    if (known !== undefined) return known
    const made = cachedJudge(createSqlJudge(dialect, functions), allowed)
    byDialect.set(dialect, made)
    return made
  }
}

function cachedJudge(judge: SqlJudge, allowed: IntentSet): JudgeText {
  const cache = createTextCache<Judgement>(CACHED_TEXTS, CACHED_LENGTH)
  const shown = `[${intentNames(allowed).join(', ')}]`
  return (text, input) => {
    const parsers = input.ports.sqlParsers
    const known = cache.get(text)
    if (known !== undefined) return known
    const judged = standingOf(judge(text, parsers), allowed, shown)
    // Without parsers the verdict is not the text's own.
    if (parsers !== undefined) cache.set(text, judged)
    return judged
  }
}

function standingOf(verdict: Verdict, allowed: IntentSet, shown: string): Judgement {
  const outside = verdict.intents & ~allowed
  const inside = verdict.intents & allowed
  let standing: Standing = outside === 0 ? 0 : OUTSIDE
  if (inside !== 0 && verdict.doubt === undefined) standing |= INSIDE
  // A deny rule for `delete` fires on what may delete; an allow rule has said no already.
  const mayHide = (hiddenIntents(outside) & allowed) !== 0
  if (verdict.doubt !== undefined || mayHide) standing |= UNSURE
  return { standing, detail: detailOf(verdict, outside, shown) }
}

// Never a name or a literal of the text: only words of ours.
function detailOf(verdict: Verdict, outside: IntentSet, shown: string): string {
  const names = intentNames(outside).map((name) => `\`${name}\``)
  if (names.length > 0) return `does ${names.join(', ')}, which is not in ${shown}`
  if (verdict.doubt !== undefined) return `cannot be judged: ${verdict.doubt}`
  return `only does what is in ${shown}`
}

function intentsOf(config: ConstraintConfig): readonly SqlIntent[] {
  const listed = new Set(allowedTexts(config).map(({ text }) => text))
  return SQL_INTENTS.filter((intent) => listed.has(intent))
}

function allowedSet(config: ConstraintConfig): IntentSet {
  return intentsOf(config).reduce((set, intent) => set | intentBit(intent), 0)
}

function functionsOf(config: ConstraintConfig): readonly string[] {
  const functions = option(config, 'functions')
  return Array.isArray(functions) ? functions.filter((name) => typeof name === 'string') : []
}

/** The dialect of the config, else of the tool. */
function dialectReader(
  config: ConstraintConfig,
): (
  resource: { readonly sql_dialect: SqlDialect | undefined } | undefined,
) => SqlDialect | undefined {
  const named = textOption(config, 'dialect')
  const configured = SQL_DIALECTS.find((dialect) => dialect === named)
  return (resource) => configured ?? resource?.sql_dialect
}

import { readFileSync } from 'node:fs'
import { type CallRequest, type Subject, TIERS, VERBS } from '../core/model/call.ts'
import type { JsonObject } from '../core/model/json.ts'
import { type CommandContext, type OptionSpec, type PositionalSpec, UsageError } from './command.ts'
import { pathOf } from './policy.ts'

/** What `can-i` and `explain` take to describe one call. */
export const CALL_POSITIONALS: readonly PositionalSpec[] = [
  { name: 'AGENT', summary: 'who asks' },
  { name: 'VERB', summary: 'what for', choices: VERBS },
  { name: 'RESOURCE', summary: 'a tool such as `db.execute_sql`, or `model:openai/gpt-4o`' },
]

export const CALL_OPTIONS: readonly OptionSpec[] = [
  { name: 'args', value: 'JSON|@FILE', summary: 'the arguments of the call' },
  { name: 'scope', value: 'SCOPE', summary: 'its scope, where the catalogue gives none' },
  { name: 'server', value: 'SERVER', summary: 'the server that registered the tool' },
  { name: 'user', value: 'NAME', summary: 'the person behind the agent' },
  { name: 'team', value: 'NAME', summary: 'their team' },
  { name: 'group', value: 'NAME', repeatable: true, summary: 'a group they are in' },
  { name: 'department', value: 'NAME', summary: 'their department' },
  { name: 'tenant', value: 'NAME', summary: 'their tenant' },
  { name: 'tier', value: 'TIER', summary: 'how far the caller is trusted', choices: TIERS },
]

/** The call that a command line describes. */
export function requestOf(context: CommandContext): CallRequest {
  const { options, positionals } = context
  const [, verb, resource] = positionals
  const known = VERBS.find((one) => one === verb)
  if (known === undefined || resource === undefined)
    throw new UsageError('VERB and RESOURCE are missing', 'such as `invoke db.execute_sql`')
  const scope = options.text('scope')
  const server = options.text('server')
  return {
    session: 'command-line',
    resource,
    verb: known,
    arguments: argumentsOf(context),
    subject: subjectOf(context),
    ...(scope === undefined ? {} : { scope }),
    ...(server === undefined ? {} : { server }),
  }
}

const SUBJECT_TEXTS = ['user', 'team', 'department', 'tenant'] as const

export function subjectOf({ options, positionals }: CommandContext): Subject {
  const groups = options.list('group')
  const tier = TIERS.find((one) => one === options.text('tier'))
  const texts = SUBJECT_TEXTS.flatMap((name) => {
    const value = options.text(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    agent: positionals[0] ?? '',
    ...Object.fromEntries(texts),
    ...(groups.length === 0 ? {} : { groups }),
    ...(tier === undefined ? {} : { tier }),
  }
}

/** @throws {UsageError} for what is not a JSON object */
function argumentsOf(context: CommandContext): JsonObject {
  const typed = context.options.text('args')
  if (typed === undefined) return {}
  const text = typed.startsWith('@') ? readFileSync(pathOf(context, typed.slice(1)), 'utf8') : typed
  const value = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject // parsed from JSON
  throw new UsageError(
    '`--args` is not a JSON object',
    `write it like --args '{"query":"SELECT 1"}', or --args @file.json`,
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

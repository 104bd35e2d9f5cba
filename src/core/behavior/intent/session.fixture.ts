import type { JsonValue } from '../../model/json.ts'
import { readArguments } from '../payload/read-arguments.ts'
import { readLeaves } from '../payload/read-leaves.ts'
import { createIntent } from './create-intent.ts'
import type { Act, Explanation, Intent, IntentOptions } from './intent.ts'

/** A tool, its arguments, and its tags where it has some. */
export type FixtureCall = readonly [
  tool: string,
  args: { readonly [key: string]: JsonValue },
  tags?: readonly string[],
]
/** A call and what it gave back. */
export type FixtureRead = readonly [call: FixtureCall, output: JsonValue]

export interface FixtureSession {
  readonly task: string | undefined
  readonly reads: readonly FixtureRead[]
  readonly act: FixtureCall
}

export const KEY = new Uint8Array(16).map((_, index) => index * 13 + 7)

export function actOf([tool, args, tags = []]: FixtureCall, event: number): Act {
  const [server, ...rest] = tool.split('.')
  return {
    event,
    resource: tool,
    server: rest.length > 0 ? server : undefined,
    tags,
    arguments: readArguments(args, tool),
  }
}

/** Plays the calls and their answers in order. */
export function play(session: FixtureSession, options: Partial<IntentOptions> = {}): Intent {
  const intent = createIntent({ key: KEY, ...options })
  if (session.task !== undefined) intent.task(session.task)
  let event = 0
  for (const [call, output] of session.reads) {
    event += 2
    const act = actOf(call, event - 1)
    intent.acted(act, false)
    intent.observe({
      event,
      resource: act.resource,
      server: act.server,
      leaves: readLeaves(output),
      trustedFields: () => false,
      arguments: act.arguments,
    })
  }
  return intent
}

/** Why the last call was made. */
export function explained(
  session: FixtureSession,
  options: Partial<IntentOptions> = {},
): Explanation | undefined {
  return play(session, options).explain(actOf(session.act, 2 * session.reads.length + 1))
}

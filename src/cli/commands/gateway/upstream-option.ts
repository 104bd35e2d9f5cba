import { UsageError } from '../../command.ts'
import { splitWords } from './split-words.ts'

/** A server behind the gateway: a program that is started, or one that is reached by HTTP. */
export type Upstream =
  | {
      readonly command: string
      readonly args: readonly string[]
      readonly env?: Readonly<Record<string, string>>
      readonly cwd?: string
    }
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }

/** As a namespace of tools, and as the name of a server in policies. */
export const UPSTREAM_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/

/** What was meant for a name, so that it may be shown. */
const UPSTREAM_LIKE = /^[\w .-]{1,64}$/

/**
 * `db=npx some-server --flag` or `crm=https://host/mcp`.
 * What stands behind the name may hold a key: it is in no message.
 * @throws {UsageError}
 */
export function parseUpstream(text: string): readonly [name: string, upstream: Upstream] {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(at, 0))
  if (!UPSTREAM_NAME.test(name))
    throw new UsageError(
      UPSTREAM_LIKE.test(name)
        ? `\`--upstream\`: \`${name}\` is no name of a server`
        : '`--upstream` is given no name of a server',
      "write `NAME='COMMAND ARGUMENTS'` or `NAME=URL`; a name is up to 32 letters, digits and `-`",
    )
  const rest = text.slice(at + 1).trim()
  if (/^https?:\/\//i.test(rest)) {
    if (!URL.canParse(rest)) throw new UsageError(`\`--upstream\`: the URL of \`${name}\` is none`)
    return [name, { url: rest }]
  }
  const words = splitWords(rest)
  if (words === undefined)
    throw new UsageError(`\`--upstream\`: a quote of \`${name}\` is not closed`)
  const [command = '', ...args] = words
  if (command === '') throw new UsageError(`\`--upstream\`: \`${name}\` names no command`)
  return [name, { command, args }]
}

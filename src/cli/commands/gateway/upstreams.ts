import { isMap } from '../../../core/json-kind.ts'
import {
  expandedOf,
  expandedTextsOf,
  type Field,
  type Fields,
  fault,
  fieldsOf,
  given,
  textOf,
  textsOf,
  within,
} from './config-field.ts'
import { UPSTREAM_NAME, type Upstream } from './upstream-option.ts'

type Upstreams = Readonly<Record<string, Upstream>>

/** Servers as `upstreams` of a configuration has them. */
export function readUpstreams(
  node: Field | undefined,
  folder: string,
  others: Upstreams = {},
): Upstreams {
  const upstreams: Record<string, Upstream> = {}
  for (const [name, server] of node === undefined ? [] : fieldsOf(node)) {
    if (!UPSTREAM_NAME.test(name))
      fault(server, 'bad_name', `\`${name}\` is no name of a server`, NAME_HINT)
    if (Object.hasOwn(others, name))
      fault(server, 'bad_name', `\`${name}\` is named twice: \`mcpServers\` has it too`)
    const upstream = readUpstream(server, fieldsOf(server, known(server)), folder)
    if (upstream !== undefined) upstreams[name] = upstream
  }
  return upstreams
}

const NAME_HINT = 'up to 32 letters, digits and `-`, letters or digits at its ends'
const OF_COMMAND = ['command', 'args', 'env', 'cwd'] as const
const OF_URL = ['url', 'headers'] as const

function known({ value }: Field): readonly string[] {
  return isMap(value) && 'url' in value ? OF_URL : OF_COMMAND
}

/**
 * Servers as the configuration files of desktop clients have them. What else a client notes there is
 * its own affair; names that are none here are written with dashes.
 */
export function readClientServers(
  node: Field | undefined,
  folder: string,
  notes: string[],
): Upstreams {
  const upstreams: Record<string, Upstream> = {}
  for (const [typed, server] of node === undefined ? [] : fieldsOf(node)) {
    const name = typed.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
    if (!UPSTREAM_NAME.test(name) || Object.hasOwn(upstreams, name)) {
      fault(
        server,
        'bad_name',
        `\`${typed}\` is no name of a server, or that of another`,
        NAME_HINT,
      )
      continue
    }
    const fields = fieldsOf(server)
    if (fields.get('disabled')?.value === true) {
      notes.push(`server \`${typed}\` is disabled: it is left out`)
      continue
    }
    if (fields.get('type')?.value === 'sse' || fields.get('transport')?.value === 'sse')
      fault(
        server,
        'bad_enum',
        'the old SSE transport is not spoken here',
        'ask for the URL of its streamable HTTP',
      )
    if (name !== typed)
      notes.push(`server \`${typed}\` is called \`${name}\` here, in policies too`)
    const upstream = readUpstream(server, fields, folder)
    if (upstream !== undefined) upstreams[name] = upstream
  }
  return upstreams
}

function readUpstream(server: Field, fields: Fields, folder: string): Upstream | undefined {
  const [url, command] = [fields.get('url'), fields.get('command')]
  if (url !== undefined && command !== undefined)
    fault(server, 'unknown_field', 'a server has a `command` or a `url`, not both')
  if (url !== undefined) return readRemote(url, fields)
  if (command === undefined) {
    // What is no map has been said already.
    if (isMap(server.value)) fault(server, 'missing_field', 'a server has a `command` or a `url`')
    return undefined
  }
  const env = given(fields, 'env', expandedTextsOf)
  const cwd = given(fields, 'cwd', expandedOf)
  return {
    command: textOf(command) === undefined ? '' : (expandedOf(command) ?? ''),
    args: given(fields, 'args', (field) => textsOf(field, expandedOf)) ?? [],
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd: within(folder, cwd) }),
  }
}

function readRemote(field: Field, fields: Fields): Upstream | undefined {
  const url = expandedOf(field)
  const headers = given(fields, 'headers', expandedTextsOf)
  if (url === undefined) return undefined
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    fault(field, 'bad_path', '`url` is no URL that begins with `http://` or `https://`')
  return { url, ...(headers === undefined ? {} : { headers }) }
}

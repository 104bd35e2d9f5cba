import { isList, isMap } from '../../core/json-kind.ts'
import type { JsonObject } from '../../core/model/json.ts'

/** Something that a request lets the model use, and that is not run by the caller's functions. */
export interface OfferedTool {
  readonly resource: string
  readonly server: string
  readonly arguments: JsonObject
}

export interface Offered {
  readonly tools: readonly OfferedTool[]
  /** Why they cannot be judged. */
  readonly fault: string | undefined
}

/** Run by the caller: each call of them is judged when the model proposes it. */
const LOCAL: ReadonlySet<string> = new Set(['function', 'custom', 'namespace'])
const MOST_TOOLS = 10_000

/**
 * Tools that run on the vendor's side, or elsewhere: `openai.web_search`, `openai.plugin/<id>`, those of
 * an MCP server `<label>.<tool>` and the server itself `<label>.mcp/remote`.
 */
export function offeredTools(body: JsonObject, vendor: string): Offered {
  const tools: OfferedTool[] = []
  const odd = oddField(body)
  if (odd !== undefined) return { tools, fault: `\`${odd}\` of the request is of another kind` }
  const listed = listedTools(body)
  if (listed.length > MOST_TOOLS) return { tools, fault: 'the request has too many tools' }
  for (const tool of listed) {
    if (!isMap(tool) || typeof tool['type'] !== 'string')
      return { tools, fault: 'a tool of the request has no `type`' }
    const config = tool as JsonObject // of a parsed body
    if (LOCAL.has(tool['type'])) continue
    if (tool['type'] === 'mcp') {
      const fault = addRemote(config, tools)
      if (fault !== undefined) return { tools, fault }
    } else tools.push(hosted(vendor, hostedName(tool['type']), config))
  }
  return { tools: [...tools, ...toolsByField(body, vendor)], fault: undefined }
}

/** INVARIANT: what brings tools and cannot be read as that brings none. */
function oddField({ tools, plugins, web_search_options: search }: JsonObject): string | undefined {
  if (!isAbsent(tools) && !isList(tools)) return 'tools'
  if (!isAbsent(plugins) && !(isList(plugins) && plugins.every(isMap))) return 'plugins'
  return isAbsent(search) || isMap(search) ? undefined : 'web_search_options'
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

/** Those that have fields of their own. */
function toolsByField(body: JsonObject, vendor: string): readonly OfferedTool[] {
  const { web_search_options: search, prompt, plugins } = body
  const tools: OfferedTool[] = []
  if (isMap(search)) tools.push(hosted(vendor, 'web_search', search))
  for (const plugin of isList(plugins) ? plugins : [])
    if (isMap(plugin)) tools.push(hosted(vendor, `plugin/${String(plugin['id'])}`, plugin))
  // What it holds is kept by the vendor: its tools and model cannot be read here.
  if (isMap(prompt)) tools.push(hosted(vendor, 'stored_prompt', prompt))
  return tools
}

function hosted(vendor: string, name: string, config: object): OfferedTool {
  const args = config as JsonObject // of a parsed body
  return { resource: `${vendor}.${name}`, server: vendor, arguments: args }
}

/** Items of the input that bring tools with them. */
const BRINGING: ReadonlySet<unknown> = new Set(['tool_search_output', 'additional_tools'])

/** Also those that stand in a namespace. */
function listedTools(body: JsonObject): readonly unknown[] {
  const { tools, input } = body
  const brought = (isList(input) ? input : []).filter(
    (item) => isMap(item) && BRINGING.has(item['type']),
  )
  const open: unknown[] = isList(tools) ? [...tools] : []
  for (const item of brought) if (isMap(item) && isList(item['tools'])) open.push(...item['tools'])
  for (let at = 0; at < open.length && at < MOST_TOOLS; at++) {
    const tool = open[at]
    if (isMap(tool) && isList(tool['tools'])) open.push(...tool['tools'])
  }
  return open
}

/** One name for all versions: `web_search_preview_2025_03_11` is `web_search`. */
export function hostedName(type: string): string {
  const name = type.replace(/_\d{4}_\d{2}_\d{2}$/, '').replace(/_preview$/, '')
  if (name === 'computer') return 'computer_use'
  return name.replaceAll(':', '/')
}

const LABEL = /^[A-Za-z0-9_-]{1,64}$/

/** A server that the vendor speaks to: nobody sees its calls before they are made. */
function addRemote(config: JsonObject, tools: OfferedTool[]): string | undefined {
  const { server_label: label, allowed_tools: allowed, require_approval: asks } = config
  if (typeof label !== 'string' || !LABEL.test(label))
    return 'an MCP server of the request has no `server_label` of letters, digits, `_` and `-`'
  const add = (name: string, args: JsonObject): void => {
    tools.push({ resource: `${label}.${name}`, server: label, arguments: args })
  }
  add('mcp/remote', withoutSecrets(config))
  const names = namesOf(allowed)
  for (const name of names ?? []) add(name, {})
  // INVARIANT: a tool that may be called without a word has been judged by its name.
  return names === undefined && asks !== 'always'
    ? `the MCP server \`${label}\` could call any of its tools: name them in \`allowed_tools\`, or set \`require_approval: 'always'\``
    : undefined
}

/** What opens the server is for the vendor alone. */
function withoutSecrets({
  headers: _headers,
  authorization: _token,
  ...config
}: JsonObject): JsonObject {
  return config
}

function namesOf(allowed: unknown): readonly string[] | undefined {
  const names = isMap(allowed) ? allowed['tool_names'] : allowed
  // An empty list could be taken for none at all.
  return isList(names) &&
    names.length > 0 &&
    names.every((one): one is string => typeof one === 'string')
    ? names
    : undefined
}

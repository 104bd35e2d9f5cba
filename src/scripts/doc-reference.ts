/** Reference text that comes from the code: the policy page and the table of constraints. */
import type { ConstraintKind } from '../core/constraints/constraint.ts'
import { CONSTRAINT_KINDS } from '../core/constraints/index.ts'
import type { JsonObject, JsonValue } from '../core/model/json.ts'
import { PACKS } from '../core/policy/packs.ts'
import { POLICY_SCHEMA } from '../core/policy/schema/policy.ts'

/** Parts of the schema that have a section of their own, and what they are called there. */
const PARTS: Readonly<Record<string, string>> = {
  tool: 'tool',
  role: 'role',
  rule: 'rule',
  binding: 'binding',
  rate_limit: 'rate limit',
  behavior_rule: 'behaviour rule',
  risk: 'risk',
  route: 'route',
}

const HEAD = `# Policy files

<!-- Written by src/scripts/generate-docs.ts from the JSON Schema; change the schema, not this page. -->

A policy is YAML 1.2 or JSON: one file, several, or a folder, merged into one. Every key is optional.
Keys that are not listed here are refused. The same rules as a JSON Schema, for editors and other
programs, are in the package as \`callgate/policy.schema.json\`:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/callgate/dist/policy.schema.json
\`\`\`

See also: [selectors, verbs and scopes](selectors-verbs-scopes.md), [constraints](constraints.md),
[problems of a policy](policy-problems.md), [limits](limits.md).`

/** `docs/reference/policy.md`. */
export function renderPolicyPage(): string {
  const properties = mapOf(POLICY_SCHEMA['properties'])
  const definitions = mapOf(POLICY_SCHEMA['definitions'])
  const lines = [HEAD, '', '## Top level', '', ...topLevel(properties)]
  for (const [name, title] of Object.entries(PARTS)) {
    const schema = mapOf(definitions[name])
    lines.push('', `## A ${title}`, '', textOf(schema, 'description'), '', ...table(schema))
  }
  for (const [key, value] of Object.entries(properties)) {
    const schema = objectOf(mapOf(value))
    if (schema === undefined || isPart(schema)) continue
    lines.push('', `## ${code(key)}`, '', textOf(mapOf(value), 'description'), '')
    lines.push(...table(schema))
  }
  lines.push(
    '',
    '## Packs',
    '',
    'Layers that come with the engine, for `extends: [pack:NAME]`.',
    '',
  )
  lines.push('| Pack | What it adds |', '|---|---|')
  for (const [name, pack] of PACKS) lines.push(rowText(code(`pack:${name}`), pack.summary))
  return `${lines.join('\n')}\n`
}

/** The table of `docs/reference/constraints.md`. */
export function renderConstraintTable(): string {
  return [
    '| Kind | List form | What must hold |',
    '|---|---|---|',
    ...CONSTRAINT_KINDS.map(row),
  ].join('\n')
}

/** Options of each kind, and the arguments it looks at. */
export function renderConstraintOptions(): string {
  return CONSTRAINT_KINDS.map((kind) => {
    const aliases = kind.aliases.map(code).join(', ')
    const words = (kind.words ?? []).map(code).join(', ')
    const endings =
      words === ''
        ? ''
        : ` Also at texts and objects whose name ends in one of the words ${words}, as ${code('repo_path')}, ${code('repoPath')} and ${code('path2')} end in ${code('path')}.`
    const lookedAt =
      aliases === ''
        ? []
        : [`Looks at, where no ${code('field')} is named: ${aliases}.${endings}`, '']
    return [`### ${code(kind.kind)}`, '', kind.summary, '', ...lookedAt, ...options(kind)].join(
      '\n',
    )
  }).join('\n\n')
}

function options(kind: ConstraintKind): readonly string[] {
  // What `not` takes is every other kind.
  if (kind.kind === 'not') return ['Takes one other constraint, by its kind.']
  const { field, mode, ...own } = mapOf(kind.schema['properties'])
  const needed = listOf(kind.schema['required'])
  const rows = Object.entries(own).map(([name, schema]) =>
    rowText(nameText(name, needed), typeText(mapOf(schema)), describe(mapOf(schema))),
  )
  const shared =
    field === undefined || mode === undefined
      ? []
      : [rowText(`${nameText('field', needed)}, ${code('mode')}`, '', 'as of every kind, above')]
  return ['| Option | Type | Meaning |', '|---|---|---|', ...rows, ...shared]
}

function row(kind: ConstraintKind): string {
  const list = kind.listItems === undefined ? 'no' : 'yes'
  return rowText(`[${code(kind.kind)}](#${kind.kind})`, list, kind.summary)
}

function topLevel(properties: JsonObject): readonly string[] {
  const rows = Object.entries(properties).map(([key, value]) => {
    const schema = mapOf(value)
    return rowText(code(key), typeText(schema), describe(schema))
  })
  return ['| Key | Type | Meaning |', '|---|---|---|', ...rows]
}

/** One row a key, nested ones with the way to them: `auth.scopes`, `rules[].verbs`. */
function table(schema: JsonObject): readonly string[] {
  return ['| Key | Type | Meaning |', '|---|---|---|', ...rowsOf(schema, '')]
}

function rowsOf(schema: JsonObject, prefix: string): readonly string[] {
  const needed = listOf(schema['required'])
  return Object.entries(mapOf(schema['properties'])).flatMap(([key, value]) => {
    const inner = mapOf(value)
    const name = `${prefix}${key}`
    const own = rowText(
      nameText(name, needed.includes(key) ? [name] : []),
      typeText(inner),
      describe(inner),
    )
    if (key === 'constraints') return [own]
    const below = objectOf(inner)
    if (below === undefined || isPart(below)) return [own]
    return [own, ...rowsOf(below, `${name}${isList(inner) ? '[]' : ''}.`)]
  })
}

/** The object that a value may be, or that each member of a list may be. */
function objectOf(schema: JsonObject): JsonObject | undefined {
  if (schema['$ref'] !== undefined) return schema
  if (schema['properties'] !== undefined) return schema
  if (schema['items'] !== undefined) return objectOf(mapOf(schema['items']))
  const then = mapOf(schema['then'])
  return then['properties'] === undefined ? undefined : then
}

function isPart(schema: JsonObject): boolean {
  return typeof schema['$ref'] === 'string'
}

function isList(schema: JsonObject): boolean {
  return schema['items'] !== undefined
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
  object: 'map',
  array: 'list',
  null: 'null',
}

function typeText(schema: JsonObject): string {
  const ref = schema['$ref']
  if (typeof ref === 'string') {
    const title = PARTS[ref.slice(ref.lastIndexOf('/') + 1)] ?? 'map'
    return `[${title}](#a-${title.replaceAll(' ', '-')})`
  }
  if (schema['enum'] !== undefined)
    return listOf(schema['enum'])
      .map((word) => code(String(word)))
      .join(', ')
  if (schema['const'] !== undefined) return code(String(schema['const']))
  const types = [schema['type']].flat().filter((type) => typeof type === 'string')
  if (schema['items'] !== undefined) return `list of ${typeText(mapOf(schema['items']))}`
  if (types.length === 0) return 'any'
  return types.map((type) => TYPE_WORDS[type] ?? type).join(' or ')
}

function describe(schema: JsonObject): string {
  const about = [schema, definitionOf(schema), mapOf(schema['items'])]
  const parts = [about.map((one) => textOf(one, 'description')).find((text) => text !== '') ?? '']
  if (schema['default'] !== undefined)
    parts.push(`Default: ${code(JSON.stringify(schema['default']))}.`)
  const examples = listOf(schema['examples'])
  if (examples.length > 0)
    parts.push(`Such as ${examples.map((one) => code(String(one))).join(', ')}.`)
  return parts.filter((part) => part !== '').join(' ')
}

function definitionOf(schema: JsonObject): JsonObject {
  const ref = textOf(schema, '$ref')
  return mapOf(mapOf(POLICY_SCHEMA['definitions'])[ref.slice(ref.lastIndexOf('/') + 1)])
}

function rowText(...cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`
}

function nameText(name: string, needed: readonly JsonValue[]): string {
  return `${code(name)}${needed.includes(name) ? ' (required)' : ''}`
}

function code(text: string): string {
  return `\`${text}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function textOf(schema: JsonObject, key: string): string {
  const value = schema[key]
  return typeof value === 'string' ? value : ''
}

function mapOf(value: JsonValue | undefined): JsonObject {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap ? (value as JsonObject) : {} // a list is not narrowed away by Array.isArray
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

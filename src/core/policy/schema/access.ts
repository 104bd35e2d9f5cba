import { FIELD_SCHEMA, MODE_SCHEMA } from '../../constraints/config.ts'
import { CONSTRAINT_KINDS } from '../../constraints/index.ts'
import { SQL_DIALECTS, TAGS, TIERS, VERBS } from '../../model/call.ts'
import type { JsonValue } from '../../model/json.ts'
import {
  ANYTHING,
  count,
  filled,
  flag,
  list,
  map,
  oneOrMore,
  type Schema,
  text,
  textOr,
  word,
} from './parts.ts'

/** Servers, the catalogue, agents, roles, bindings, entities: who may do what. */

const NAME = text('A name. Any language; nothing invisible, nothing that looks like another name.')
const SELECTOR = text(
  'An exact name, `server:NAME` for every tool of a server, or a glob in which `*` stands for one or more characters.',
  { examples: ['db.execute_sql', 'server:github', 'crm.read_*', 'model:openai/*'] },
)

export const SERVER = textOr(
  NAME,
  map(
    {
      name: NAME,
      description: text('For people.'),
      auth: map(
        {
          required: flag('Callers without a valid token are denied.', false),
          scopes: list(NAME, 'OAuth scopes that the token must have.'),
          audience: oneOrMore(NAME, 'Audience that the token must be for.'),
          issuer: text('Issuer that the token must come from.'),
        },
        'What callers of this server must show.',
      ),
      tier: word('The least tier of a caller of any of its tools.', TIERS),
      departments: filled(NAME, 'Only callers of these departments.'),
    },
    'A server with more to say.',
    ['name'],
  ),
  'A server: its name, or an object.',
)

export const TOOL = map(
  {
    name: text('The full name, as rules name it.', { examples: ['db.execute_sql'] }),
    server: text('The server that has it.', { examples: ['db'] }),
    description: text('For people.'),
    tags: list(word('What the tool touches.', TAGS), 'What the tool reads, writes and reaches.'),
    scope: text('The scope of its data. It wins over the scope a call names.', {
      examples: ['customer_data'],
    }),
    payload_class: text('How its data is classed.', {
      examples: ['public', 'internal', 'restricted'],
    }),
    sql_dialect: word('The SQL that it speaks.', SQL_DIALECTS),
    tier: word('The least tier of a caller.', TIERS),
    scopes: filled(
      NAME,
      'Scopes that the caller must have; the name of a tier is met by every tier above it too.',
    ),
    departments: filled(NAME, 'Only callers of these departments.'),
  },
  'One tool of the catalogue.',
  ['name'],
)

export const AGENT = map(
  {
    name: NAME,
    scope: text('The OAuth scope that the agent declares; checked against its token.'),
    description: text('For people.'),
  },
  'One agent.',
  ['name'],
)

const WHEN = map(
  {
    agent: filled(NAME, 'One of these agents.'),
    user: filled(NAME, 'One of these users.'),
    team: filled(NAME, 'One of these teams.'),
    groups: filled(NAME, 'A member of one of these groups.'),
    department: filled(NAME, 'One of these departments.'),
    tenant: filled(NAME, 'One of these tenants.'),
    tier: filled(word('A tier.', TIERS), 'One of these tiers, exactly.'),
    roles: filled(NAME, 'One of these roles of the subject’s token.'),
    scopes: filled(NAME, 'One of these scopes of the subject’s token.'),
  },
  'Tests of the subject. Every key must hold; any of its values will do.',
)

type Kind = (typeof CONSTRAINT_KINDS)[number]

/** The list form and the object form, told apart by type, so that a fault is reported once. */
function constraintSchema(kind: Kind): Schema {
  const object = withSharedOptions(kind.schema)
  if (kind.listItems === undefined) return { description: kind.summary, ...object }
  return {
    description: kind.summary,
    type: ['array', 'object'],
    if: { type: 'array' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { minItems: 1, items: kind.listItems },
    else: object,
  }
}

/** Every kind has `field` and `mode`: said once, the validator is a third smaller. */
function withSharedOptions(schema: Schema): Schema {
  const { properties } = schema
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    return schema
  const shared = Object.entries(properties).map(([key, value]): [string, JsonValue] => {
    if (value === FIELD_SCHEMA) return [key, { $ref: '#/definitions/field' }]
    return [key, value === MODE_SCHEMA ? { $ref: '#/definitions/mode' } : value]
  })
  return { ...schema, properties: Object.fromEntries(shared) }
}

const PLAIN_KINDS = CONSTRAINT_KINDS.filter((kind) => kind.kind !== 'not')
const byReference = (kinds: readonly Kind[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(kinds.map(({ kind }) => [kind, { $ref: `#/definitions/constraint_${kind}` }]))

/** `regex` is what other engines call `matches`. */
const CONSTRAINTS = map(
  { ...byReference(CONSTRAINT_KINDS), regex: { $ref: '#/definitions/constraint_matches' } },
  'What the arguments must be. Every constraint must hold.',
)

/** What constraints refer to, the kinds among them: `not` holds each of the others. */
export const CONSTRAINT_DEFINITIONS: Readonly<Record<string, Schema>> = {
  field: FIELD_SCHEMA,
  mode: MODE_SCHEMA,
  ...Object.fromEntries(
    CONSTRAINT_KINDS.map((kind) => [
      `constraint_${kind.kind}`,
      kind.kind === 'not'
        ? { ...constraintSchema(kind), properties: byReference(PLAIN_KINDS) }
        : constraintSchema(kind),
    ]),
  ),
}

const COMPUTE = map(
  {
    limit_rows: count('SQL: at most this many rows; a `LIMIT` is set or lowered.'),
    set: {
      type: 'object',
      additionalProperties: ANYTHING,
      description:
        'Arguments set to a value. A name stands for every argument so called, at any depth and in any spelling; a JSON Pointer for one place.',
    },
    remove: filled(
      text('An argument’s name, at any depth and in any spelling, or a JSON Pointer.'),
      'Arguments taken out.',
    ),
    clamp: {
      type: 'object',
      additionalProperties: map(
        { min: { type: 'number' }, max: { type: 'number' } },
        'The least and the greatest value.',
      ),
      description: 'Numbers kept within bounds.',
    },
    root: text('Paths are taken as below this folder.', { examples: ['/workspace'] }),
    recipients: filled(text('An address or domain.'), 'Other recipients are taken out.'),
    dry_run: oneOrMore(text('An argument’s name.'), 'Arguments set to true.'),
    truncate: {
      type: 'object',
      additionalProperties: count('At most this many characters.', 0),
      description: 'Texts cut off.',
    },
    sql_field: oneOrMore(
      text('An argument’s name or JSON Pointer.'),
      'Where the SQL is, in place of the usual names.',
    ),
    path_field: oneOrMore(
      text('An argument’s name or JSON Pointer.'),
      'Where the paths are, in place of the usual names.',
    ),
    recipient_field: oneOrMore(
      text('An argument’s name or JSON Pointer.'),
      'Where the recipients are, in place of the usual names.',
    ),
    mask_columns: filled(text('A column’s name.'), 'Columns of the answer that are masked.'),
  },
  'How the arguments are made safe, with effect `compute`.',
)

export const RULE = map(
  {
    name: text('Shown where the rule decides.', { examples: ['Read-only SQL'] }),
    description: text('For people.'),
    effect: word(
      'What the rule does. A deny wins over every allow.',
      ['allow', 'deny', 'escalate', 'compute'],
      {
        default: 'allow',
      },
    ),
    resources: filled(SELECTOR, 'What the rule is about.'),
    verbs: filled(
      word('A verb.', VERBS),
      'What may be done. An allow grants the weaker verbs too, a deny takes the stronger.',
    ),
    constraints: CONSTRAINTS,
    when: WHEN,
    compute: COMPUTE,
    obligations: map(
      {
        redact: filled(word('A class.', ['secret', 'pii']), 'What is taken out of the response.'),
        notify: filled(text('A channel.'), 'Who is told; the record of the call names them.'),
      },
      'What must be done besides, where the rule applies.',
    ),
  },
  'One rule of a role.',
  ['resources', 'verbs'],
)

export const ROLE = map(
  {
    name: NAME,
    description: text('For people.'),
    extends: list(NAME, 'Roles whose rules this role has too.'),
    rules: list({ $ref: '#/definitions/rule' }, 'What it allows and denies.'),
  },
  'A named set of rules.',
  ['name'],
)

export const BINDING = map(
  {
    agent: text('The agent’s name.', { examples: ['support-bot'] }),
    user: text('The user’s name.'),
    team: text('The team.'),
    group: text('A group that the user is in.'),
    department: text('The department.'),
    tenant: text('The tenant.'),
    tier: word('The tier, exactly.', TIERS),
    roles: filled(NAME, 'The roles it gets.'),
    scopes: filled(
      text('A scope, or `*` for every one.'),
      'Scopes it is good for. Without: every scope.',
    ),
    expires_at: text('When it ends: RFC 3339, with a zone.', {
      pattern:
        '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$',
      'x-problem': 'bad_duration',
      examples: ['2027-01-01T00:00:00Z'],
    }),
    reason: text('Why it was given.', { examples: ['ticket 4829'] }),
  },
  'Who has which roles. Every key that names a subject must hold.',
  ['roles'],
)

export const ENTITY = map(
  {
    for: text('`user:NAME`, `group:NAME` or `agent:NAME`.', { examples: ['user:ana'] }),
    effect: word('Allow or deny.', ['allow', 'deny']),
    on: filled(SELECTOR, 'What it is about.'),
    reason: text('Why.'),
  },
  'An allowance or denial for one user, group or agent.',
  ['for', 'effect', 'on'],
)

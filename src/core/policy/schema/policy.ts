import {
  AGENT,
  BINDING,
  CONSTRAINT_DEFINITIONS,
  ENTITY,
  ROLE,
  RULE,
  SERVER,
  TOOL,
} from './access.ts'
import { BEHAVIOR, BEHAVIOR_RULE, RISK } from './behavior.ts'
import { LIMITS, RATE_LIMIT } from './limits.ts'
import { list, map, type Schema, text, word } from './parts.ts'
import { ROUTE, ROUTER, ROUTER_KEYS } from './router.ts'
import { APPROVALS, BLOCKLIST, HOOKS, IDENTITY, REDACTION, SCANNER, SECRETS } from './sections.ts'

const EXTENDS = list(
  text('A file, relative to this one, or `pack:NAME`.', {
    examples: ['./team.yaml', 'pack:readonly'],
  }),
  'Layers below this one. A deny of any layer wins.',
)

/** The JSON Schema of policy files, draft-07, which every editor knows. */
export const POLICY_SCHEMA: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://callgate.dev/policy.schema.json',
  title: 'callgate policy',
  ...map(
    {
      $schema: text('For editors only.'),
      version: {
        type: 'integer',
        const: 1,
        description: 'The version of this format.',
        default: 1,
      },
      extends: EXTENDS,
      servers: list(SERVER, 'The MCP servers that are known.'),
      tools: list({ $ref: '#/definitions/tool' }, 'The catalogue: what tools are and touch.'),
      unlisted: word(
        'Tools that the catalogue does not list, of servers that it does. `restrict`: only `*` and `server:` reach them, and they are presumed risky.',
        ['allow', 'restrict'],
      ),
      agents: list(AGENT, 'The agents that are known.'),
      roles: list({ $ref: '#/definitions/role' }, 'Named sets of rules.'),
      bindings: list({ $ref: '#/definitions/binding' }, 'Who has which roles.'),
      entities: list(ENTITY, 'Allowances and denials for one user, group or agent.'),
      blocklist: BLOCKLIST,
      secrets: SECRETS,
      scanner: SCANNER,
      limits: LIMITS,
      rate_limits: list({ $ref: '#/definitions/rate_limit' }, 'The same as `limits.principals`.'),
      behavior: BEHAVIOR,
      risk: { $ref: '#/definitions/risk' },
      redaction: REDACTION,
      approvals: APPROVALS,
      identity: IDENTITY,
      hooks: HOOKS,
      router: ROUTER,
      ...ROUTER_KEYS,
    },
    'What agents may do.',
  ),
  definitions: {
    ...CONSTRAINT_DEFINITIONS,
    tool: TOOL,
    role: ROLE,
    rule: RULE,
    binding: BINDING,
    rate_limit: RATE_LIMIT,
    behavior_rule: BEHAVIOR_RULE,
    risk: RISK,
    route: ROUTE,
  },
}

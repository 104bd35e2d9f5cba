import { TIERS } from '../../model/call.ts'
import {
  count,
  duration,
  flag,
  list,
  map,
  number,
  positive,
  type Schema,
  text,
  word,
} from './parts.ts'

/** Rate limits and budgets. */

/** Calls a second by class, as the source documents have them; `inference` is lower than tools on purpose. */
export const BASE_RATES: Readonly<Record<string, number>> = {
  oauth_public: 10,
  oauth_auth: 10,
  contexts: 100,
  tasks: 50,
  artifacts: 50,
  agent_registry: 50,
  agents: 20,
  mcp_registry: 50,
  mcp: 200,
  stream: 100,
  content: 50,
  inference: 20,
}

export const TIER_MULTIPLIERS: Readonly<Record<string, number>> = {
  admin: 10,
  user: 1,
  service: 5,
  a2a: 5,
  mcp: 5,
  anonymous: 0.5,
}

const RATES = {
  per_second: count('Calls a second.'),
  per_minute: count('Calls a minute.'),
  per_hour: count('Calls an hour.'),
  per_day: count('Calls a day.'),
} satisfies Record<string, Schema>

const SUBJECT = {
  agent: text('Only this agent.'),
  user: text('Only this user.'),
  team: text('Only this team.'),
  group: text('Only members of this group.'),
  department: text('Only this department.'),
  tenant: text('Only this tenant.'),
  tier: word('Only this tier.', TIERS),
} satisfies Record<string, Schema>

export const RATE_LIMIT = map(
  {
    ...SUBJECT,
    ...RATES,
    resource: text('Only calls of what this selector names.'),
    burst: count('Calls that may come at once.'),
  },
  'A limit for one principal, or for each.',
)

const BUDGET = map(
  {
    name: text('Shown where it is spent.'),
    per: word('Whose it is: one for each.', ['session', 'agent', 'user', 'team', 'tenant', 'all'], {
      default: 'session',
    }),
    ...SUBJECT,
    window: duration('It is filled again after this time. Without: never.'),
    usd: positive('US dollars.'),
    tokens: count('Tokens of models.'),
    calls: count('Calls.'),
    seconds: positive('Seconds of work.'),
    egress_bytes: count('Bytes sent out.'),
    action: word('What happens when it is spent.', ['deny', 'escalate', 'warn'], {
      default: 'deny',
    }),
    warn_at: number('Warn when this part is spent.', { maximum: 1 }),
  },
  'What may be spent.',
)

export const LIMITS = map(
  {
    base: map(
      Object.fromEntries(
        Object.entries(BASE_RATES).map(([name, rate]) => [
          name,
          positive('Calls a second.', { default: rate }),
        ]),
      ),
      'Calls a second by class of endpoint.',
    ),
    multipliers: map(
      {
        ...Object.fromEntries(
          Object.entries(TIER_MULTIPLIERS).map(([tier, factor]) => [
            tier,
            positive(`Factor for the tier ${tier}.`, { default: factor }),
          ]),
        ),
        anon: positive('The same as `anonymous`.'),
      },
      'The base rates times this, by tier.',
    ),
    burst_multiplier: number('Calls that may come at once: the rate times this.', {
      minimum: 1,
      default: 3,
    }),
    disabled: flag('No rate limit at all: for tests.', false),
    per_session: map(
      {
        ...RATES,
        burst: count('Calls that may come at once.'),
        calls: count('Calls in all.'),
        concurrent: count('Calls at the same time.'),
      },
      'Limits of one session, besides those of its subject.',
    ),
    principals: list({ $ref: '#/definitions/rate_limit' }, 'Limits by principal.'),
    budgets: list(BUDGET, 'What may be spent.'),
  },
  'Rate limits and budgets.',
)

import { TIERS } from '../../model/call.ts'
import {
  count,
  duration,
  filled,
  flag,
  list,
  map,
  number,
  oneOrMore,
  type Schema,
  text,
  word,
} from './parts.ts'

/** Blocklist, redaction, approvals, identity, hooks. */

export const BLOCKLIST = map(
  {
    tools: list(text('A selector.'), 'Tools that nobody may call.'),
    servers: list(text('A server.'), 'Servers that nobody may call.'),
    users: list(text('A user.'), 'Users who may call nothing.'),
    agents: list(text('An agent.'), 'Agents that may call nothing.'),
    domains: list(
      text('A domain; `*.example.com` for all below it.'),
      'Domains no argument may name.',
    ),
    actions: list(text('A word.'), 'Words that no tool’s name may hold, such as `drop`.'),
  },
  'What is denied whoever asks.',
)

export const REDACTION = map(
  {
    enabled: flag('Off: nothing is taken out.', true),
    classes: list(word('A class.', ['secret', 'pii', 'instruction']), 'What is taken out.'),
    kinds: list(text('A kind, such as `email` or `iban`.'), 'Only these kinds of the classes.'),
    action: word('What stands in its place.', ['mask', 'remove', 'hash', 'token'], {
      default: 'mask',
    }),
    on: list(word('A direction.', ['request', 'response']), 'Where it is taken out.'),
    resources: list(text('A selector.'), 'Only these resources.'),
    except: list(text('A selector.'), 'All but these resources.'),
    fields: list(text('A field’s name.'), 'Fields that are always taken out.'),
  },
  'What is taken out of arguments and responses.',
)

export const APPROVALS = map(
  {
    ttl: duration('How long an approval that was given is good for.', { default: '5m' }),
    timeout: duration('How long a call waits for a person.', { default: '2m' }),
    approvers: list(text('A user.'), 'Who may approve.'),
    four_eyes: flag('Nobody approves a call of their own.', true),
    max_pending: count('Approvals that may wait at once, by agent.'),
    remember: word('What an approval also holds for.', ['none', 'session'], { default: 'none' }),
  },
  'How a person is asked.',
)

const CLAIMS = Object.fromEntries(
  ['agent', 'user', 'team', 'groups', 'department', 'tenant', 'tier', 'roles', 'scopes'].map(
    (name) => [name, text(`The claim that holds \`${name}\`.`)],
  ),
)

export const IDENTITY = map(
  {
    required: flag('Callers without an identity are denied `no_principal`.', false),
    jwt: map(
      {
        issuer: text('Who issues the tokens.'),
        audience: oneOrMore(text('An audience.'), 'Whom they are for.'),
        algorithms: filled(
          text('An algorithm.', { examples: ['RS256'] }),
          'The algorithms that are accepted.',
        ),
        jwks_url: text('Where the keys are.'),
        claims: map(CLAIMS, 'Where the claims are.'),
        clock_tolerance_seconds: number('How far clocks may differ.'),
      },
      'Bearer tokens.',
      ['issuer', 'audience'],
    ),
    trusted_proxy: map(
      {
        peers: filled(
          text('An address or network.', { examples: ['10.0.0.0/8'] }),
          'Peers whose headers are believed.',
        ),
        headers: map(CLAIMS, 'Which header holds what.'),
      },
      'A proxy that has checked the caller.',
      ['peers'],
    ),
    anonymous: map({ tier: word('The tier.', TIERS) }, 'Callers without credentials.'),
  },
  'How callers are known.',
)

export const HOOK_EVENTS = [
  'PreToolUse',
  'PostToolUse',
  'PostToolUseFailure',
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'Notification',
  'Stop',
  'SubagentStart',
  'SubagentStop',
] as const

const HOOK = map(
  {
    matcher: text('Which tools: a selector.', { default: '*' }),
    type: word('What is run.', ['command', 'prompt', 'agent']),
    command: text('The command, with type `command`.'),
    prompt: text('The prompt, with type `prompt`.'),
    agent: text('The agent, with type `agent`.'),
    timeout: duration('How long it may take.'),
    async: flag('The call does not wait for it.', false),
  },
  'What is run at an event.',
  ['type'],
)

export const HOOKS: Schema = map(
  Object.fromEntries(HOOK_EVENTS.map((event) => [event, list(HOOK, `Run at ${event}.`)])),
  'What is run at events of a session.',
)

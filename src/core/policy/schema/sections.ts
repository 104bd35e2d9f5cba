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
    actions: list(
      text('A word, or a glob such as `delete_*`.'),
      'Words that no tool’s name may hold, such as `drop`.',
    ),
    destructive_names: flag(
      'Also tools whose name holds `delete`, `drop` or `destroy`, for callers below `admin`.',
      false,
    ),
  },
  'What is denied whoever asks.',
)

export const SECRETS = map(
  {
    enabled: flag('Off: arguments are not looked at for secrets.', true),
    min_confidence: number('How sure a find must be to stop a call.', { maximum: 1, default: 0.7 }),
    allow: list(
      map(
        {
          resources: filled(text('A selector.'), 'Where the secret may go.'),
          kinds: list(
            text('A kind, such as `github_personal_token`.'),
            'Only these kinds. Without: any.',
          ),
          fields: list(
            text('An argument’s name, or a JSON Pointer.'),
            'Only in these arguments. Without: any.',
          ),
          reason: text('Why.'),
        },
        'Where secrets may be sent on purpose.',
        ['resources'],
      ),
      'Exceptions. No role and no tier is one.',
    ),
  },
  'Secrets in arguments: a call that carries one does not go out.',
)

export const SCANNER = map(
  {
    enabled: flag('Off: probes are not looked for.', true),
    paths: list(text('A path’s beginning.'), 'Paths that only probes ask for, besides the known.'),
    extensions: list(text('An extension without its dot.'), 'Extensions likewise.'),
    user_agents: list(text('A part of a user agent.'), 'User agents likewise, whatever the case.'),
    except: list(text('A path’s beginning.'), 'Paths that are served on purpose.'),
    max_anonymous_per_minute: count('Requests a minute of one anonymous peer.', 1, { default: 30 }),
  },
  'Probes on HTTP surfaces: paths, extensions, user agents and the pace of anonymous callers.',
)

export const REDACTION = map(
  {
    enabled: flag('Off: nothing is taken out.', true),
    classes: list(word('A class.', ['secret', 'pii']), 'What is taken out.', {
      default: ['secret', 'pii'],
    }),
    kinds: list(
      text('A kind, such as `email_address` or `iban`.'),
      'Only these kinds of the classes.',
    ),
    action: word(
      'What stands in its place: stars, the kind, nothing, a keyed hash, or a keyed token that can be turned back.',
      ['mask', 'label', 'remove', 'hash', 'token'],
      { default: 'mask' },
    ),
    on: list(
      word('A place.', ['request', 'response', 'record']),
      'Where it is taken out: of what is sent, of what comes back, of what is recorded.',
      { default: ['response', 'record'] },
    ),
    reveal: list(
      text('A selector.'),
      'Where tokens are turned back into what they stand for, with action `token`.',
    ),
    resources: list(text('A selector.'), 'Only these resources.'),
    except: list(text('A selector.'), 'All but these resources.'),
    fields: list(text('A field’s name.'), 'Fields that are always taken out.'),
  },
  'What is taken out of arguments and responses.',
)

export const APPROVALS = map(
  {
    ttl: duration('How long an approval that was given is good for.', { default: '5m' }),
    timeout: duration('How long a question stays open.', { default: '2m' }),
    approvers: list(text('A user.'), 'Who may approve.'),
    four_eyes: flag('Nobody approves a call of their own.', true),
    max_pending: count('Questions that may be open at once, by agent.', 1, { default: 20 }),
    remember: word(
      'What an approval also holds for: the same call again in its session, until `ttl` is over.',
      ['none', 'session'],
      { default: 'none' },
    ),
  },
  'How a person is asked.',
)

const CLAIMS = Object.fromEntries(
  [
    'agent',
    'user',
    'team',
    'groups',
    'department',
    'tenant',
    'tier',
    'roles',
    'scopes',
    'session',
    'rate_tier',
    'audience',
  ].map((name) => [name, text(`The claim that holds \`${name}\`.`)]),
)

const ALGORITHMS = [
  ...['HS', 'RS', 'PS', 'ES'].flatMap((family) =>
    [256, 384, 512].map((bits) => `${family}${bits}`),
  ),
  'EdDSA',
  'Ed25519',
]

export const IDENTITY = map(
  {
    required: flag('Callers without an identity are denied `no_principal`.', false),
    jwt: map(
      {
        issuer: text('Who issues the tokens.'),
        audience: oneOrMore(text('An audience.'), 'Whom they are for.'),
        algorithms: filled(
          word('An algorithm.', ALGORITHMS, { examples: ['RS256'] }),
          'The algorithms that are accepted.',
        ),
        jwks_url: text('Where the keys are.'),
        claims: map(CLAIMS, 'Where the claims are.'),
        clock_tolerance_seconds: number('How far clocks may differ.', {
          maximum: 300,
          default: 30,
        }),
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
        headers: map(
          {
            ...CLAIMS,
            verified: text('The header that says `true` where the proxy has checked the caller.', {
              default: 'x-proxy-verified',
            }),
          },
          'Which header holds what.',
        ),
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

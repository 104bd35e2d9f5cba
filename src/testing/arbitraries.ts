import type * as FastCheck from 'fast-check'
import { type CallRequest, type Subject, TIERS, VERBS } from '../core/model/call.ts'
import type {
  BindingDocument,
  EntityDocument,
  PolicyDocument,
  RoleDocument,
  RuleDocument,
  ServerDocument,
  WhenDocument,
} from '../core/policy/document.ts'
import { argumentsArbitrary, constraintsArbitrary } from './arbitrary-arguments.ts'

/** fast-check, handed in, so that nobody needs it who does not use properties. */
export type Fc = typeof FastCheck

/**
 * The instant to judge at, epoch milliseconds: bindings expire a millisecond before it, at it, a
 * millisecond after it, or never.
 */
export const ARBITRARY_NOW = Date.UTC(2026, 0, 1)

// Few names, so that rules, roles, bindings and calls collide. `readers` begins like `read`, so
// that a prefix is told from a part.
const AGENTS = ['a', 'b'] as const
const USERS = ['u', 'v'] as const
const TEAMS = ['t', 'w'] as const
const GROUPS = ['g', 'h'] as const
const DEPARTMENTS = ['d', 'e'] as const
const TENANTS = ['m', 'n'] as const
const SCOPES = ['s1', 's2', 's3'] as const
const ROLES = ['r0', 'r1', 'r2', 'r3'] as const
const RESOURCES = [
  { name: 'db.read', server: 'db' },
  { name: 'db.readers', server: 'db' },
  { name: 'db.admin.read', server: 'db' },
  { name: 'gh.read', server: 'gh' },
  { name: 'gh.admin.write', server: 'gh' },
  { name: 'read', server: 'db' },
] as const
const OTHERS = [
  'model:openai/gpt-4.1',
  'prompt:db/read',
  'resource:db/read',
  'read',
  'x.y',
] as const
const SELECTORS = [
  ...RESOURCES.map(({ name }) => name),
  'server:db',
  'server:gh',
  'server:*',
  '*',
  'db.*',
  '*.read',
  'db.*.read',
  '*read*',
  'db.read*',
  'model:*',
] as const

/** A valid policy document: few names, many rules about the same things. Plain and JSON-safe. */
export function policyArbitrary(fc: Fc): FastCheck.Arbitrary<PolicyDocument> {
  const roles = fc
    .tuple(...ROLES.map((name, index) => roleArbitrary(fc, name, ROLES.slice(0, index))))
    .map((list): readonly RoleDocument[] => list)
  return fc.record(
    {
      roles,
      bindings: fc.array(bindingArbitrary(fc), { minLength: 1, maxLength: 8 }),
      servers: fc.tuple(serverArbitrary(fc, 'db'), serverArbitrary(fc, 'gh')),
      agents: fc.constant([{ name: 'b', scope: 's1' }]),
      entities: fc.array(entityArbitrary(fc), { maxLength: 2 }),
      tools: fc.subarray([...RESOURCES]).chain((picked) =>
        fc.tuple(
          ...picked.filter(isSpeltOnce).map((tool) =>
            fc.record(
              {
                name: fc.constant(tool.name),
                server: fc.constant(tool.server),
                scope: fc.constantFrom(...SCOPES),
                tier: fc.constantFrom('user' as const, 'admin' as const),
                scopes: fc.constantFrom(['s1'], ['service']),
                departments: fc.constantFrom(['d'], ['d', 'e']),
              },
              { requiredKeys: ['name', 'server'] },
            ),
          ),
        ),
      ),
      unlisted: fc.constantFrom('allow' as const, 'restrict' as const),
    },
    { requiredKeys: ['roles', 'bindings', 'servers'] },
  )
}

/** Mostly a plain name: what a server asks for would else decide nearly everything. */
function serverArbitrary(fc: Fc, name: string): FastCheck.Arbitrary<string | ServerDocument> {
  const auth = fc.record(
    {
      required: fc.boolean(),
      scopes: fc.constantFrom(['s2'], ['user']),
      audience: fc.constantFrom('api', 'other'),
    },
    { requiredKeys: [] },
  )
  const described = fc.record(
    {
      name: fc.constant(name),
      auth,
      tier: fc.constantFrom('mcp' as const, 'user' as const),
      departments: fc.constantFrom(['e']),
    },
    { requiredKeys: ['name'] },
  )
  return fc.oneof({ weight: 4, arbitrary: fc.constant(name) }, { weight: 1, arbitrary: described })
}

function entityArbitrary(fc: Fc): FastCheck.Arbitrary<EntityDocument> {
  return fc.record({
    for: fc.constantFrom('user:u', 'group:g', 'agent:a'),
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    on: fc.uniqueArray(fc.constantFrom<string>(...SELECTORS), { minLength: 1, maxLength: 2 }),
  })
}

type Resource = (typeof RESOURCES)[number]

/** A catalogue has a tool under its full name or its bare one, not under both. */
function isSpeltOnce({ name, server }: Resource, _at: number, all: readonly Resource[]): boolean {
  return all.every((other) => other.name !== `${server}.${name}`)
}

/** One call: by a subject (rarely by nobody) on one of the names that policies speak of. */
export function queryArbitrary(fc: Fc): FastCheck.Arbitrary<CallRequest> {
  const named = fc.constantFrom(...RESOURCES).chain(({ name, server }) =>
    fc.record(
      { resource: fc.constant<string>(name), server: fc.constant<string>(server) },
      {
        requiredKeys: ['resource'],
      },
    ),
  )
  const other = fc.record({ resource: fc.constantFrom<string>(...OTHERS) })
  const place = fc.oneof({ weight: 4, arbitrary: named }, { weight: 1, arbitrary: other })
  const rest = fc.record(
    {
      session: fc.constant('s'),
      verb: fc.constantFrom(...VERBS),
      arguments: argumentsArbitrary(fc),
      scope: fc.constantFrom<string>(...SCOPES),
    },
    { requiredKeys: ['session', 'verb', 'arguments'] },
  )
  const subject = fc.oneof(
    { weight: 15, arbitrary: fc.record({ subject: subjectArbitrary(fc) }) },
    { weight: 1, arbitrary: fc.constant({}) },
  )
  return fc.tuple(place, rest, subject).map((parts): CallRequest => Object.assign({}, ...parts))
}

/** Who calls, in the names that bindings and conditions speak of. */
export function subjectArbitrary(fc: Fc): FastCheck.Arbitrary<Subject> {
  const known = fc.record(
    {
      agent: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom<string>(...AGENTS) },
        { weight: 1, arbitrary: fc.constant('nobody') },
      ),
      user: fc.constantFrom<string>(...USERS),
      team: fc.constantFrom<string>(...TEAMS),
      groups: fc.subarray([...GROUPS]),
      department: fc.constantFrom<string>(...DEPARTMENTS),
      tenant: fc.constantFrom<string>(...TENANTS),
      tier: fc.constantFrom(...TIERS),
      roles: fc.subarray([...ROLES]),
    },
    { requiredKeys: ['agent'] },
  )
  const scopes = fc.record({ scopes: fc.subarray([...SCOPES, 'user', 'mcp']) })
  const proof = fc.record({
    proof: fc.record({
      method: fc.constantFrom('jwt' as const, 'fixed' as const),
      audience: fc.constantFrom(['api'], []),
    }),
  })
  return fc
    .tuple(known, rarely(fc, scopes, 3), rarely(fc, proof, 3))
    .map(([subject, own, proven]): Subject => ({ ...subject, ...own, ...proven }))
}

/** One rule; its constraints ask for the arguments that `queryArbitrary` gives. */
export function ruleArbitrary(fc: Fc): FastCheck.Arbitrary<RuleDocument> {
  const effect = fc.oneof(
    { weight: 4, arbitrary: fc.constant('allow' as const) },
    { weight: 2, arbitrary: fc.constant('deny' as const) },
    { weight: 1, arbitrary: fc.constant('escalate' as const) },
    { weight: 1, arbitrary: fc.constant('compute' as const) },
  )
  const bare = fc.record(
    {
      effect,
      resources: fc.uniqueArray(fc.constantFrom<string>(...SELECTORS), {
        minLength: 1,
        maxLength: 2,
      }),
      verbs: fc.subarray([...VERBS], { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['resources', 'verbs'] },
  )
  // One rule in three is constrained, one in five conditional: else hardly any would apply.
  return fc
    .tuple(bare, rarely(fc, constraintsArbitrary(fc), 2), rarely(fc, whenArbitrary(fc), 4))
    .map(
      ([rule, constraints, when]): RuleDocument => ({
        ...rule,
        ...(constraints === undefined ? {} : { constraints }),
        ...(when === undefined ? {} : { when }),
        ...(rule.effect === 'compute' ? { compute: { limit_rows: 1 } } : {}),
      }),
    )
}

/** A binding of one to three keys. */
export function bindingArbitrary(fc: Fc): FastCheck.Arbitrary<BindingDocument> {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.record({ agent: fc.constantFrom<string>(...AGENTS) }) },
    { weight: 1, arbitrary: fc.record({ user: fc.constantFrom<string>(...USERS) }) },
    { weight: 1, arbitrary: fc.record({ team: fc.constantFrom<string>(...TEAMS) }) },
    { weight: 1, arbitrary: fc.record({ group: fc.constantFrom<string>(...GROUPS) }) },
    { weight: 1, arbitrary: fc.record({ department: fc.constantFrom<string>(...DEPARTMENTS) }) },
    { weight: 1, arbitrary: fc.record({ tenant: fc.constantFrom<string>(...TENANTS) }) },
    { weight: 1, arbitrary: fc.record({ tier: fc.constantFrom(...TIERS) }) },
  )
  const keys = fc.oneof(
    { weight: 3, arbitrary: key.map((one) => [one]) },
    { weight: 1, arbitrary: fc.array(key, { minLength: 2, maxLength: 3 }) },
  )
  const expiry = fc
    .constantFrom(ARBITRARY_NOW - 1, ARBITRARY_NOW, ARBITRARY_NOW + 1)
    .map((at) => ({ expires_at: new Date(at).toISOString() }))
  const rest = fc.record(
    {
      roles: fc.subarray([...ROLES], { minLength: 1, maxLength: 3 }),
      scopes: fc.subarray([...SCOPES, '*'], { minLength: 1 }),
    },
    { requiredKeys: ['roles'] },
  )
  return fc
    .tuple(keys, rest, rarely(fc, expiry, 4))
    .map(([named, other, expires]): BindingDocument => Object.assign({}, ...named, other, expires))
}

/** `arbitrary` once in `1 + weight` times, else undefined. */
function rarely<T>(
  fc: Fc,
  arbitrary: FastCheck.Arbitrary<T>,
  weight: number,
): FastCheck.Arbitrary<T | undefined> {
  return fc.oneof({ weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
}

function roleArbitrary(
  fc: Fc,
  name: string,
  below: readonly string[],
): FastCheck.Arbitrary<RoleDocument> {
  return fc.record(
    {
      name: fc.constant(name),
      rules: fc.array(ruleArbitrary(fc), { maxLength: 4 }),
      // Only roles above it in the list: no cycle.
      extends: fc.subarray([...below], { maxLength: Math.min(2, below.length) }),
    },
    { requiredKeys: ['name', 'rules'] },
  )
}

function whenArbitrary(fc: Fc): FastCheck.Arbitrary<WhenDocument> {
  const some = (names: readonly string[]) => fc.subarray([...names], { minLength: 1 })
  const one = fc.oneof<FastCheck.Arbitrary<WhenDocument>[]>(
    fc.record({ agent: some(AGENTS) }),
    fc.record({ user: some(USERS) }),
    fc.record({ team: some(TEAMS) }),
    fc.record({ groups: some(GROUPS) }),
    fc.record({ department: some(DEPARTMENTS) }),
    fc.record({ tenant: some(TENANTS) }),
    fc.record({ tier: fc.subarray([...TIERS], { minLength: 1, maxLength: 3 }) }),
    fc.record({ roles: some(ROLES) }),
    fc.record({ scopes: some(SCOPES) }),
  )
  return fc
    .array(one, { minLength: 1, maxLength: 2 })
    .map((parts): WhenDocument => Object.assign({}, ...parts))
}

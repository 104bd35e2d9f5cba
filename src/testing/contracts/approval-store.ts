import type { MaybePromise } from '../../core/model/json.ts'
import type {
  ApprovalBinding,
  ApprovalEntry,
  ApprovalFilter,
  ApprovalState,
  ApprovalStore,
} from '../../core/model/ports.ts'
import { type ContractFailure, deepFreeze, runStoreContract } from './contract.ts'

export interface ApprovalStoreContractOptions {
  /** For each check. @default 5000 */
  readonly timeoutMs?: number
}

type Check = (store: ApprovalStore) => Promise<string | undefined>

/**
 * Holds a store to what the engine relies on: what is put in comes back, what waits is never lost, and
 * of any number of callers that change one version exactly one succeeds. `make` gives a fresh, empty
 * store each time.
 */
export function testApprovalStore(
  make: () => MaybePromise<ApprovalStore>,
  options: ApprovalStoreContractOptions = {},
): Promise<readonly ContractFailure[]> {
  return runStoreContract(make, CHECKS, options.timeoutMs)
}

const CHECKS: readonly (readonly [string, Check])[] = [
  ['it gives back what was added', givesBack],
  ['it knows nothing of an id that was not added', unknownId],
  ['it adds an id once, whoever else adds it at the same time', addsOnce],
  ['it replaces the version that is named, and no other', replacesVersion],
  ['it lets exactly one of 100 parallel callers replace a version', oneOfMany],
  ['it lets one of an approval and a refusal at the same time stand', firstStands],
  ['it lists by state, tenant and agent, the oldest first', lists],
  ['it keeps all that wait and all that were given', keepsOpen],
  ['it keeps ids apart, whatever is in them', keepsApart],
  ['it is not changed by changing what was given or got', isCopied],
]

const BINDING: ApprovalBinding = {
  tenant: null,
  agent: 'bot',
  user: 'ana',
  session: 's1',
  verb: 'invoke',
  resource: 'mail.send',
  server: 'mail',
  definition: 'sha256:00',
  definition_hash: null,
  findings: [],
  arguments_hash: 'sha256:01',
}

function entryOf(id: string, changes: Partial<ApprovalEntry> = {}): ApprovalEntry {
  return deepFreeze({
    id,
    version: 1,
    state: 'pending',
    binding: BINDING,
    requesters: ['bot', 'ana'],
    policy_digest: 'sha256:02',
    trace: 't',
    text: 'agent "bot" …\nto: "a@b.c" \\u{202e} \u{1f642}',
    approvers: null,
    four_eyes: true,
    ttl_ms: 300_000,
    asked_at: 1_767_225_600_000,
    expires_at: 1_767_225_900_000.5,
    boot: 'b1',
    deadline: 1234.567,
    by: null,
    reason: null,
    decided_at: null,
    used_by: null,
    ...changes,
  })
}

/** The next version of it. */
function next(entry: ApprovalEntry, state: ApprovalState, by: string | null = 'eve') {
  return deepFreeze({ ...entry, version: entry.version + 1, state, by })
}

async function givesBack(store: ApprovalStore): Promise<string | undefined> {
  const entry = entryOf('a', { approvers: ['eve'], reason: 'why', decided_at: 5, used_by: 'x' })
  if ((await store.add(entry)) !== true) return '`add` did not answer true'
  return difference(await store.get('a'), entry)
}

function difference(got: ApprovalEntry | undefined, wanted: ApprovalEntry): string | undefined {
  if (got === undefined) return 'it is not there'
  const fields = new Set([...Object.keys(got), ...Object.keys(wanted)])
  for (const field of fields) {
    const [one, other] = [got, wanted].map((entry) => shown(entry[field as keyof ApprovalEntry]))
    if (one !== other) return `\`${field}\` is ${one}, not ${other}`
  }
  return undefined
}

/** JSON, whatever the order of keys: a database may have its own. */
function shown(value: unknown): string | undefined {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return JSON.stringify(isMap ? Object.entries(value).sort() : value)
}

async function unknownId(store: ApprovalStore): Promise<string | undefined> {
  if ((await store.get('nobody')) !== undefined) return '`get` gave something'
  if ((await store.replace(next(entryOf('nobody'), 'approved'), 1)) !== false)
    return '`replace` did not answer false'
  return (await store.get('nobody')) === undefined ? undefined : '`replace` added it'
}

async function addsOnce(store: ApprovalStore): Promise<string | undefined> {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => store.add(entryOf('a', { trace: `t${index}` }))),
  )
  const added = answers.filter((answer) => answer === true).length
  if (added !== 1) return `${added} of 20 added it`
  const kept = await store.get('a')
  return kept?.trace === `t${answers.indexOf(true)}` ? undefined : 'another one was kept'
}

async function replacesVersion(store: ApprovalStore): Promise<string | undefined> {
  const first = entryOf('a')
  await store.add(first)
  const second = next(first, 'approved')
  if ((await store.replace(second, 0)) !== false) return 'it replaced version 0 of version 1'
  if ((await store.replace(second, 2)) !== false) return 'it replaced version 2 of version 1'
  if ((await store.get('a'))?.state !== 'pending') return 'a refused change was made'
  if ((await store.replace(second, 1)) !== true) return '`replace` did not answer true'
  if ((await store.replace(next(first, 'denied'), 1)) !== false) return 'it replaced 1 twice'
  return difference(await store.get('a'), second)
}

async function oneOfMany(store: ApprovalStore): Promise<string | undefined> {
  const given = entryOf('a', { state: 'approved', by: 'eve' })
  await store.add(given)
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      store.replace({ ...next(given, 'used'), used_by: `call ${index}` }, 1),
    ),
  )
  const used = answers.filter((answer) => answer === true).length
  if (used !== 1) return `${used} succeeded`
  const by = (await store.get('a'))?.used_by
  return by === `call ${answers.indexOf(true)}` ? undefined : 'another one than that was kept'
}

async function firstStands(store: ApprovalStore): Promise<string | undefined> {
  for (let round = 0; round < 20; round++) {
    const entry = entryOf(`a${round}`)
    await store.add(entry)
    const [yes, no] = await Promise.all([
      store.replace(next(entry, 'approved'), 1),
      store.replace(next(entry, 'denied'), 1),
    ])
    if (yes === no) return yes ? 'both stood' : 'none stood'
    const state = (await store.get(entry.id))?.state
    if (state !== (yes ? 'approved' : 'denied')) return `it is ${state}`
  }
  return undefined
}

async function lists(store: ApprovalStore): Promise<string | undefined> {
  const others = { ...BINDING, tenant: 'acme', agent: 'other' }
  for (const [id, asked_at, state, binding] of [
    ['c', 30, 'pending', BINDING],
    ['a', 10, 'pending', BINDING],
    ['d', 40, 'approved', BINDING],
    ['b', 20, 'pending', others],
  ] as const)
    await store.add(entryOf(id, { asked_at, state, binding }))
  for (const [filter, wanted] of LISTS) {
    const found = (await store.list(filter)).map(({ id }) => id).join(' ')
    if (found !== wanted) return `${JSON.stringify(filter)} gives "${found}", not "${wanted}"`
  }
  return undefined
}

const LISTS: readonly (readonly [ApprovalFilter, string])[] = [
  [{}, 'a b c d'],
  [{ state: 'pending' }, 'a b c'],
  [{ state: 'pending', limit: 2 }, 'a b'],
  [{ state: 'pending', tenant: null, agent: 'bot' }, 'a c'],
  [{ tenant: 'acme' }, 'b'],
  [{ state: 'approved' }, 'd'],
  [{ state: 'used' }, ''],
  [{ agent: 'nobody' }, ''],
]

async function keepsOpen(store: ApprovalStore): Promise<string | undefined> {
  for (let index = 0; index < 200; index++) {
    const entry = entryOf(`a${index}`, { asked_at: index })
    if ((await store.add(entry)) !== true) return `${index} of 200 were taken`
    if (index % 4 === 1) await store.replace(next(entry, 'approved'), 1)
    if (index % 4 === 2) await store.replace(next(entry, 'denied'), 1)
  }
  const pending = (await store.list({ state: 'pending' })).length
  const approved = (await store.list({ state: 'approved' })).length
  return pending === 100 && approved === 50
    ? undefined
    : `${pending} of 100 wait, ${approved} of 50 are given`
}

const ODD_IDS = [
  ' ',
  'a',
  'a ',
  'A',
  'a:b',
  '__proto__',
  'constructor',
  '\u00e9',
  'e\u0301',
  '%',
  "'",
  'x'.repeat(256),
]

async function keepsApart(store: ApprovalStore): Promise<string | undefined> {
  for (const [index, id] of ODD_IDS.entries())
    if ((await store.add(entryOf(id, { trace: `t${index}` }))) !== true)
      return `${JSON.stringify(id)} was not added`
  for (const [index, id] of ODD_IDS.entries())
    if ((await store.get(id))?.trace !== `t${index}`)
      return `${JSON.stringify(id)} gives another one`
  return undefined
}

async function isCopied(store: ApprovalStore): Promise<string | undefined> {
  const wanted = entryOf('a')
  const given = { ...wanted, binding: { ...BINDING }, requesters: [...wanted.requesters] }
  await store.add(given)
  Object.assign(given, { state: 'approved' })
  Object.assign(given.binding, { agent: 'other' })
  given.requesters.pop()
  const got = await store.get('a')
  if (got === undefined) return 'it is not there'
  for (const change of [{ state: 'approved' }, { version: 9 }])
    try {
      Object.assign(got, change)
    } catch {
      // Frozen: all the better.
    }
  return difference(await store.get('a'), wanted)
}

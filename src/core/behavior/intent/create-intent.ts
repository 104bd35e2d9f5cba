import type { JsonValue } from '../../model/json.ts'
import { createReadAct } from './act.ts'
import { createAliases } from './aliases.ts'
import { createBoundedSet } from './bounded-set.ts'
import { createExplain } from './explain.ts'
import type { Act, Intent, IntentOptions } from './intent.ts'
import { createKeyKind } from './key-kind.ts'
import { createKeyedHash } from './keyed-hash.ts'
import { createMemory } from './memory.ts'
import { ASKING } from './mood.ts'
import { createObserve } from './observe.ts'
import { approvedKey, usedKey } from './open-tokens.ts'
import type { OpenRecord } from './records.ts'
import { restoreHoldings, saveHoldings } from './saved.ts'
import { createScan } from './scan.ts'
import type { Sentence } from './sentence.ts'
import { isHandedOver, metKey, POINTED, pointedAt, strangerKey } from './standing.ts'
import { readTask, type Task } from './task.ts'
import { createReadToolName } from './tool-name.ts'

/** Most values of each kind that are remembered. */
const MAX_KNOWN = 4_096
const MAX_USED = 4_096
const MAX_HANDED = 1_024
/** Bytes that one of them takes, about. */
const SIZE = { sentence: 480, sighting: 96, value: 40, alias: 120 } as const
const CHECK = 'callgate intent'

/**
 * Keeps the instruction-like sentences of a session and tells which of them explains a call. All that
 * is kept is bounded and is keyed hashes and small numbers. Nothing here throws.
 */
export function createIntent(options: IntentOptions): Intent {
  const hash = createKeyedHash(options.key)
  const check = hash(CHECK, 0, CHECK.length)
  const without = options.without ?? new Set<never>()
  const scan = createScan()
  const toolName = createReadToolName(hash)
  const keyKind = createKeyKind()
  const aliases = createAliases(hash, scan, keyKind)
  const known = createBoundedSet(MAX_KNOWN)
  const used = createBoundedSet(MAX_USED)
  const handed = createBoundedSet(MAX_HANDED)
  // What handed-over text names, such as a page to read, is handed over too, if less.
  const memory = createMemory((sentence: Sentence): void => {
    if (task === undefined || !task.obeys || sentence.mood < ASKING) return
    const pointed = pointedAt(sentence.source, task, held)
    if (pointed >= POINTED.place && isHandedOver(sentence, pointed, task))
      for (const value of sentence.values) handed.add(value)
  })
  const held = { memory, aliases, known, used, handed }
  let task: Task | undefined = restoreHoldings(options.saved, held, check)
  const readAct = createReadAct({ hash, scan, aliases, toolName })
  const met = (records: readonly OpenRecord[]): void => {
    if (task === undefined || task.names.size === 0) return
    const { names } = task
    const isNamed = ({ authors }: OpenRecord): boolean => authors.some((word) => names.has(word))
    // Where nobody is named, the names of the task are of other things.
    if (!records.some((record) => record.ids.length > 0 && isNamed(record))) return
    for (const record of records) {
      const key = isNamed(record) ? metKey : strangerKey
      for (const id of record.ids) handed.add(key(id))
    }
  }
  const observe = createObserve({ hash, scan, memory, toolName, keyKind, known, met, without })
  const explain = createExplain({ hash, memory, readAct, known, used, handed, without })
  return {
    task: (text) => {
      const isNone = without.has('task') || text.trim() === ''
      task = isNone ? undefined : readTask(text, hash, scan)
    },
    observe: (text) => {
      aliases.read(text.leaves)
      observe(text)
    },
    explain: (act) => explain(act, task),
    acted: (act: Act, approved: boolean) => {
      const view = readAct(act)
      const resource = hash(act.resource, 0, act.resource.length)
      if (approved) known.add(approvedKey(resource))
      for (let token = 0; token < view.tokens; token += 1) {
        const value = view.hashes[token] ?? 0
        if (approved) known.add(value)
        else if ((view.strengths[token] ?? 0) > 0) used.add(usedKey(value, resource))
      }
    },
    get bytes() {
      return (
        memory.size * SIZE.sentence +
        memory.sightings.size * SIZE.sighting +
        aliases.size * SIZE.alias +
        (known.size + used.size + handed.size) * SIZE.value
      )
    },
    save: (): JsonValue => saveHoldings(held, task, check),
  }
}

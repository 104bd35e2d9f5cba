import type { JsonValue } from '../../model/json.ts'
import type { Aliases } from './aliases.ts'
import type { BoundedSet } from './bounded-set.ts'
import { MAX_SENTENCES, type Memory } from './memory.ts'
import type { Sentence, SourceRecord } from './sentence.ts'
import { MAX_SIGHTINGS } from './sightings.ts'
import type { Task } from './task.ts'

/** Changes with the shape: what another version saved is not read. */
const VERSION = 2

/** All that a session's intent holds: hashes and numbers. */
export interface Holdings {
  readonly memory: Memory
  readonly aliases: Aliases
  readonly known: BoundedSet
  readonly used: BoundedSet
  readonly handed: BoundedSet
}

/** `check` is a hash of a constant: what was saved with another key means nothing. */
export function saveHoldings(held: Holdings, task: Task | undefined, check: number): JsonValue {
  const { memory } = held
  const records = new Map<SourceRecord, number>()
  const sentences: JsonValue[] = []
  for (const sentence of memory.all()) {
    const record = records.get(sentence.source) ?? records.size
    records.set(sentence.source, record)
    sentences.push([
      [record, sentence.mood, sentence.cue, sentence.head, sentence.verbs, sentence.objects],
      sentence.stems.slice(),
      sentence.values.slice(),
      memory.signatureOf(sentence.id),
    ])
  }
  const sightings: number[] = []
  for (const [value, seen] of memory.sightings.entries())
    sightings.push(value, seen.field, seen.otherField, seen.prose, seen.otherProse)
  return {
    version: VERSION,
    check,
    nextRecord: memory.nextRecord,
    last: memory.lastEvent,
    text: memory.textEvent,
    only: memory.isOnly,
    records: [...records.keys()].map(saveRecord),
    sentences,
    sightings,
    aliases: held.aliases.entries().map(([id, stems]) => [id, ...stems]),
    known: held.known.values().slice(),
    used: held.used.values().slice(),
    handed: held.handed.values().slice(),
    task: task === undefined ? null : saveTask(task),
  }
}

/** Puts back what `saveHoldings` gave. Anything else is left out; never throws. Gives the task. */
export function restoreHoldings(
  saved: JsonValue | undefined,
  held: Holdings,
  check: number,
): Task | undefined {
  const fields = objectOf(saved)
  if (fields === undefined || fields['version'] !== VERSION || fields['check'] !== check)
    return undefined
  const records = listOf(fields['records']).map(readRecord)
  for (const item of listOf(fields['sentences']).slice(-MAX_SENTENCES))
    restoreSentence(item, records, held.memory)
  const sightings = numbersOf(fields['sightings'])
  const from = Math.max(0, sightings.length - MAX_SIGHTINGS * 5)
  for (let at = from; at + 4 < sightings.length; at += 5)
    held.memory.sightings.put(sightings[at] ?? 0, {
      field: sightings[at + 1] ?? -1,
      otherField: sightings[at + 2] ?? -1,
      prose: sightings[at + 3] ?? -1,
      otherProse: sightings[at + 4] ?? -1,
    })
  for (const item of listOf(fields['aliases'])) {
    const [id, ...stems] = numbersOf(item)
    if (id !== undefined) held.aliases.put(id, stems)
  }
  for (const name of ['known', 'used', 'handed'] as const)
    for (const value of numbersOf(fields[name])) held[name].add(value)
  held.memory.nextRecord = Math.max(1, numberOf(fields['nextRecord']))
  held.memory.lastEvent = numberOf(fields['last'])
  held.memory.textEvent = numberOf(fields['text'])
  held.memory.isOnly = fields['only'] !== false
  return readSavedTask(fields['task'])
}

function saveRecord(record: SourceRecord): JsonValue {
  return [
    [record.event, record.id, record.resource, record.objects],
    record.authors.slice(),
    record.pointers.slice(),
    record.titles.map((title) => title.slice()),
  ]
}

function readRecord(saved: JsonValue): SourceRecord {
  const [numbers, authors, pointers, titles] = listOf(saved)
  const [event = 0, id = 0, resource = 0, objects = 0] = numbersOf(numbers)
  return {
    event,
    id,
    resource,
    objects,
    authors: numbersOf(authors),
    pointers: numbersOf(pointers),
    titles: listOf(titles).map(numbersOf),
  }
}

function restoreSentence(saved: JsonValue, records: readonly SourceRecord[], memory: Memory): void {
  const [numbers, stems, values, signature] = listOf(saved)
  const [record = -1, mood = 0, cue = 0, head = 0, verbs = 0, objects = 0] = numbersOf(numbers)
  const source = records[record]
  if (source === undefined) return
  const sentence: Omit<Sentence, 'id'> = {
    source,
    mood,
    cue,
    head,
    verbs,
    objects,
    stems: numbersOf(stems),
    values: numbersOf(values),
  }
  memory.restore(sentence, numberOf(signature))
}

function saveTask(task: Task): JsonValue {
  return {
    clauses: task.clauses.map((clause) => [clause.verbs, clause.nouns, clause.objects]),
    stems: [...task.stems],
    values: [...task.values],
    names: [...task.names],
    objects: task.objects,
    obeys: task.obeys,
    worksOn: task.worksOn,
    details: task.details,
    keeps: task.keeps,
    approves: task.approves,
    readsOnly: task.readsOnly,
  }
}

function readSavedTask(saved: JsonValue | undefined): Task | undefined {
  const fields = objectOf(saved)
  if (fields === undefined) return undefined
  return {
    clauses: listOf(fields['clauses']).map((clause) => {
      const [verbs = 0, nouns = 0, objects = 0] = numbersOf(clause)
      return { verbs, nouns, objects }
    }),
    stems: new Set(numbersOf(fields['stems'])),
    values: new Set(numbersOf(fields['values'])),
    names: new Set(numbersOf(fields['names'])),
    objects: numberOf(fields['objects']),
    obeys: fields['obeys'] === true,
    worksOn: fields['worksOn'] === true,
    details: fields['details'] === true,
    keeps: fields['keeps'] === true,
    approves: fields['approves'] === true,
    readsOnly: fields['readsOnly'] === true,
  }
}

type Fields = { readonly [key: string]: JsonValue | undefined }

function objectOf(value: JsonValue | undefined): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  // Neither null nor an array: what is left of JSON's objects is one.
  return value as Fields
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function numbersOf(value: JsonValue | undefined): number[] {
  return listOf(value).filter((item): item is number => typeof item === 'number')
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0
}

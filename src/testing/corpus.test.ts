import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Mode } from '../core/model/decision.ts'
import type { JsonObject } from '../core/model/json.ts'
import { checkPolicyText, compilePolicy } from '../core/policy/parse.ts'
import { readSource } from '../core/policy/read/read-source.ts'
import { loadPolicy } from '../engine/load-policy.ts'
import { createTestEngine, TEST_NOW, type TestEngine } from './create-test-engine.ts'
import { requestOf, type TestCall } from './test-call.ts'

/**
 * The conformance corpus: what the contract says, as data. Each call is asked of `explain` and of
 * `begin`, which must agree with the case and so with each other.
 */
interface CorpusFile {
  readonly note: string
  readonly policy?: JsonObject
  /** Policy files by name, and which of them are loaded: for layers. */
  readonly files?: Readonly<Record<string, JsonObject>>
  readonly load?: readonly string[]
  readonly mode?: Mode
  readonly cases?: readonly (CallCase | ListCase)[]
  /** Texts that are no policy, with the kinds of their problems. */
  readonly refused?: readonly RefusedCase[]
}
interface CallCase {
  readonly note: string
  readonly now?: string
  readonly call: TestCall
  readonly want: JsonObject
}
interface ListCase {
  readonly note: string
  readonly list: Omit<TestCall, 'resource'> & { readonly items: readonly string[] }
  readonly want: { readonly items: readonly string[] }
}
interface RefusedCase {
  readonly note: string
  readonly text: string
  readonly want: readonly string[]
}

const folder = fileURLToPath(new URL('../../fixtures/cases', import.meta.url))
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

function readCorpus(name: string): CorpusFile {
  const source = readSource(readFileSync(join(folder, name), 'utf8'), { file: name })
  expect(source.problems).toEqual([])
  return source.value as CorpusFile // the runner below looks at every field
}

async function engineOf(corpus: CorpusFile): Promise<TestEngine> {
  const policy =
    corpus.files === undefined ? compilePolicy(corpus.policy) : await loadLayers(corpus)
  const engine = createTestEngine({ policy, mode: corpus.mode ?? 'enforce' })
  await engine.ready()
  return engine
}

async function loadLayers(corpus: CorpusFile) {
  const place = mkdtempSync(join(tmpdir(), 'callgate-corpus-'))
  try {
    for (const [name, document] of Object.entries(corpus.files ?? {})) {
      mkdirSync(dirname(join(place, name)), { recursive: true })
      // JSON is YAML.
      writeFileSync(join(place, name), JSON.stringify(document))
    }
    return await loadPolicy(...(corpus.load ?? []).map((name) => join(place, name)))
  } finally {
    rmSync(place, { recursive: true })
  }
}

describe.each(files)('%s', (name) => {
  const corpus = readCorpus(name)
  const cases = corpus.cases ?? []
  const calls = cases.filter((one) => 'call' in one)
  const lists = cases.filter((one) => 'list' in one)
  let engine: Promise<TestEngine> | undefined
  const started = (): Promise<TestEngine> => {
    engine ??= engineOf(corpus)
    return engine
  }

  it.each(calls)('$note', async ({ note, call, want, now }) => {
    const asked = await started()
    asked.clock.set(now ?? TEST_NOW)
    // A session each: what was denied in one case is no history of the next.
    const request = { ...requestOf(call), session: call.session ?? note }
    const { decision: explained } = await asked.explain(request)
    const { decision: begun } = await asked.begin(request)

    expect({ explained, begun }).toMatchObject({ explained: want, begun: want })
  })

  it.each(lists)('$note', async ({ list, want }) => {
    const asked = await started()
    const { items, ...rest } = list
    const { resource: _, arguments: __, ...request } = requestOf({ ...rest, resource: '' })

    expect(await asked.discover(request, items)).toEqual(want.items)
  })

  it.each(corpus.refused ?? [])('$note', ({ text, want }) => {
    const { problems, digest } = checkPolicyText(text, { filename: 'policy.yaml' })

    expect({ kinds: problems.map(({ kind }) => kind), digest }).toEqual({
      kinds: want,
      digest: null,
    })
  })

  it('says of each case what it is about, once', () => {
    const notes = [...cases, ...(corpus.refused ?? [])].map(({ note }) => note)

    expect(corpus.note).not.toBe('')
    expect(new Set(notes).size).toBe(notes.length)
  })
})

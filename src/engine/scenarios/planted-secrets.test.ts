import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../cli/run-main.fixture.ts'
import { scanKinds } from '../../core/detection/scan.ts'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { createLeakSearch } from './leak-search.fixture.ts'
import { createPlantedCalls, PLACE_NAMES } from './planted-calls.fixture.ts'
import { openStage } from './planted-stage.fixture.ts'
import { plantedSecret, TEMPLATE_COUNT } from './planted-values.fixture.ts'

const CALLS = 1_000
const BATCH = 100
/** What becomes of the calls: none of it may be left out. */
const REASONS = [
  ...['allowed', 'malformed_request', 'explicit_deny', 'constraint_violation', 'blocklisted'],
  ...['secret_detected', 'gate_failed', 'token_invalid', 'approval_denied', 'approval_mismatch'],
]

describe('planted secrets', () => {
  it('are of every kind that the scanner knows', () => {
    const kinds = Array.from({ length: TEMPLATE_COUNT }, (_, number) => plantedSecret(number).kind)
    expect([...new Set(kinds)].toSorted()).toEqual(scanKinds('secret'))
  })

  it('are seen where they stand, whole and in pieces', () => {
    const search = createLeakSearch()
    search.watch('abcdefghijklmnop')
    for (const text of ['--cdefghijklmn--', 'abcdefghijk-lmnop', ''.padEnd(30, 'x')])
      search.search('here', text)
    expect(search.leaks).toEqual(['here: …--cdefghijklmn--…'])
  })
})

await withPostgres('calls with planted secrets', (db) => {
  it('leave none of them in any record, sink, log, error, metric or frame', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'callgate-planted-'))
    const file = join(folder, 'audit.jsonl')
    const stage = await openStage({ pool: db.pool, schema: db.schema, file })
    const next = createPlantedCalls(1)
    const search = createLeakSearch()
    const places = new Set<string>()
    for (let done = 0; done < CALLS; done += BATCH) {
      const calls = Array.from({ length: BATCH }, next)
      for (const call of calls) {
        for (const place of call.places) places.add(place)
        for (const { parts } of call.secrets) for (const part of parts) search.watch(part)
      }
      await stage.play(calls)
    }
    await stage.close()
    const { calls, leaks, outputs, reasons } = stage.figures()

    expect([calls, leaks]).toEqual([CALLS, []])
    expect([...places].toSorted()).toEqual(PLACE_NAMES.toSorted())
    // None of them is empty for a reason of its own.
    expect([...outputs].filter(([, units]) => units < 1_000)).toEqual([])
    expect(outputs.size).toBe(19)
    expect([...reasons]).toEqual(expect.arrayContaining(REASONS))

    for (const command of ['query', 'stats', 'export']) {
      const said = await run(['audit', command, file])
      expect(said.stdout.length).toBeGreaterThan(100)
      search.search(`audit ${command}`, said.stdout + said.stderr)
    }
    expect(search.leaks).toEqual([])
    rmSync(folder, { recursive: true, force: true })
  }, 180_000)
})

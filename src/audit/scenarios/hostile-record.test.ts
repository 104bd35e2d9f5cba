import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { canonicalJson, sha256Hex } from '../../core/hash.ts'
import { call, engineWith, guarded } from '../../engine/scenarios/engine.fixture.ts'
import type { CallRequest, EngineLimits, JsonObject } from '../../index.ts'
import { closeSinks, kept, linesOf, watched } from '../jsonl/sink.fixture.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'

vi.setConfig({ testTimeout: 60_000 })
closeSinks()

const MOST_BYTES = 1_048_576

/** What one call leaves in a ledger, where arguments are recorded. */
async function recordOfCall(request: CallRequest, limits: EngineLimits = {}) {
  const { sink, path } = watched()
  const engine = engineWith({ redaction: { action: 'label' } }, { audit: [sink], limits })
  const answer = await guarded(engine, request, () => 'out')
  await engine.close()
  const lines = linesOf(path)
  const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  expect(text).toBe(lines.map((line) => `${line}\n`).join(''))
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(MOST_BYTES)
  const { ok, records } = await verifyLedger({ files: [path] })
  expect([ok, records]).toEqual([true, lines.length])
  const [first] = kept(path)
  return { answer, records, first }
}

describe('U11 a call that a record could choke on', () => {
  it('U11 with 50 MB of arguments is denied, and its record is one bounded line', async () => {
    const { answer, records, first } = await recordOfCall(
      call('crm.note', { text: 'x'.repeat(50_000_000) }),
    )
    expect([answer, records]).toEqual(['payload_limit', 1])
    expect(first).toMatchObject({ status: 'denied', arguments: null })
  })

  it('U11 with 50 MB that the host lets in keeps the hash of all of it, and a mark', async () => {
    const args = { text: 'x'.repeat(50_000_000) }
    const limits = { maxArgumentSize: 60_000_000 }
    const { answer, records, first } = await recordOfCall(call('crm.note', args), limits)
    expect([answer, records]).toEqual(['out', 2])
    expect(first?.input_hash).toBe(`sha256:${sha256Hex(canonicalJson(args))}`)
    expect(first?.arguments).toEqual({ truncated: true, characters: 50_000_011 })
  })

  it.each<[string, JsonObject]>([
    ['lone surrogates', { text: 'a\ud800b', ['\udc00']: ['\udfff'] }],
    [
      'line breaks',
      { text: 'one\ntwo\r\nthree\u2028four\u2029', ['a\nb']: '{"kind":"decision"}\n{}' },
    ],
    ['NUL and other controls', { text: '\0\u0001\u001b[2J\u007f', ['\0']: ['\0'] }],
  ])('U11 with %s is one line of valid UTF-8 each', async (_, args) => {
    const { records } = await recordOfCall(call('crm.note', args))
    expect([1, 2]).toContain(records)
    const { session, agent } = { session: `s${JSON.stringify(args)}\n`, agent: 'b\n\ud800' }
    const named = call('crm.note', args, { session, subject: { agent, user: 'u\0\n' } })
    expect((await recordOfCall(named)).records).toBeGreaterThan(0)
  })
})

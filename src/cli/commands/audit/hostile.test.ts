import { describe, expect, it } from 'vitest'
import { chained, linesOf, recordWith, trailFolder } from '../../../audit/query/trail.fixture.ts'
import { run } from '../../run-main.fixture.ts'

describe('hostile records', () => {
  const evil = '\u001b[2J\u001b]0;x\u0007\u0000\u009b31m\u202e\u2028\ud800\n\r'
  const fields = { agent: evil, resource: evil, error: evil, id: evil, user_id: evil, gate: evil }
  const line = JSON.stringify(recordWith({ ...fields, kind: 'outcome', duration_ms: 1 }))
  const STEERING = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2028]/

  it.each(
    ['text', 'json', 'ndjson', 'csv']
      .map((format) => `query a.jsonl --format ${format}`)
      .concat(
        ['cef', 'leef', 'syslog', 'ocsf', 'ecs', 'cloudevents', 'csv'].map(
          (format) => `export a.jsonl --format ${format}`,
        ),
        [
          'stats a.jsonl',
          'stats a.jsonl --format json',
          'tail a.jsonl',
          'tail a.jsonl --format ndjson',
        ],
      ),
  )('do not steer the terminal: %s', async (words) => {
    const cwd = trailFolder({ 'a.jsonl': `${line}\n` })
    const argv = ['audit', ...words.split(' '), '--no-color']
    const { exit, stdout, stderr } = await run(argv, { cwd, isTTY: true })
    expect([exit, stderr, STEERING.test(stdout)]).toEqual([0, '', false])
    expect(stdout.length).toBeGreaterThan(10)
  })

  it('are the same JSON on a terminal as in a pipe', async () => {
    const cwd = trailFolder({ 'a.jsonl': `${line}\n` })
    const { stdout } = await run(['audit', 'query', 'a.jsonl', '-f', 'json'], { cwd, isTTY: true })
    expect(JSON.parse(stdout).records[0].agent).toBe(evil)
  })

  it('do not steer it by the name of a file or a fault either', async () => {
    const bad = linesOf(chained([recordWith({ id: evil.slice(0, 5) })])).replace(
      '"seq":1',
      '"seq":2',
    )
    const { stdout } = await run(['audit', 'verify', 'a.jsonl', '--no-color'], {
      cwd: trailFolder({ 'a.jsonl': bad }),
      isTTY: true,
    })
    expect([stdout.startsWith('not intact'), STEERING.test(stdout)]).toEqual([true, false])
  })
})

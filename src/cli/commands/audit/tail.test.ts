import { spawn } from 'node:child_process'
import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { linesOf, SAMPLE, trailFolder } from '../../../audit/query/trail.fixture.ts'
import { audit, LEDGER, program } from './audit.fixture.ts'

describe('callgate audit tail', () => {
  it('writes the last records', async () => {
    const { stdout } = await audit('tail audit.jsonl -n 2 --format ndjson')
    expect(stdout).toBe(`${LEDGER.trimEnd().split('\n').slice(-2).join('\n')}\n`)
  })

  it('follows over a rotation, says where records are missing, and ends on SIGINT', {
    timeout: 30_000,
  }, async () => {
    const path = join(trailFolder({ 'a.jsonl': linesOf(SAMPLE.slice(0, 2)) }), 'a.jsonl')
    const cli = program(['tail', '-f', path, '--format', 'ndjson'])
    const child = spawn(cli.command, cli.args)
    const written = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (text) => {
        written[name] += text
      })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const seqs = () =>
      written.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).seq)
    const limits = { timeout: 20_000 }
    await expect.poll(seqs, limits).toEqual([1, 2])
    appendFileSync(path, linesOf(SAMPLE.slice(2, 3)))
    renameSync(path, `${path}.1`)
    writeFileSync(path, linesOf(SAMPLE.slice(3, 4)))
    await expect.poll(seqs, limits).toEqual([1, 2, 3, 4])
    appendFileSync(path, `${linesOf(SAMPLE.slice(5, 6))}not a record\n`)
    await expect.poll(() => written.stderr.split('\n').length, limits).toBe(3)
    child.kill('SIGINT')
    expect([await ended, seqs()]).toEqual([0, [1, 2, 3, 4, 6]])
    expect(written.stderr).toMatch(/missing here\n.*passed over: not JSON\n$/)
  })
})

import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { call, engineWith, guarded } from '../../engine/scenarios/engine.fixture.ts'
import { faultyFs } from '../jsonl/faulty-fs.fixture.ts'
import { scratchFolder } from '../jsonl/scratch.fixture.ts'
import { closeSinks, watched } from '../jsonl/sink.fixture.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { childProgram } from './processes.fixture.ts'

vi.setConfig({ testTimeout: 60_000 })
closeSinks()

const TMPFS = 'mount -t tmpfs -o size=64k tmpfs "$1"'
const MOUNTED = `${TMPFS} && exec "$0" "$2" fill "$1" ballast`
const LIMITED = 'ulimit -f 64 && exec "$0" "$2" fill "$1" rename'

const hasShell = process.platform !== 'win32'
const canMount =
  hasShell && spawnSync('unshare', ['-rm', 'sh', '-c', TMPFS, 'sh', '/mnt']).status === 0
if (!canMount) console.warn('U03 on a full tmpfs is left out: no file system can be mounted here')

function run(command: string, args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 })
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Record<string, unknown>
}

const RESUMED = {
  reason: 'audit_unavailable',
  again: 'audit_unavailable',
  after: ['done', 'done'],
  ok: true,
  fault: null,
}

describe('U03 a disk that is full', () => {
  it.skipIf(!canMount)(
    'U03 a tmpfs of 64 kB denies calls until there is space, then goes on',
    async () => {
      const folder = scratchFolder()
      const given = ['-rm', 'sh', '-c', MOUNTED, process.execPath, folder, await childProgram()]
      const said = run('unshare', given)
      expect(said).toMatchObject(RESUMED)
      expect(said['records']).toBe(said['written'])
      expect(Number(said['missing'])).toBeGreaterThan(0)
      expect(Number(said['calls'])).toBeGreaterThan(5)
    },
  )

  it.skipIf(!hasShell)(
    'U03 a limit on the size of files does the same, until the file is moved',
    async () => {
      const said = run('sh', [
        '-c',
        LIMITED,
        process.execPath,
        scratchFolder(),
        await childProgram(),
      ])
      expect(said).toMatchObject(RESUMED)
      expect(said['records']).toBe(said['written'])
      expect(Number(said['calls'])).toBeGreaterThan(5)
    },
  )

  it('U03 a write taken in part is cut off, and its call denied', async () => {
    const fs = faultyFs('ENOSPC')
    const { sink, path } = watched({ fs })
    const engine = engineWith({}, { audit: [sink] })
    expect(await guarded(engine, call(), () => 'out')).toBe('out')
    const good = statSync(path).size
    let writes = 0
    fs.fault = (name) => {
      if (name !== 'write') return undefined
      return ++writes % 2 === 1 ? 'short' : 'fail'
    }
    for (let index = 0; index < 5; index++)
      expect(await guarded(engine, call(), () => 'out')).toBe('audit_unavailable')
    expect(statSync(path).size).toBe(good)
    fs.fault = undefined
    expect(await guarded(engine, call(), () => 'out')).toBe('out')
    await engine.close()
    const report = await verifyLedger({ files: [path] })
    expect(report).toMatchObject({ ok: true, records: 4 })
    expect(report.missing).toBeGreaterThanOrEqual(5)
  })
})

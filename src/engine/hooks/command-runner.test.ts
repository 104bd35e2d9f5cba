import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type CommandRunnerOptions, commandRunner } from './command-runner.ts'
import { isAlive, openWorkshop, until } from './hooks.fixture.ts'
import type { CommandResult } from './runners.ts'

const shop = openWorkshop()
afterAll(() => shop.remove())
const isWindows = process.platform === 'win32'

const run = async (
  command: string,
  options: CommandRunnerOptions = {},
  payload: { readonly [key: string]: string } = { tool_name: 'db.read' },
): Promise<CommandResult> => commandRunner(options)(command, payload, new AbortController().signal)

/** Runs until the script has written its process ids, then aborts. */
async function stopped(command: string, pidFile: string): Promise<readonly number[]> {
  const over = new AbortController()
  const running = commandRunner()(command, {}, over.signal)
  const pids = (): readonly number[] => {
    try {
      return (JSON.parse(readFileSync(pidFile, 'utf8')) as number[]).filter((pid) => pid > 0)
    } catch {
      return []
    }
  }
  await until(() => pids().length > 0)
  over.abort()
  await expect(running).rejects.toThrow('it was stopped')
  return pids()
}

describe('a command', () => {
  it('gets the payload as JSON on its stdin, and its words as they stand', async () => {
    const command = shop.script(
      'echo.cjs',
      `let text = ''
process.stdin.on('data', (chunk) => { text += chunk })
process.stdin.on('end', () => console.log(JSON.stringify([JSON.parse(text), process.argv.slice(2)])))`,
    )
    const { exitCode, stdout } = await run(`${command} '$HOME; ls' "a b"`)
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      0,
      [{ tool_name: 'db.read' }, ['$HOME; ls', 'a b']],
    ])
  })

  it.each([0, 1, 2, 3, 127, 255])('that exits %i says so', async (code) => {
    const command = shop.script('exit.cjs', 'process.exit(Number(process.argv[2]))')
    expect((await run(`${command} ${code}`)).exitCode).toBe(code)
  })

  it('that ends by a signal has no exit code', async () => {
    const command = shop.script('crash.cjs', "process.kill(process.pid, 'SIGKILL')")
    expect((await run(command)).exitCode).toBe(isWindows ? 1 : null)
  })

  it('that reads nothing of a large payload is no failure', async () => {
    const command = shop.script('deaf.cjs', "process.stdin.destroy(); console.log('done')")
    const { exitCode, stdout } = await run(command, {}, { text: 'x'.repeat(2_000_000) })
    expect([exitCode, stdout.trim()]).toEqual([0, 'done'])
  })

  it('that prints without end of it is heard to the bound', async () => {
    const command = shop.script(
      'flood.cjs',
      "for (let i = 0; i < 200; i++) { process.stdout.write('x'.repeat(10_000)); process.stderr.write('y'.repeat(10_000)) }",
    )
    const { exitCode, stdout, stderr } = await run(command, { maxOutputBytes: 1000 })
    expect([exitCode, stdout.length, stderr.length]).toEqual([0, 1000, 1000])
  })

  it.each(['no-such-command-anywhere', './no/such/file'])(
    'that is not there fails: %s',
    async (command) => {
      await expect(run(command)).rejects.toThrow('ENOENT')
    },
  )

  it('whose folder is not there fails', async () => {
    await expect(run('node x', { cwd: join(shop.folder, 'nowhere') })).rejects.toThrow('ENOENT')
  })

  it('runs in the folder it is told', async () => {
    const command = shop.script('cwd.cjs', 'console.log(process.cwd())')
    expect((await run(command, { cwd: shop.folder })).stdout).toContain('callgate-hooks-')
  })

  it('sees no variable of this process but those it is given', async () => {
    process.env['HOOK_TEST_SECRET'] = 'hidden'
    process.env['HOOK_TEST_GIVEN'] = 'given'
    const command = shop.script('env.cjs', 'console.log(JSON.stringify(process.env))')
    const { stdout } = await run(command, { env: ['HOOK_TEST_GIVEN'] })
    expect(JSON.parse(stdout)).toMatchObject({ HOOK_TEST_GIVEN: 'given' })
    expect(stdout).not.toContain('hidden')
  })

  it('that has ended already is not started', async () => {
    const over = new AbortController()
    over.abort()
    await expect(commandRunner()('node x', {}, over.signal)).rejects.toThrow('before it began')
  })
})

describe.skipIf(isWindows)('a command that is stopped', () => {
  it('ends, with all it has started', async () => {
    const pidFile = join(shop.folder, 'tree.json')
    const command = shop.script(
      'tree.cjs',
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'inherit' })
require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, JSON.stringify([process.pid, child.pid]))
setInterval(() => 0, 1000)`,
    )
    const pids = await stopped(command, pidFile)
    expect(pids).toHaveLength(2)
    await until(() => !pids.some(isAlive))
  })

  it('ends also where it does not want to', async () => {
    const pidFile = join(shop.folder, 'stubborn.json')
    const command = shop.script(
      'stubborn.cjs',
      `process.on('SIGTERM', () => undefined)
process.on('SIGINT', () => undefined)
require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, JSON.stringify([process.pid]))
setInterval(() => 0, 1000)`,
    )
    const pids = await stopped(command, pidFile)
    await until(() => !pids.some(isAlive))
  })

  it('has its answer at once, though what it left behind holds its output open', async () => {
    const pidFile = join(shop.folder, 'left.json')
    const command = shop.script(
      'left.cjs',
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'inherit' })
require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, JSON.stringify([child.pid]))
console.log('done'); child.unref(); process.exit(0)`,
    )
    const { exitCode, stdout } = await run(command)
    expect([exitCode, stdout.trim()]).toEqual([0, 'done'])
    const pids = JSON.parse(readFileSync(pidFile, 'utf8')) as number[]
    await until(() => !pids.some(isAlive))
  })
})

describe('what a host allows', () => {
  const node = `'${process.execPath}'`
  it.each<[string, CommandRunnerOptions['allow'], boolean]>([
    ['-e 0', [`${node} -e`], true],
    ['-e 0', [`${node} -e 0`], true],
    ['-e 0', [`${node} -e 1`], false],
    ['-e 0', [`${node} -`], false],
    ['-e 0', ['other', node], true],
    ['-e 0', [], false],
    ['-e 0', () => true, true],
    ['-e 0', () => false, false],
    ['-e 0', (() => Promise.resolve(true)) as never, false],
    [`${shop.folder}/exit.cjs 0`, [`${node} ${shop.folder}/`], true],
    [`${shop.folder}/../exit.cjs 0`, [`${node} ${shop.folder}/`], false],
    [`${shop.folder}/`, [`${node} ${shop.folder}/sub/`], false],
    [`${shop.folder}-other/exit.cjs`, [`${node} ${shop.folder}/`], false],
  ])('of %s with %s is %s', async (rest, allow, isAllowed) => {
    const running = run(`${node} ${rest}`, allow === undefined ? {} : { allow })
    if (isAllowed) await expect(running).resolves.toMatchObject({ exitCode: expect.any(Number) })
    else await expect(running).rejects.toThrow('the host does not allow this command')
  })

  it.skipIf(isWindows)('of a shell is whole commands only', async () => {
    const options: CommandRunnerOptions = { shell: true, allow: ['echo one | cat'] }
    expect((await run('echo one | cat', options)).stdout).toBe('one\n')
    await expect(run('echo one | cat; echo two', options)).rejects.toThrow('does not allow')
  })

  it.skipIf(isWindows)('does without a shell unless it is asked for', async () => {
    await expect(run('echo one | cat')).rejects.toThrow('needs a shell')
    expect((await run("echo '$(echo two)'")).stdout).toBe('$(echo two)\n')
  })

  it.each<[object]>([
    [{ allow: 'node' }],
    [{ allow: [1] }],
    [{ allow: [''] }],
    [{ env: 'PATH' }],
    [{ cwd: 7 }],
    [{ shell: 'bash' }],
    [{ maxOutputBytes: 0 }],
    [{ maxOutputBytes: Number.NaN }],
    [{ timeout: 5 }],
  ])('is never written like %j', (options) => {
    expect(() => commandRunner(options as CommandRunnerOptions)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }),
    )
  })
})

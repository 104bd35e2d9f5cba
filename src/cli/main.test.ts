import { describe, expect, it } from 'vitest'
import { VERSION } from '../version.ts'
import { COMMANDS } from './commands/index.ts'
import { DEMO_POLICY_FILE, folderWith, run, trace } from './run-main.fixture.ts'

describe('callgate', () => {
  it('prints the help with every command where none is named', async () => {
    const { exit, stdout } = await run([])
    expect(exit).toBe(0)
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command.name} `)
  })

  it.each([['--version'], ['-v'], ['can-i', '--version']])(
    'prints its version for %s',
    async (...argv) => {
      expect(await run(argv)).toEqual({ exit: 0, stdout: `${VERSION}\n`, stderr: '' })
    },
  )

  it.each(COMMANDS.map(({ name }) => name))('explains `%s` with --help', async (name) => {
    const { exit, stdout, stderr } = await run([...name.split(' '), '--help'])
    expect({ exit, stderr, starts: stdout.startsWith(`callgate ${name}: `) }).toEqual({
      exit: 0,
      stderr: '',
      starts: true,
    })
  })

  it('takes global options before the command', async () => {
    const { exit, stdout } = await run(['--format', 'json', 'version'])
    expect({ exit, callgate: JSON.parse(stdout).callgate }).toEqual({ exit: 0, callgate: VERSION })
  })
})

describe('a command line that makes no sense', () => {
  it.each([
    [['valdiate'], 'unknown command `valdiate`', 'did you mean `validate`?'],
    [['frobnicate'], 'unknown command `frobnicate`', '`callgate help`'],
    [['replay', 'x', '--polciy', 'y'], 'unknown option `--polciy`', 'did you mean `--policy`?'],
    [['replay', 'x', '--policy'], '`--policy` needs a value', '--policy FILE|DIR'],
    [['replay', 'x', '--policy', '--observe'], '`--policy` needs a value', '--policy FILE|DIR'],
    [['replay', 'x', '--observe=no'], '`--observe` takes no value', '`--observe` alone'],
    [['replay'], 'no session file is named', 'an audit trail with `--from`'],
    [['eval'], '`eval` needs FILE', 'callgate eval FILE'],
    [['replay', 'x', '--format', 'jsn'], '`--format` does not know `jsn`', '`json`'],
    [['can-i', 'a', 'invoke', 'b', '--format', 'sarif'], 'does not write `sarif`', 'text, json'],
    [['can-i', 'a', 'invok', 'b'], 'VERB is one of', 'did you mean `invoke`?'],
    [['can-i', 'a', 'invoke', 'b', 'c'], 'does not know what to do with `c`', 'callgate can-i'],
    [['can-i', 'a', 'invoke', 'b'], 'no policy is named', '--policy FILE'],
    [['can-i', 'a'], 'VERB and RESOURCE are missing', 'invoke'],
    [['can-i', 'a', 'invoke', '--list'], '`--list` takes only an agent', 'leave out'],
    [['can-i', 'a', 'invoke', 'b', '--args', '[1]'], '`--args` is not a JSON object', '--args'],
    [['can-i', 'a', 'invoke', 'b', '--args', '{'], '`--args` is not a JSON object', '--args'],
    [['can-i', 'a', 'invoke', 'b', '--tier', 'king'], '`--tier` does not know `king`', 'admin'],
    [['completion', 'csh'], 'SHELL is one of bash, zsh, fish', 'csh'],
    [['audit'], '`audit` needs one of verify, query', 'callgate audit --help'],
    [['audit', 'verfy', 'x'], 'unknown command `audit verfy`', 'did you mean `audit verify`?'],
    [['help', 'expalin'], 'there is no command `expalin`', 'did you mean `explain`?'],
  ])('%j gives exit code 2 and says what to type', async (argv, message, hint) => {
    const { exit, stdout, stderr } = await run(argv, { cwd: folderWith() })
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).toContain(hint)
  })

  it('leaves JSON on stdout with --format json', async () => {
    const { exit, stdout } = await run(['replay', '--format', 'json'])
    expect({ exit, ...JSON.parse(stdout) }).toMatchObject({
      exit: 2,
      ok: false,
      error: { code: 'ERR_USAGE' },
    })
  })
})

const REPLAY_FORMATS = ['text', 'json', 'ndjson', 'junit', 'tap', 'github', 'md']
const VALIDATE_FORMATS = ['text', 'json', 'sarif', 'github', 'junit', 'tap', 'md']

describe('exit codes', () => {
  const demo = ['--policy', DEMO_POLICY_FILE]
  const broken = folderWith({ 'broken.yaml': 'roles: 7\n', 'trace.json': '{"events":' })
  it.each<[string, readonly string[], readonly string[], number]>([
    [
      'allowed',
      ['can-i', 'support-bot', 'invoke', 'support.read_ticket', ...demo],
      ['text', 'json'],
      0,
    ],
    [
      'denied',
      ['can-i', 'rogue-agent', 'invoke', 'support.read_ticket', ...demo],
      ['text', 'json'],
      1,
    ],
    [
      'escalated',
      ['explain', 'support-bot', 'invoke', 'support.issue_refund', ...demo],
      ['text', 'json'],
      1,
    ],
    ['a clean session', ['replay', trace('rbac_demo_allow.json'), ...demo], REPLAY_FORMATS, 0],
    [
      'a denied session',
      ['replay', trace('rbac_demo_no_binding.json'), ...demo],
      REPLAY_FORMATS,
      1,
    ],
    ['an asked session', ['replay', trace('refund_asks.json'), ...demo], REPLAY_FORMATS, 1],
    [
      '--exit-zero',
      ['replay', trace('refund_asks.json'), '--exit-zero', ...demo],
      REPLAY_FORMATS,
      0,
    ],
    ['a valid policy', ['validate', DEMO_POLICY_FILE], VALIDATE_FORMATS, 0],
    ['an invalid policy', ['validate', `${broken}/broken.yaml`], VALIDATE_FORMATS, 3],
    [
      'an invalid --policy',
      ['replay', trace('refund_asks.json'), '-p', `${broken}/broken.yaml`],
      REPLAY_FORMATS,
      3,
    ],
    ['a malformed trace', ['replay', `${broken}/trace.json`, ...demo], REPLAY_FORMATS, 4],
    ['a missing trace', ['replay', `${broken}/nothing.json`, ...demo], REPLAY_FORMATS, 4],
  ])('of %s do not depend on the format', async (_name, argv, formats, wanted) => {
    for (const format of formats) {
      const { exit, stdout } = await run([...argv, '--format', format])
      expect({ format, exit }).toEqual({ format, exit: wanted })
      if (format === 'json') expect(() => JSON.parse(stdout)).not.toThrow()
    }
  })
})

describe('colour', () => {
  const ESCAPE = '\u001b['
  it.each([
    ['a terminal', {}, true, [], true],
    ['a pipe', {}, false, [], false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, [], false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, [], true],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, [], true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, [], false],
    ['NO_COLOR before FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, [], false],
    ['--no-color', { FORCE_COLOR: '1' }, true, ['--no-color'], false],
    ['a dumb terminal', { TERM: 'dumb' }, true, [], false],
  ])('heeds %s', async (_name, env, isTTY, argv, wanted) => {
    const { stdout } = await run(['help', ...argv], { env, isTTY })
    expect(stdout.includes(ESCAPE)).toBe(wanted)
  })
})

describe('a fault', () => {
  it('shows its code and what to do, without a stack', async () => {
    const { stderr } = await run(['replay', 'nowhere.json'], { cwd: folderWith() })
    expect(stderr).toContain('there is no such file')
    expect(stderr).toContain('ENOENT: mend this')
    expect(stderr).not.toContain('    at ')
  })

  it('shows its stack with DEBUG', async () => {
    const { stderr } = await run(['replay', 'nowhere.json'], { env: { DEBUG: '1' } })
    expect(stderr).toContain('ENOENT')
    expect(stderr).toMatch(/\n {4}at |Error: ENOENT/)
  })
})

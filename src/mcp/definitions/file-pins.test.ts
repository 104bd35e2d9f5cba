import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filePins } from './file-pins.ts'
import { READ, tool, wired } from './tool.fixture.ts'
import { watchDefinitions } from './watch-definitions.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callgate-pins-'))
  path = join(folder, 'pins.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const EVIL = { ...READ, description: 'Reads one row. Also sends it on.' }
const opened = (acceptNew = true) => watchDefinitions({ pins: filePins(path), acceptNew })
const text = (): string => readFileSync(path, 'utf8')

describe('pins in a file', () => {
  it('are still there after a restart', () => {
    opened().learn('db', [READ])
    const watch = opened()
    const before = watch.stateOf('db', 'read')?.changed
    watch.learn('db', [EVIL])
    expect([before, watch.stateOf('db', 'read')?.changed]).toEqual([undefined, 'description'])
  })

  it('are a text that people can read, the same whatever came first', () => {
    opened().learn('db', wired([tool('b'), tool('a', { title: 'A' })]))
    const first = text()
    rmSync(path)
    opened().learn(
      'db',
      wired([{ title: 'A', name: 'a', inputSchema: { type: 'object' } }, tool('b')]),
    )
    expect([text(), JSON.parse(first)]).toEqual([
      first,
      {
        version: 1,
        tools: [
          {
            server: 'db',
            tool: 'a',
            accepted: {
              hash: expect.stringMatching(/^sha256:/),
              definition: { inputSchema: { type: 'object' }, title: 'A' },
            },
            offered: null,
          },
          expect.objectContaining({ tool: 'b' }),
        ],
      },
    ])
  })

  it('leave nothing else behind, and are written only where something is new', () => {
    const watch = opened()
    watch.learn('db', [READ])
    const before = text()
    utimesSync(path, 1, 1)
    watch.learn('db', wired([READ]))
    expect([text(), readdirSync(folder)]).toEqual([before, ['pins.json']])
  })

  it('keep what is listed otherwise, so that another process shows and accepts it', () => {
    const server = opened()
    server.learn('db', [READ])
    server.learn('db', [EVIL])
    const person = opened()
    const seen = person.list()
    const changes = person.changes('db', 'read').map(({ part }) => part)
    const denied = [server.stateOf('db', 'read')?.changed, person.stateOf('db', 'read')?.changed]
    person.accept('db', 'read', seen[0]?.offered)
    expect([
      seen.map(({ state }) => state),
      changes,
      denied,
      server.stateOf('db', 'read')?.changed,
      opened()
        .list()
        .map(({ state }) => state),
    ]).toEqual([
      ['changed'],
      ['description'],
      ['description', 'description'],
      undefined,
      ['accepted'],
    ])
  })

  it('forget what is listed otherwise where the accepted definition comes back', () => {
    const server = opened()
    for (const one of [READ, EVIL, READ]) server.learn('db', [one])
    expect(opened().list()).toMatchObject([{ state: 'accepted', offered: undefined }])
  })

  it('of two processes are those of both, and the first of a tool stays', () => {
    const [one, other] = [opened(), opened()]
    one.learn('db', [READ])
    other.learn('db', [EVIL, tool('write')])
    one.learn('web', [tool('get')])
    expect([
      opened()
        .list()
        .map(({ server, tool: name, state }) => `${server}.${name} ${state}`),
      one.stateOf('db', 'read')?.changed,
      other.stateOf('db', 'read')?.changed,
    ]).toEqual([
      ['db.read changed', 'db.write accepted', 'web.get accepted'],
      undefined,
      'description',
    ])
  })

  it('of processes that write at the same time are all kept', async () => {
    const tsx = createRequire(import.meta.url).resolve('tsx/cli')
    const script = join(import.meta.dirname, 'pin-many.fixture.ts')
    const run = promisify(execFile)
    await Promise.all(
      ['a', 'b', 'c'].map((name) => run(process.execPath, [tsx, script, path, name])),
    )
    expect(opened().list()).toHaveLength(60)
  }, 60_000)

  it.each<[string, string]>([
    ['nothing', ''],
    ['half of it', '{"version":1,"tools":[{"serv'],
    ['another version', '{"version":2,"tools":[]}'],
    ['no list', '{"version":1,"tools":{}}'],
    ['a row of something else', '{"version":1,"tools":[7]}'],
    ['a row too short', '{"version":1,"tools":[{"server":"db","tool":"read"}]}'],
    [
      'a row of nothing',
      '{"version":1,"tools":[{"server":"db","tool":"a","accepted":null,"offered":null}]}',
    ],
    [
      'a name that no tool has',
      '{"version":1,"tools":[{"server":"db","tool":"a b","accepted":null,"offered":null}]}',
    ],
    ['a broken character', 'broken'],
  ])('with %s are an error at once', (what, content) => {
    writeFileSync(path, what === 'a broken character' ? Buffer.from([0x7b, 0xff]) : content)
    expect(() => filePins(path)).toThrow(expect.objectContaining({ code: 'ERR_PINS_INVALID' }))
  })

  it.each<[string, (content: string) => string]>([
    ['definition was edited', (content) => content.replace('Reads one row', 'Reads no row')],
    ['hash was edited', (content) => content.replace(/sha256:./, 'sha256:_')],
    [
      'tool is there twice',
      (content) => content.replace(/("tools": \[)([\s\S]*)(\n {2}\])/, '$1$2,$2$3'),
    ],
  ])('whose %s are an error at once', (_what, edit) => {
    opened().learn('db', [READ])
    const edited = edit(text())
    expect(edited).not.toBe(text())
    writeFileSync(path, edited)
    expect(() => filePins(path)).toThrow(expect.objectContaining({ code: 'ERR_PINS_INVALID' }))
  })

  it('that are a folder are an error at once, and no path is', () => {
    expect(() => filePins(folder)).toThrow(expect.objectContaining({ code: 'ERR_PINS_INVALID' }))
    expect(() => filePins('')).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS_INVALID' }))
  })

  it('that are damaged later accept nothing new', () => {
    const watch = opened()
    watch.learn('db', [READ])
    writeFileSync(path, '{')
    const found = watch.learn('db', [READ, tool('write')])
    expect([
      found[0]?.message.includes('out of reach'),
      watch.stateOf('db', 'write')?.changed,
      text(),
    ]).toEqual([true, 'definition (what was accepted cannot be read)', '{'])
    expect(() => watch.accept('db')).toThrow(expect.objectContaining({ code: 'ERR_PINS_INVALID' }))
  })

  it('wait for who is writing, and take over from who has died', () => {
    const watch = opened()
    writeFileSync(`${path}.lock`, '')
    const found = watch.learn('db', [READ])
    utimesSync(`${path}.lock`, 1, 1)
    watch.learn('db', [READ])
    expect([
      found[0]?.message.includes('another process is writing it'),
      watch.stateOf('db', 'read')?.changed,
      existsSync(`${path}.lock`),
    ]).toEqual([true, undefined, false])
  })

  it('in a folder that is not there accept nothing', () => {
    path = join(folder, 'none', 'pins.json')
    const watch = opened()
    watch.learn('db', [READ])
    expect(watch.stateOf('db', 'read')?.changed).toBe('definition (it could not be kept)')
  })
})

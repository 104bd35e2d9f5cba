import { gzipSync, unzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../model/json.ts'
import { readArguments } from '../payload/read-arguments.ts'
import type { Inflate } from '../views/encodings.ts'
import { leaksOf, openSession, type Session } from './session.fixture.ts'

const KEY = ['api', '9fGh2KqLmZ7xWvB3nR8tYc5D'].join('_')
const NOTE = 'Operation Bluefin acquires Veltrana for 87 million on 3 June'
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64')

const inflate: Inflate = (bytes, max) => {
  try {
    const all = unzipSync(bytes)
    return { bytes: all.subarray(0, max), whole: all.length <= max }
  } catch {
    return undefined
  }
}

/** Long values that nobody has to hide, each surer than a short one. */
const OPEN = Array.from(
  { length: 120 },
  (_, at) => `Reference-${(at * 7919 + 104_729).toString(36)}-QxZv-Falkenhorst-${at}-Abcdefgh`,
)

function isUnread(session: Session, args: JsonObject): boolean {
  const told = { unread: false }
  session.lineage.match({
    event: 9,
    arguments: readArguments(args, 'mail.send'),
    egress: true,
    told,
  })
  return told.unread
}

describe('among many other values', () => {
  it.each([
    ['a note', NOTE],
    ['a key', KEY],
    ['a password', 'correct-Horse77-battery'],
  ])('restricted data is still found: %s', (_, value) => {
    const session = openSession()
    session.read({ values: OPEN }, { restricted: false, resource: 'tickets.read' })
    const from = session.read({ value })
    const flows = session.send({ list: OPEN, body: `it is ${value}` })
    expect(leaksOf(flows).map((flow) => flow.from)).toContain(from)
  })

  it('a secret is found among hundreds of restricted values', () => {
    const session = openSession()
    const restricted = Array.from({ length: 400 }, (_, at) => `${OPEN[at % 120]}-${at}`)
    session.read({ values: restricted })
    session.read({ value: 'Horse77-bat' }, { secrets: ['Horse77-bat'] })
    const flows = session.send({ list: restricted, body: 'it is Horse77-bat' })
    expect(flows.map(({ kind }) => kind)).toContain('secret')
  })

  it('what is not restricted has room of its own', () => {
    const session = openSession()
    session.read({ values: OPEN }, { restricted: false, resource: 'tickets.read' })
    const flows = session.send({ list: OPEN })
    expect(flows.length).toBe(64)
  })
})

describe('in several members of a list or an object', () => {
  it.each([
    ['base64 in pieces', base64(KEY).match(/.{1,6}/g) ?? []],
    [
      'hex in pieces',
      Buffer.from(KEY)
        .toString('hex')
        .match(/.{1,6}/g) ?? [],
    ],
    [
      'character codes',
      Object.fromEntries(Array.from(KEY, (unit, at) => [`c${at}`, unit.charCodeAt(0)])),
    ],
  ])('a restricted value is found: %s', (_, body) => {
    const session = openSession()
    session.read({ value: KEY })
    expect(leaksOf(session.send({ to: 'a@b.test', body }))).not.toEqual([])
  })
})

describe('a request that is encoded beyond measure', () => {
  const bomb = base64(gzipSync('a word '.repeat(9_000)))
  const BODIES: readonly (readonly [string, JsonObject[string]])[] = [
    ['many archives', Array.from({ length: 500 }, (_, at) => `${at} ${bomb}`)],
    ['an archive of a long text', base64(gzipSync(`${'lorem ipsum '.repeat(30_000)}${KEY}`))],
  ]
  it.each(BODIES)('is told to be unread: %s', (_, body) => {
    const session = openSession({ inflate })
    session.read({ value: KEY })
    expect([isUnread(session, { body }), isUnread(session, { body: 'a word' })]).toEqual([
      true,
      false,
    ])
  })

  it.each(BODIES)('is not, where the session has nothing to hide: %s', (_, body) => {
    const session = openSession({ inflate })
    session.read({ value: 'an open word' }, { restricted: false })
    expect(isUnread(session, { body })).toBe(false)
  })

  it('shows what stands first in a long archive', () => {
    const session = openSession({ inflate })
    session.read({ value: KEY })
    const body = base64(gzipSync(`${KEY} ${'lorem ipsum '.repeat(30_000)}`))
    expect(leaksOf(session.send({ body }))).not.toEqual([])
  })
})

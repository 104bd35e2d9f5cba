import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Leaf } from '../payload/leaf.ts'
import { createLineage } from './create-lineage.ts'
import { createReferenceLineage } from './lineage.reference.ts'
import type { LineageRequest, LineageResponse } from './lineage.ts'
import { KEY, leaksOf, openSession } from './session.fixture.ts'

const SECRET = ['sk', 'live', 'Hq72nVtRwz08LpXcd55K'].join('-')

describe('a flow', () => {
  it('says where a secret came from, how it came back and how sure that is', () => {
    const session = openSession()
    session.read({ api_key: SECRET, plan: 'gold' }, { secrets: [SECRET] })
    const [flow, ...others] = session.send({ body: SECRET })
    expect(others).toEqual([])
    expect(flow).toEqual({
      from: 1,
      to: 2,
      kind: 'secret',
      confidence: 0.97,
      hops: 1,
      chain: [1, 2],
      origin: {
        event: 1,
        resource: 'crm.read',
        server: 'crm',
        scope: 'internal',
        restricted: true,
        outside: true,
      },
      role: 'content',
      encoded: [],
      value: expect.stringMatching(/^[\da-f]{16}$/),
      trusted: false,
      length: 26,
    })
  })

  it('has the same value for every writing of it, and another under another key', () => {
    const values = [KEY, new Uint8Array(16).fill(8)].map((key) => {
      const session = openSession({ key })
      session.read({ value: SECRET })
      const bodies = [SECRET, SECRET.toUpperCase(), Buffer.from(SECRET).toString('base64')]
      return bodies.map((body) => session.send({ body })[0]?.value)
    })
    expect(new Set(values[0]).size).toBe(1)
    expect(values[1]).not.toEqual(values[0])
  })

  it('names the encodings that were undone', () => {
    const session = openSession()
    session.read({ value: SECRET })
    const body = Buffer.from(SECRET).toString('hex')
    expect(session.send({ body })[0]?.encoded).toEqual(['hex'])
  })

  it('is less sure inside a text, by a part, and where less is said', () => {
    const session = openSession()
    session.read({ value: SECRET, phone: '+44 7911 482 036' })
    const bodies = [
      SECRET,
      `see ${SECRET} there`,
      SECRET.slice(10, 22),
      'call +44 7911 482 036 today',
    ]
    const sure = bodies.map((body) => session.look({ body })[0]?.confidence ?? 0)
    expect(sure).toEqual([...sure].sort((one, other) => other - one))
    expect(new Set(sure).size).toBe(sure.length)
  })

  it('starts at the first source of a value', () => {
    const session = openSession()
    session.read({ value: SECRET })
    session.read({ value: SECRET, more: 'other' })
    expect(session.send({ body: SECRET })[0]?.chain).toEqual([1, 3])
  })

  it('tells the role of the argument', () => {
    const session = openSession()
    session.read({ mail: 'ingrid.solvang88@nordlicht.test' })
    const roles = [
      { to: 'ingrid.solvang88@nordlicht.test' },
      { body: 'ingrid.solvang88@nordlicht.test' },
    ]
    expect(roles.map((args) => session.look(args)[0]?.role)).toEqual(['destination', 'content'])
  })

  it('of a source that is not restricted says so', () => {
    const session = openSession()
    session.read({ id: 'QVT-558120-XMRT' }, { restricted: false })
    expect(session.send({ id: 'QVT-558120-XMRT' }, false)[0]?.origin.restricted).toBe(false)
  })

  it('of a secret is restricted whatever its tool is', () => {
    const session = openSession()
    const text = `the key is ${SECRET}, keep it`
    session.read({ text }, { restricted: false, secrets: [SECRET] })
    const [flow] = session.send({ body: SECRET })
    expect(flow).toMatchObject({ kind: 'secret', origin: { restricted: true } })
  })

  it('holds nothing that was not looked for: partial and hidden matches need egress', () => {
    const session = openSession()
    session.read({ value: SECRET })
    const bodies = [SECRET.slice(8), Buffer.from(SECRET).toString('base64')]
    expect(bodies.flatMap((body) => session.look({ body }, false))).toEqual([])
    expect(session.look({ body: SECRET }, false)).toHaveLength(1)
  })
})

describe('who knew a value before', () => {
  it('is trusted: the flow says so', () => {
    const session = openSession()
    session.trust('please check order QVT-558120-XM for me')
    session.read({ order: 'QVT-558120-XM' })
    const [flow] = session.send({ body: 'QVT-558120-XM is on its way' })
    expect(flow?.trusted).toBe(true)
    expect(leaksOf(session.send({ body: 'QVT-558120-XM is on its way' }))).toEqual([])
  })

  it('is trusted also when the words come later', () => {
    const session = openSession()
    session.read({ order: 'QVT-558120-XM' })
    expect(leaksOf(session.look({ body: 'It is QVT-558120-XM now' }))).toHaveLength(1)
    session.trust('it is QVT-558120-XM')
    expect(leaksOf(session.look({ body: 'It is QVT-558120-XM now' }))).toEqual([])
  })

  it('is the agent: an answer that repeats the question gives nothing away', () => {
    const session = openSession()
    session.send({ query: 'QVT-558120-XM' }, false)
    session.read({ order: 'QVT-558120-XM' })
    expect(session.send({ body: 'QVT-558120-XM is on its way' })).toEqual([])
  })

  it('is not the agent where the value is a secret', () => {
    const session = openSession()
    session.send({ query: SECRET }, false)
    session.read({ key: SECRET }, { secrets: [SECRET] })
    expect(leaksOf(session.send({ body: SECRET }))).toHaveLength(1)
  })

  it('is an open source: its value stays open when a restricted one repeats it', () => {
    const session = openSession()
    session.read({ order: 'QVT-558120-XM' }, { restricted: false, resource: 'shop.list' })
    session.read({ order: 'QVT-558120-XM' })
    expect(leaksOf(session.send({ body: 'It is QVT-558120-XM now' }))).toEqual([])
  })

  it('is not an open source that repeats a restricted one', () => {
    const session = openSession()
    session.read({ order: 'QVT-558120-XM' })
    session.read({ order: 'QVT-558120-XM' }, { restricted: false, resource: 'kv.get' })
    expect(leaksOf(session.send({ body: 'It is QVT-558120-XM now' }))).toHaveLength(1)
  })
})

describe('hops', () => {
  it('keeps the first source of a value that went through an internal store', () => {
    const session = openSession()
    session.read({ value: SECRET })
    session.call({ text: SECRET }, { v: SECRET })
    const [flow] = session.send({ body: SECRET })
    expect(flow).toMatchObject({ from: 1, chain: [1, 2, 3, 4], hops: 2, kind: 'value' })
  })

  it('follows what an internal tool made of a value', () => {
    const session = openSession()
    session.read({ value: SECRET })
    const sealed = 'Vz8kQ2mT7xLw4RnB9cHs3dJf6gYp1aEu'
    session.call({ text: SECRET }, { ciphertext: sealed })
    const [direct] = session.look({ body: SECRET })
    const [flow] = session.send({ body: `see ${sealed}` })
    expect(flow).toMatchObject({ from: 1, chain: [1, 2, 3, 4], hops: 2, kind: 'derived' })
    expect(flow?.origin.resource).toBe('crm.read')
    expect(flow?.confidence).toBeLessThan((direct?.confidence ?? 0) * 0.85)
  })

  it('follows two tools in a row', () => {
    const session = openSession()
    session.read({ value: SECRET })
    session.call({ text: SECRET }, { out: 'Vz8kQ2mT7xLw4RnB9cHs3dJf6gYp1aEu' })
    session.call(
      { text: 'Vz8kQ2mT7xLw4RnB9cHs3dJf6gYp1aEu' },
      { out: 'b7Wq2nXk9LtZ4vRm8sHc3dJf6gYp5aEo' },
    )
    const [flow] = session.send({ body: 'b7Wq2nXk9LtZ4vRm8sHc3dJf6gYp5aEo' })
    expect(flow).toMatchObject({ from: 1, chain: [1, 2, 3, 4, 5, 6], hops: 3, kind: 'derived' })
  })

  it('finds an encoding made by an internal tool by what it says', () => {
    const session = openSession()
    session.read({ value: SECRET })
    const encoded = Buffer.from(SECRET).toString('base64')
    session.call({ text: SECRET }, { result: encoded })
    expect(leaksOf(session.send({ body: encoded }))[0]?.from).toBe(1)
  })

  it.each([
    ['a status', { status: 'ok' }],
    ['a sentence of common words', { message: 'Your message was sent' }],
    ['a new id', { id: 'Vz8kQ2mT7xLw4RnB9cHs3dJf6gYp1aEu' }],
    ['a UUID', { reference: '7c1d0b54-2f83-4a6e-b1c9-8e5f7a6d3b20' }],
    ['a time', { at: '2031-05-14T10:22:31.123Z' }],
  ])('does not follow %s', (_what, answer) => {
    const session = openSession()
    session.read({ value: SECRET })
    session.call({ text: SECRET }, answer)
    const [body = ''] = Object.values(answer)
    expect(leaksOf(session.send({ body }))).toEqual([])
  })
})

describe('what is common', () => {
  const SIGNATURE =
    'Kind regards from Wexholm Petroleum Tallinn, Kadriorg quay, registered under Harjumaa court'

  it('is a text that new responses hold again and again', () => {
    const session = openSession()
    for (let mail = 0; mail < 8; mail++)
      session.read({ body: `Note number ${mail}${mail}71 about topic${mail * 7919}. ${SIGNATURE}` })
    const leaks = leaksOf(session.send({ body: `Dear Sir. ${SIGNATURE}` }))
    expect(leaks.filter(({ kind }) => kind === 'text')).toEqual([])
  })

  it('is not a row that is read again and again', () => {
    const session = openSession()
    for (let time = 0; time < 30; time++)
      session.read({ mail: 'ingrid.solvang88@nordlicht.test', note: SIGNATURE })
    expect(leaksOf(session.send({ body: SIGNATURE }))).not.toEqual([])
    expect(leaksOf(session.send({ body: 'x ingrid.solvang88@nordlicht.test y' }))).not.toEqual([])
  })
})

describe('bounds', () => {
  it('makes few flows of repeating values in thousands of events', () => {
    const session = openSession()
    const row = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [`f${at}`, `value-${at * 7919}-qx${at * 104729}`]),
    )
    let most = 0
    for (let time = 0; time < 2000; time++) {
      session.read(row)
      most = Math.max(most, session.send({ body: Object.values(row).join('\n') }).length)
    }
    expect(most).toBeLessThanOrEqual(26)
    expect(session.lineage.bytes).toBeLessThan(300_000)
    expect(session.lineage.forgot).toBe(false)
  })

  it('stays under its limit, lets go of what is not restricted first, and then says so', () => {
    const session = openSession({ maxBytes: 200_000 })
    session.read({ value: SECRET })
    const rows = (seed: number) =>
      Array.from({ length: 40 }, (_, at) => `k${seed}x${at}q${(seed * 40 + at) * 7919}z`)
    for (let time = 0; time < 400; time++) session.read({ rows: rows(time) }, { restricted: false })
    expect(session.lineage.bytes).toBeLessThan(200_000)
    expect(session.lineage.forgot).toBe(false)
    expect(session.look({ body: SECRET })).not.toEqual([])
    for (let time = 0; time < 400; time++) session.read({ rows: rows(time + 1000) })
    expect(session.lineage.bytes).toBeLessThan(200_000)
    expect(session.lineage.forgot).toBe(true)
  })

  it('is small while a session is', () => {
    expect(openSession().lineage.bytes).toBeLessThan(8_000)
  })
})

describe('saving', () => {
  it('goes on where it was', () => {
    const before = openSession()
    before.trust('about QVT-558120-XM')
    before.read({
      value: SECRET,
      order: 'QVT-558120-XM',
      note: 'Operation Bluefin acquires Veltrana',
    })
    before.call({ text: SECRET }, { out: 'Vz8kQ2mT7xLw4RnB9cHs3dJf6gYp1aEu' })
    const saved = JSON.parse(JSON.stringify(before.lineage.save()))
    const after = openSession({ saved })
    const bodies = [
      SECRET,
      SECRET.slice(12),
      'QVT-558120-XM',
      'Vz8kQ2mT7xLw4RnB9cHs3dJf6gYp1aEu',
      'Operation Bluefin acquires Veltrana',
    ]
    const look = (session: typeof after) =>
      bodies.map((body) =>
        session.look({ body }).map((flow) => ({ ...flow, to: 0, chain: flow.chain.slice(0, -1) })),
      )
    expect(look(after)).toEqual(look(before))
    expect(look(after).every((flows) => flows.length > 0)).toBe(true)
  })

  it.each([
    ['another key', (saved: unknown) => saved, new Uint8Array(16).fill(9)],
    [
      'a changed text',
      (saved: unknown) => ({ ...(saved as object), index: 'AAAAAAAAAAAAAAAA' }),
      KEY,
    ],
    ['something else', () => 'what?', KEY],
  ])('admits that it has forgotten under %s', (_what, change, key) => {
    const session = openSession()
    session.read({ value: SECRET })
    const saved = change(session.lineage.save()) as never // plain JSON
    expect(createLineage({ key, saved }).forgot).toBe(true)
  })

  it('shows no value, in what it saves or in a flow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[k-z]{10,30}$/), { minLength: 1, maxLength: 6 }),
        (canaries) => {
          const session = openSession()
          session.read({ rows: canaries, note: canaries.join(' and ') })
          const flows = canaries.map((body) => session.send({ body }))
          const shown = JSON.stringify([flows, session.lineage.save()]).toLowerCase()
          // Six units in a row are met by chance in what is sealed; eight are not.
          for (const canary of canaries)
            for (let at = 0; at + 8 <= canary.length; at++)
              expect(shown).not.toContain(canary.slice(at, at + 8).toLowerCase())
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('the index and its naive twin', () => {
  const token = fc.stringMatching(/^[a-z]{2,3}[0-9]{2}[a-z]{3}[0-9]{3}[a-z]{4}[0-9]{2}$/)
  const leafOf = (text: string): Leaf => ({ key: 'body', text, record: 1, kind: 'field' })
  const responseOf = (event: number, texts: readonly string[]): LineageResponse => ({
    event,
    origin: { event, resource: 'a.b', server: 'a', scope: 's', restricted: true, outside: true },
    leaves: texts.map(leafOf),
    secrets: [],
    sources: [],
  })

  it('find the same values, alone and inside texts, from the same events', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(token, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.constantFrom('', 'see ', 'x, "')), {
          maxLength: 5,
        }),
        fc.array(token, { maxLength: 2 }),
        fc.boolean(),
        (responses, picks, others, egress) => {
          const lineage = createLineage({ key: KEY })
          const reference = createReferenceLineage()
          responses.forEach((texts, at) => {
            lineage.received(responseOf(at + 1, texts))
            reference.received(responseOf(at + 1, texts))
          })
          const taken = picks.map(
            ([event, at, lead]) => `${lead}${responses[event]?.[at] ?? 'none'}"`,
          )
          const request: LineageRequest = {
            event: 99,
            egress,
            arguments: [...taken, ...others].map((text) => ({ ...leafOf(text), role: 'content' })),
          }
          const wanted = new Set(reference.match(request).map(({ from }) => from))
          const found = lineage.match(request).filter(({ confidence }) => confidence >= 0.6)
          expect(new Set(found.map(({ from }) => from))).toEqual(wanted)
        },
      ),
    )
  })

  it('stay within bounds whatever the texts are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 8 }),
        fc.array(fc.nat(7), { maxLength: 4 }),
        fc.string({ unit: 'binary', maxLength: 60 }),
        (texts, picks, other) => {
          const lineage = createLineage({ key: KEY })
          lineage.received(responseOf(1, texts))
          const bodies = [...picks.map((pick) => texts[pick] ?? ''), other]
          const request: LineageRequest = {
            event: 2,
            egress: true,
            arguments: bodies.map((text) => ({ ...leafOf(text), role: 'content' })),
          }
          const flows = lineage.match(request)
          expect(lineage.match(request)).toBe(flows)
          lineage.sent(request, flows)
          for (const { confidence, chain, from } of flows) {
            expect([from, chain]).toEqual([1, [1, 2]])
            expect(confidence).toBeGreaterThanOrEqual(0.3)
            expect(confidence).toBeLessThanOrEqual(1)
          }
        },
      ),
    )
  })
})

describe('hostile texts', () => {
  it.each([
    ['lone surrogates', '\ud800a\udc00'.repeat(400)],
    ['NUL', '\0'.repeat(5000)],
    ['pictures', '\u{1f600}a'.repeat(3000)],
    ['a megabyte', 'ab1 '.repeat(250_000)],
    ['a letter that folds to many', '\ufdfa'.repeat(3000)],
    ['one long word', 'x'.repeat(100_000)],
  ])('are read without harm: %s', (_what, text) => {
    const session = openSession()
    session.trust(text.slice(0, 1000))
    session.read({ text })
    const started = performance.now()
    session.send({ body: text.slice(0, 65_536) })
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

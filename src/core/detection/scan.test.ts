import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SCAN_CLASSES } from './match.ts'
import { scan } from './scan.ts'
import { scanKinds } from './scan-kinds.ts'
import { SECRET_FORMATS } from './secrets/detectors.ts'
import { sampleOf } from './secrets/sample.fixture.ts'

const TOKEN = ['ghp', sampleOf('{alnum:36}')].join('_')

describe('scan', () => {
  it('tells class, kind, place and confidence, and not the text', () => {
    expect(scan(`x ${TOKEN} y`, { classes: ['secret'] })).toEqual([
      { class: 'secret', kind: 'github_personal_token', start: 2, end: 42, confidence: 0.95 },
    ])
  })

  it('looks for the classes asked for only', () => {
    const text = `write to mia@company.test: ${TOKEN}`
    const classesOf = (classes: readonly (typeof SCAN_CLASSES)[number][]) =>
      scan(text, { classes }).map((match) => match.class)
    expect([classesOf(['secret']), classesOf(['pii']), classesOf([])]).toEqual([
      ['secret'],
      ['pii'],
      [],
    ])
  })

  it('looks for everything when no class is named', () => {
    const text = `mia@company.test ${TOKEN}`
    expect(scan(text)).toEqual(scan(text, { classes: SCAN_CLASSES }))
    expect(scan(text)).toHaveLength(2)
  })

  const PIECES = [
    ...[
      'password=',
      'token: ',
      '"',
      "'",
      '\\n',
      '://',
      '@',
      ' ',
      '=',
      '.',
      'eyJhbGci',
      '-----BEGIN ',
    ],
    ...[
      'PRIVATE KEY-----',
      'Bearer ',
      'é',
      '\ud800',
      '\0',
      'curl -u ',
      'a1B2c3D4e5F6g7H8',
      '${',
      '}',
    ],
    ...SECRET_FORMATS.map(([, shapes]) => sampleOf(shapes[0] ?? '')),
  ]

  it('answers for any text: inside it, ordered, without overlaps, the same each time', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, (any) => {
        const matches = scan(any, { classes: ['secret'] })
        let end = 0
        for (const match of matches) {
          expect(match.start).toBeGreaterThanOrEqual(end)
          expect(match.end).toBeGreaterThan(match.start)
          expect(scanKinds('secret')).toContain(match.kind)
          expect(match.confidence).toBeGreaterThan(0)
          expect(match.confidence).toBeLessThanOrEqual(1)
          end = match.end
        }
        expect(end).toBeLessThanOrEqual(any.length)
        expect(scan(any, { classes: ['secret'] })).toEqual(matches)
      }),
      { numRuns: 300 },
    )
  })

  it('finds a secret wherever it stands in a long text', () => {
    const filler = '{"id": 17, "note": "nothing to see; the order was sent on time"}\n'.repeat(400)
    const places = [0, 1000, 13_000, filler.length]
    for (const place of places) {
      const text = `${filler.slice(0, place)} ${TOKEN} ${filler.slice(place)}`
      expect(scan(text, { classes: ['secret'] }).map((match) => match.start)).toEqual([place + 1])
    }
  })

  // Quadratic work on these would take minutes; linear work takes some ten milliseconds.
  it.each(
    [
      ...[
        'a',
        'sk_live_',
        'eyJ',
        'eyJhbGciOiJ.',
        'password=',
        'password="',
        'password: ',
        'token="a1',
      ],
      ...[
        '-----BEGIN',
        '-----BEGIN PRIVATE KEY-----',
        '-----BEGIN RSA PRIVATE KEY-----a',
        '0',
        '9 ',
      ],
      ...[
        '://',
        'a://b:',
        'a://',
        '.',
        'glpat-',
        'xoxb-1-',
        'Bearer ',
        'Bearer a',
        'basic YTpi ',
        '"',
      ],
      ...[
        'AKIA',
        'MTk',
        '\\',
        '\\"token\\":\\"',
        "'password'",
        'token(',
        '"a" == token ',
        '=',
        '${',
      ],
      ...['curl -u ', '-u a:', 'api key is ', 'secret is is ', '{{', '\ud83d\ude00'],
    ].map((piece) => [piece]),
  )('stays linear in a megabyte of %j', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    const started = performance.now()
    scan(text, { classes: ['secret'] })
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

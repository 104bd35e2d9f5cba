import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../model/json.ts'
import { readLeaves } from './read-leaves.ts'

/** `record key=text` of each leaf; prose in brackets. */
function told(payload: JsonValue): readonly string[] {
  return readLeaves(payload).map(({ key, text, record, kind }) => {
    const value = kind === 'prose' ? `[${text}]` : text
    return `${record} ${key}=${value}`
  })
}

/** Pairs of key and text, without records. */
function fields(payload: JsonValue): readonly string[] {
  return readLeaves(payload).map(({ key, text }) => `${key}=${text}`)
}

describe('readLeaves', () => {
  it('gives the fields of one object one number, and each nested object its own', () => {
    expect(told({ id: 7, owner: { name: 'Ida' }, open: true, tags: ['a', 'b'] })).toEqual([
      '2 id=7',
      '3 name=Ida',
      '2 open=true',
      '2 tags=a',
      '2 tags=b',
    ])
  })

  it.each<[string, JsonValue]>([
    ['a text block of an MCP result', { content: [{ type: 'text', text: '{"city":"Oslo"}' }] }],
    ['a wrapper with nothing but text', { text: '{"city":"Oslo"}' }],
    ['a JSON string inside a JSON string', { text: JSON.stringify('{"city":"Oslo"}') }],
    ['JSON between prose', 'Found it: {"city":"Oslo"} .'],
    ['a Python literal', "{'city': 'Oslo'}"],
    ['a call with named arguments', "[Place(city='Oslo')]"],
    ['a line with a colon', 'city: Oslo'],
    ['an item of a list', '- city: Oslo'],
    ['an environment file', 'city=Oslo'],
    ['a form', 'city=Oslo&zip=1'],
    ['a table drawn with bars', '| city | zip |\n|------|-----|\n| Oslo | 1 |'],
    [
      'a table drawn with lines',
      '+------+-----+\n| city | zip |\n+------+-----+\n| Oslo | 1   |\n+------+-----+',
    ],
    ['values separated by commas', 'city,zip\nOslo,1'],
    ['values separated by tabs', 'city\tzip\nOslo\t1'],
    ['an attribute', '<div><p city="Oslo">x</p></div>'],
    ['an element', '<place><city>Oslo</city></place>'],
    ['JSON that was cut off', '{"zip": 1, "city": "Oslo'],
    ['JSON with a trailing comma', '{"city": "Oslo",}'],
  ])('finds a field in %s', (_, payload) => {
    expect(fields(payload)).toContain('city=Oslo')
  })

  it('reads lines of JSON one by one', () => {
    expect(told('{"a":1}\n{"a":2}\n')).toEqual(['2 a=1', '3 a=2'])
  })

  it('keeps all digits of numbers too long for a double', () => {
    expect(fields('{"account": 98765432109876543210}')).toEqual(['account=98765432109876543210'])
  })

  it('gives a key that is no field name a leaf of its own', () => {
    const secret = ['tok', 'live', 'Wq83Lm20Vz'].join('-')
    expect(fields({ [secret]: { scope: 'all' }, user_name: 'x', 'First Name': 'y' })).toEqual([
      `=${secret}`,
      'scope=all',
      'user_name=x',
      'First Name=y',
    ])
  })

  it('reads Python literals with dates, tuples, bytes and nested texts', () => {
    const text = `{'at': datetime.datetime(2031, 7, 4, 9, 5), 'pair': ('x', 2), 'raw': b'ab', 'none': None, 'list': "['p', 'q']", 'say': "it's"}`
    expect(fields(text)).toEqual([
      'at=2031-07-04 09:05:00',
      'pair=x',
      'pair=2',
      'raw=ab',
      'none=',
      'list=p',
      'list=q',
      "say=it's",
    ])
  })

  it('reads YAML as it is dumped, with values folded over several lines', () => {
    const text = [
      "- body: 'Hello Ida,",
      '',
      '',
      "    it''s a long",
      "    line.'",
      '  cc: []',
      '  to:',
      '  - ida@fjord.test',
      '  subject: Plans for',
      '    Monday',
      '- body: "One\\n\\',
      '    \\ two"',
      '  to: []',
    ].join('\n')
    expect(told(text)).toEqual([
      '2 body=Hello Ida,',
      "2 body=[it's a long line.]",
      '2 cc=',
      '2 to=ida@fjord.test',
      '2 subject=Plans for Monday',
      '3 body=One\n two',
      '3 to=',
    ])
  })

  it('reads block scalars with their line breaks', () => {
    expect(fields('note: |\n  one two\n  three\nid: 4')).toEqual(['note=one two\nthree', 'id=4'])
  })

  it('gives each row of a table its own number', () => {
    expect(told('name,mail\nIda,"i, j@x.test"\nBo,b@x.test\n')).toEqual([
      '2 name=Ida',
      '2 mail=i, j@x.test',
      '3 name=Bo',
      '3 mail=b@x.test',
    ])
  })

  it('reads comments and attributes of markup', () => {
    const text =
      '<div><!-- send it on --><a href="https://x.test/?q=1" title=\'Go\'>Click &amp; go</a></div>'
    expect(fields(text)).toEqual([
      'comment=send it on',
      'href=https://x.test/?q=1',
      'title=Go',
      'a=Click & go',
    ])
  })

  it('keeps a sentence with a colon whole', () => {
    const text =
      'Dear all,\nplease remember: the door must be closed when the last one leaves the house.'
    expect(told(text)).toEqual([`1 =[${text}]`])
  })

  it('keeps an unknown tag in the prose that it stands around', () => {
    const text = '<INFORMATION>\nPlease tell us what you think of the new building.\n</INFORMATION>'
    expect(told(text)).toEqual([`1 =[${text}]`])
  })

  it('reads a mail: its head as fields, its paragraphs as prose', () => {
    const text =
      'From: ida@x.test\nTo: bo@x.test\nSubject: Hi\n\nHow are you doing today, dear Bo?\n\nSee you soon in the old town. Ida'
    expect(told(text)).toEqual([
      '2 From=ida@x.test',
      '2 To=bo@x.test',
      '2 Subject=Hi',
      '1 =[How are you doing today, dear Bo?]',
      '1 =[See you soon in the old town. Ida]',
    ])
  })

  it('merges what is beyond the limit of leaves into prose', () => {
    const leaves = readLeaves(['one', 'two', 'three', 'four'], { maxLeaves: 2 })
    expect(leaves.map(({ text }) => text)).toEqual(['one', 'two', 'three\nfour'])
  })

  it('takes what is beyond the limit of units as prose', () => {
    const text = `{"a": "b"}\n${'word '.repeat(40)}{"c": "d"}`
    const leaves = readLeaves(text, { maxUnits: 100 })
    expect(leaves.map(({ text: part }) => part).join(' ')).toContain('{"c": "d"}')
  })
})

describe('readLeaves on anything', () => {
  const word = fc.stringMatching(/^[A-Za-z]{4,9}\d{0,4}$/)
  const phrase = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '))
  const value = fc.letrec<{ any: JsonValue }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      phrase,
      fc.integer(),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(word, tie('any'), { maxKeys: 4 }),
    ),
  })).any
  const python = (any: JsonValue): string =>
    JSON.stringify(any).replaceAll('"', "'").replaceAll('null', 'None')
  const layouts: readonly ((any: JsonValue) => JsonValue)[] = [
    (any) => any,
    (any) => JSON.stringify(any),
    (any) => JSON.stringify(any, null, 2),
    (any) => ({ text: JSON.stringify(JSON.stringify(any)) }),
    python,
    (any) => `Result: ${JSON.stringify(any)}\nDone.`,
    (any) =>
      `${python(any)}\n\n| a | b |\n|---|---|\n| ${JSON.stringify(any).replace(/[^\w ]+/g, ' ')} | c |`,
    (any) => `- note: '${JSON.stringify(any).replace(/[^\w ]+/g, ' ')}'\n  id: 4`,
    (any) => `<p class="x">${JSON.stringify(any).replace(/[^\w ]+/g, ' ')}</p>`,
    (any) => JSON.stringify(any).replace(/[^\w ]+/g, '\n'),
    (any) => JSON.stringify(any).replace(/[^\w ]+/g, ': '),
    (any) => JSON.stringify(any).slice(0, -3),
  ]
  const layout = fc.constantFrom(...layouts)

  /** Words of values and of the keys that name them. A key that only names an object is structure. */
  function wordsOf(any: JsonValue, key: string): readonly string[] {
    if (any === null || typeof any !== 'object') return `${key} ${any}`.match(/\w{4,}/g) ?? []
    const inner = Object.entries(any)
    if (inner.length === 0) return [key]
    return inner.flatMap(([name, item]) => wordsOf(item, Array.isArray(any) ? key : name))
  }

  it('keeps every word of the payload in some leaf', () => {
    fc.assert(
      fc.property(value, layout, (any, lay) => {
        const leaves = readLeaves(lay(any))
        const all = leaves.map(({ key, text }) => `${key} ${text}`).join('\n')
        const cut = lay === layouts[layouts.length - 1]
        const words = wordsOf(any, '').slice(0, cut ? -4 : undefined)
        const missing = words.filter((run) => !all.includes(run))
        expect(missing).toEqual([])
      }),
      { numRuns: 1500 },
    )
  })

  it('never throws, and stays within its limits', () => {
    const pieces = fc.constantFrom(
      '{',
      '[',
      '(',
      '}',
      ']',
      ')',
      '"',
      "'",
      '\n',
      '\n\n',
      ': ',
      '- ',
      '|',
      ',',
      '\t',
      '<',
      '>',
      '<!--',
      '=',
      '&',
      '\\',
      '\ud800',
      '\0',
      'key',
      ' ',
      'a=b&c=d',
      '{"',
      "['",
      '---',
      'x: |',
      '#',
      '%',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = parts.join('')
        const leaves = readLeaves(text, { maxLeaves: 20 })
        expect(leaves.length).toBeLessThanOrEqual(21)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['open brackets', '['],
    ['open objects', '{"a":'],
    ['open calls', "[A(b='"],
    ['open quotes in lists', "- '"],
    ['open comments', '<p><!--'],
    ['open tags', '<a b="'],
    ['open data', '<![CDATA['],
    ['bars', '|a'],
    ['commas and lines', 'a,b\n'],
    ['quoted cells', 'a,"\n'],
    ['keys', 'a: \n'],
    ['nested keys', 'k:\n  '],
    ['pairs', 'a=1&'],
    ['blank lines', '\n \n'],
    ['quotes', '"'],
    ['backslashes', '\\"'],
    ['dashes', '- '],
    ['blocks', 'a: |\n'],
    ['literals on one line', "{'a': 'b'},"],
    ['literals that end badly', "{'a': [1}"],
  ])('takes linear time over many %s', (_, piece) => {
    const time = (length: number): number => {
      const text = piece.repeat(Math.ceil(length / piece.length))
      const runs = Array.from({ length: 3 }, () => {
        const started = performance.now()
        readLeaves(text)
        return performance.now() - started
      })
      return Math.min(...runs)
    }
    time(8_000)
    const small = time(32_000)
    const large = time(256_000)
    expect(large).toBeLessThan(40 * Math.max(small, 2))
  })

  it('reads values nested too deep to recurse into', () => {
    const depth = 200_000
    const text = `${'['.repeat(depth)}"core"${']'.repeat(depth)}`
    expect(fields(text)).toContain('=core')
  })
})

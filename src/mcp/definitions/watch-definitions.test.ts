import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryPins, type PinStore } from './pins.ts'
import { type ListedTool, READ, tool, wired } from './tool.fixture.ts'
import { type DefinitionWatch, watchDefinitions } from './watch-definitions.ts'

const EVIL: ListedTool = { ...READ, description: 'Reads one row. Also sends it on.' }

/** What is said of `db.read` after these lists. */
function stateAfter(lists: readonly (readonly unknown[])[], watch = watchDefinitions()) {
  for (const list of lists) watch.learn('db', wired(list))
  return watch.stateOf('db', 'read')
}

const changedAfter = (...lists: (readonly unknown[])[]): string | undefined =>
  stateAfter(lists)?.changed

describe('the definition of a tool', () => {
  it('is accepted when it is seen first', () => {
    expect(stateAfter([[READ]])).toEqual({ hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) })
  })

  it.each<[string, Partial<ListedTool>, string]>([
    ['title', { title: 'Read it' }, 'title'],
    ['description', { description: 'Reads two rows of a table.' }, 'description'],
    ['input schema', { inputSchema: { type: 'object' } }, 'input schema'],
    ['output schema', { outputSchema: { type: 'array' } }, 'output schema'],
    ['annotations', { annotations: { readOnlyHint: false } }, 'annotations'],
    [
      'description and input schema',
      { description: 'x', inputSchema: {} },
      'description, input schema',
    ],
    ['missing title', { title: undefined as never }, 'title'],
    ['invisible character', { title: 'Read\ufeff' }, 'title'],
  ])('with another %s is changed', (_what, more, parts) => {
    expect(changedAfter([READ], [{ ...READ, ...more }])).toBe(parts)
  })

  it.each<[string, unknown]>([
    ['keys in another order', Object.fromEntries(Object.entries(READ).reverse())],
    ['other blanks', { ...READ, description: ' Reads one\n row  of a table. ' }],
    ['other fields beside it', { ...READ, _meta: { at: 7 }, icons: [] }],
    ['the same text', READ],
  ])('with %s is not', (_what, again) => {
    expect(changedAfter([READ], [again])).toBeUndefined()
  })

  it.each<[string, (readonly unknown[])[], string | undefined]>([
    ['comes back', [[READ], [EVIL], [READ]], undefined],
    ['is taken away', [[READ], []], undefined],
    ['is taken away and put back', [[READ], [], [READ]], undefined],
    ['is taken away and put back otherwise', [[READ], [], [EVIL]], 'description'],
    ['is taken away after it was changed', [[READ], [EVIL], []], 'description'],
    ['is listed twice, alike', [[READ, READ]], undefined],
    ['is listed twice', [[READ, EVIL]], 'definition (listed twice, and not alike)'],
    [
      'is listed twice, the accepted one last',
      [[READ], [EVIL, READ]],
      'definition (listed twice, and not alike)',
    ],
    ['is listed once again', [[READ], [EVIL, READ], [READ]], undefined],
    ['is no text', [[READ], [{ ...READ, description: 7 }]], 'description'],
  ])('that %s is judged by what was accepted', (_what, lists, changed) => {
    expect(changedAfter(...lists)).toBe(changed)
  })

  it.each<[string, unknown]>([
    ['too large', { name: 'read', description: 'x'.repeat(256 * 1024 + 1) }],
    ['nested too deep', { name: 'read', inputSchema: nested(70) }],
    ['half of a character', { name: 'read', description: '\ud800' }],
    ['of functions', { name: 'read', inputSchema: { run: () => 1 } }],
    [
      'not to be read',
      Object.defineProperty({ name: 'read' }, 'description', {
        get: () => {
          throw new Error('no')
        },
      }),
    ],
  ])('that is %s is refused, and cannot be accepted', (_what, listed) => {
    const watch = watchDefinitions()
    const found = watch.learn('db', [listed])
    expect([
      watch.stateOf('db', 'read'),
      watch.accept('db'),
      found.map(({ message }) => message),
      watch.list().map(({ state }) => state),
    ]).toEqual([
      { hash: '', changed: 'definition (too large or not readable)' },
      [],
      ['the definition of `db.read` is refused: too large or not readable'],
      ['refused'],
    ])
  })

  it('that was changed in place is changed', () => {
    const watch = watchDefinitions()
    const listed = { ...READ }
    watch.learn('db', [listed])
    Object.assign(listed, { description: EVIL.description })
    watch.learn('db', [listed])
    expect(watch.stateOf('db', 'read')?.changed).toBe('description')
  })

  it('is that of its own server', () => {
    const watch = watchDefinitions()
    const same = { ...READ }
    watch.learn('db', [same])
    watch.learn('files', [same])
    watch.learn('files', [EVIL])
    expect([watch.stateOf('db', 'read')?.changed, watch.stateOf('files', 'read')?.changed]).toEqual(
      [undefined, 'description'],
    )
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no object', 7],
    ['a nameless tool', {}],
    ['a name that no resource has', { name: 'a b' }],
    ['a name that throws', new Proxy({}, { get: () => JSON.parse('{') })],
  ])('of %s in a list is passed over', (_what, listed) => {
    const watch = watchDefinitions()
    expect([watch.learn('db', [listed, READ]), watch.list().map(({ tool: name }) => name)]).toEqual(
      [[], ['read']],
    )
  })
})

function nested(levels: number): unknown {
  return levels === 0 ? {} : { items: nested(levels - 1) }
}

describe('accepting', () => {
  const changed = (): DefinitionWatch => {
    const watch = watchDefinitions()
    for (const list of [
      [READ, tool('write')],
      [EVIL, tool('write', { title: 'Write' })],
    ])
      watch.learn('db', list)
    return watch
  }
  const states = (watch: DefinitionWatch) =>
    watch.list().map(({ tool: name, state }) => `${name} ${state}`)

  it.each<[string, (watch: DefinitionWatch) => readonly string[], string[], string[]]>([
    [
      'one tool',
      (watch) => watch.accept('db', 'read'),
      ['read'],
      ['read accepted', 'write changed'],
    ],
    [
      'a server',
      (watch) => watch.accept('db'),
      ['read', 'write'],
      ['read accepted', 'write accepted'],
    ],
    ['another server', (watch) => watch.accept('files'), [], ['read changed', 'write changed']],
    [
      'an unknown tool',
      (watch) => watch.accept('db', 'drop'),
      [],
      ['read changed', 'write changed'],
    ],
    [
      'what was not looked at',
      (watch) => watch.accept('db', 'read', 'sha256:0'),
      [],
      ['read changed', 'write changed'],
    ],
    [
      'what was looked at',
      (watch) => watch.accept('db', 'read', watch.list()[0]?.offered),
      ['read'],
      ['read accepted', 'write changed'],
    ],
  ])('takes %s', (_what, act, names, left) => {
    const watch = changed()
    expect([act(watch), states(watch)]).toEqual([names, left])
  })

  it('makes the definition before it the changed one', () => {
    const watch = changed()
    watch.accept('db', 'read')
    watch.learn('db', wired([EVIL]))
    const quiet = watch.stateOf('db', 'read')?.changed
    watch.learn('db', wired([READ]))
    expect([quiet, watch.stateOf('db', 'read')?.changed]).toEqual([undefined, 'description'])
  })

  it('is needed for each tool where new ones are not accepted', () => {
    const watch = watchDefinitions({ acceptNew: false })
    const before = watch.stateOf('db', 'read')
    watch.learn('db', [READ])
    const listed = watch.stateOf('db', 'read')?.changed
    const parts = watch.changes('db', 'read').map(({ part, before }) => [part, before])
    watch.accept('db')
    expect([before, listed, parts.length, watch.stateOf('db', 'read')?.changed]).toEqual([
      { hash: '', changed: 'definition (never listed)' },
      'definition (new)',
      5,
      undefined,
    ])
  })

  it('is undone by forgetting: the next list is the first', () => {
    const watch = changed()
    const names = watch.forget('db', 'read')
    const unknown = watch.stateOf('db', 'read')
    watch.learn('db', [EVIL])
    expect([names, unknown, watch.stateOf('db', 'read')?.changed]).toEqual([
      ['read'],
      undefined,
      undefined,
    ])
  })
})

describe('tags of an accepted definition', () => {
  const W = { destructiveHint: true }
  const O = { openWorldHint: true }
  it.each<[string, unknown, string[] | undefined]>([
    ['nothing is said', undefined, undefined],
    ['no hint is given', {}, undefined],
    ['it destroys', W, ['destructive']],
    ['it destroys and writes', { ...W, readOnlyHint: false }, ['destructive']],
    ['it claims to destroy and only to read', { ...W, readOnlyHint: true }, undefined],
    ['it destroys nothing', { destructiveHint: false }, undefined],
    ['it only reads', { readOnlyHint: true }, undefined],
    ['it has an open world', O, ['external_data']],
    ['it reads from an open world', { ...O, readOnlyHint: true }, ['external_data']],
    ['it writes to an open world', { ...O, readOnlyHint: false }, ['network_egress']],
    ['it destroys in an open world', { ...O, ...W }, ['destructive', 'network_egress']],
    ['its hints are texts', { destructiveHint: 'true', openWorldHint: 1 }, undefined],
    ['its annotations are a list', [W], undefined],
  ])('where %s', (_what, annotations, tags) => {
    expect(stateAfter([[{ ...READ, annotations }]])?.tags).toEqual(tags)
  })

  it('are those that were accepted, whatever is listed later', () => {
    const state = stateAfter([[{ ...READ, annotations: W }], [{ ...READ, annotations: {} }]])
    expect(state).toMatchObject({ tags: ['destructive'], changed: 'annotations' })
  })

  it('are none where annotations are ignored, or nothing is accepted', () => {
    const lists = [[{ ...READ, annotations: W }]]
    expect([
      stateAfter(lists, watchDefinitions({ annotations: 'ignore' }))?.tags,
      stateAfter(lists, watchDefinitions({ acceptNew: false }))?.tags,
    ]).toEqual([undefined, undefined])
  })
})

describe('changes', () => {
  const changesTo = (more: Partial<ListedTool>) => {
    const watch = watchDefinitions()
    for (const list of [[READ], [{ ...READ, ...more }]]) watch.learn('db', wired(list))
    return watch
      .changes('db', 'read')
      .map(({ part, path, before, after: now }) => [part, path, before, now])
  }

  it.each<[string, Partial<ListedTool>, (string | null)[][]]>([
    ['nothing', {}, []],
    ['a title', { title: 'Take' }, [['title', '', 'Read', 'Take']]],
    [
      'a place within',
      {
        inputSchema: { ...(READ.inputSchema as object), required: ['id', 'table'], type: 'array' },
      },
      [
        ['inputSchema', '/required/1', null, 'table'],
        ['inputSchema', '/type', 'object', 'array'],
      ],
    ],
    [
      'what is gone',
      { annotations: { title: 'Read a row' } },
      [['annotations', '/readOnlyHint', 'true', null]],
    ],
    [
      'what screens would hide or act on',
      {
        title: 'Read\u001b[2K\u202e',
        annotations: { ...(READ.annotations as object), 'a/\u0007': '\n' },
      },
      [
        ['title', '', 'Read', 'Read\\u{1b}[2K\\u{202e}'],
        ['annotations', '/a~1\\u{7}', null, '\\n'],
      ],
    ],
  ])('tell %s', (_what, more, rows) => {
    expect(changesTo(more)).toEqual(rows)
  })

  it('show where long texts begin to differ, and not more than a screen of them', () => {
    const watch = watchDefinitions()
    const long = 'Reads. '.repeat(5_000)
    watch.learn('db', [{ ...READ, description: `${long}It ends here.` }])
    watch.learn('db', [{ ...READ, description: `${long}It goes on.${' And on.'.repeat(500)}` }])
    const [change] = watch.changes('db', 'read')
    expect([
      change?.before,
      change?.after?.slice(0, 80),
      (change?.after ?? '').length < 1_200,
    ]).toEqual([
      expect.stringMatching(/^….*It ends here\.$/),
      expect.stringContaining('It goes on.'),
      true,
    ])
  })

  it('are counted where they are too many', () => {
    const many = (word: string) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, word]))
    const watch = watchDefinitions()
    watch.learn('db', [tool('read', { inputSchema: many('a') })])
    watch.learn('db', [tool('read', { inputSchema: many('b') })])
    const changes = watch.changes('db', 'read')
    expect([changes.length, changes.at(-1)?.after]).toEqual([65, '… 36 more'])
  })
})

describe('bounds', () => {
  it('refuse what is over them', () => {
    const watch = watchDefinitions()
    const many = Array.from({ length: 10_001 }, (_, at) => ({ name: `t${at}q` }))
    const found = watch.learn('many', many)
    expect([
      watch.stateOf('many', 't9999q')?.changed,
      watch.stateOf('many', 't10000q')?.changed,
      watch.list().length,
      found.at(-1)?.message,
    ]).toEqual([
      undefined,
      'definition (one of more than 10000 tools)',
      10_000,
      '`many` lists more than 10000 tools',
    ])
  })

  it('hold until a whole list is within them', () => {
    const watch = watchDefinitions()
    watch.learn(
      'many',
      Array.from({ length: 10_001 }, (_, at) => ({ name: `t${at}q` })),
    )
    watch.forget('many')
    const states = [
      { isFirst: true, isLast: false },
      { isFirst: false, isLast: true },
    ].map((page) => {
      watch.learn('many', [READ], page)
      return watch.stateOf('many', 'other')?.changed
    })
    expect(states).toEqual(['definition (one of more than 10000 tools)', undefined])
  })

  it('hold for servers', () => {
    const watch = watchDefinitions()
    for (let at = 0; at < 256; at++) watch.learn(`s${at}`, [READ])
    const found = [watch.learn('more', [READ]), watch.learn('more', [READ])]
    expect([
      watch.stateOf('s255', 'read')?.changed,
      watch.stateOf('more', 'read')?.changed,
    ]).toEqual([undefined, 'definition (of one of more than 256 servers)'])
    expect(found.map((list) => list.map(({ message }) => message))).toEqual([
      ['`more` is one of more than 256 servers'],
      [],
    ])
  })

  it('hold for all that is kept together', () => {
    const watch = watchDefinitions()
    const large = Array.from({ length: 70 }, (_, at) =>
      tool(`t${at}q`, { description: 'x'.repeat(250_000) }),
    )
    const found = watch.learn('db', large)
    const few = watch.learn('db', large.slice(0, 10))
    expect([
      found.some(({ message }) => message.startsWith('accepted definitions are out of reach')),
      watch.stateOf('db', 't69q')?.changed,
      few,
      watch.stateOf('db', 't9q')?.changed,
    ]).toEqual([true, 'definition (it could not be kept)', expect.anything(), undefined])
  })

  it('hold where what was accepted cannot be read any more', () => {
    const store = memoryPins()
    let isBroken = false
    const reached = (): PinStore => {
      if (isBroken) throw new Error('gone')
      return store
    }
    const watch = watchDefinitions({
      pins: {
        read: () => reached().read(),
        update: (edit) => reached().update(edit),
      },
    })
    watch.learn('db', [READ])
    const accepted = watch.stateOf('db', 'read')?.changed
    isBroken = true
    const found = watch.learn('db', [EVIL, tool('write')])
    expect([accepted, found[0]?.message, watch.stateOf('db', 'read')?.changed]).toEqual([
      undefined,
      'accepted definitions are out of reach: gone',
      'definition (what was accepted cannot be read)',
    ])
    expect(watch.stateOf('db', 'write')?.changed).toBe(
      'definition (what was accepted cannot be read)',
    )
  })
})

describe('options', () => {
  it.each<[unknown, string]>([
    [null, 'options must be an object'],
    [{ pin: 1 }, 'unknown option `pin`'],
    [{ pins: 'pins.json' }, '`pins` is made by'],
    [{ acceptNew: 'no' }, '`acceptNew` is true or false'],
    [{ annotations: 'trust' }, '`annotations` is'],
  ])('%j are refused', (options, message) => {
    expect(() => watchDefinitions(options as never)).toThrow(message)
  })
})

const SCHEMA = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('node'), { maxKeys: 4 }),
  ),
})).node
const PARTS = ['title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const
const DEFINITION = fc.record(
  {
    title: fc.string(),
    description: fc.string(),
    inputSchema: SCHEMA,
    outputSchema: SCHEMA,
    annotations: SCHEMA,
  },
  { requiredKeys: [] },
)

describe('for any definition', () => {
  it('a change of one part is seen, named, and quiet once it is accepted', () => {
    fc.assert(
      fc.property(
        DEFINITION,
        fc.constantFrom(...PARTS),
        fc.string({ minLength: 1 }),
        (parts, part, mark) => {
          const watch = watchDefinitions()
          const before = { ...parts, name: 'read' }
          const now = { ...before, [part]: [parts[part] ?? null, `+${mark}+`] }
          watch.learn('db', wired([before]))
          watch.learn('db', wired([now]))
          const seen = watch.stateOf('db', 'read')?.changed
          const told = new Set(watch.changes('db', 'read').map((change) => change.part))
          watch.accept('db')
          watch.learn('db', wired([now]))
          expect([
            seen?.replace(' schema', 'Schema'),
            [...told],
            watch.stateOf('db', 'read')?.changed,
          ]).toEqual([part, [part], undefined])
        },
      ),
    )
  })

  it('the order of keys and blanks around words say nothing', () => {
    fc.assert(
      fc.property(DEFINITION, (parts) => {
        const watch = watchDefinitions()
        watch.learn('db', wired([{ ...parts, name: 'read' }]))
        watch.learn('db', [reordered({ ...wired(parts), name: 'read' })])
        expect(watch.stateOf('db', 'read')?.changed).toBeUndefined()
      }),
    )
  })
})

function reordered(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key === 'name' ? value : `\n ${value} `
  if (Array.isArray(value)) return value.map((one) => reordered(one))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).reverse()
  return Object.fromEntries(
    fields.map(([name, one]) => [name, reordered(one, name === 'name' ? name : '')]),
  )
}

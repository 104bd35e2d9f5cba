import { expect, it } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { withPostgres } from '../../testing/services/with-services.fixture.ts'
import { faultOf, linesOf, outcomeOf, recordOf, tablesOf } from './records.fixture.ts'

await withPostgres('rows of postgresSink', (db) => {
  const { freshTable, sinkOf, parsed, rows } = tablesOf(db)

  it.each<[string, Partial<AuditRecord>]>([
    ['an intent that has ended', { status: 'success' }],
    ['an intent without reason', { reason: null }],
    ['an intent without effect', { effect: null }],
    ['an intent without gate', { gate: null }],
    ['an intent that is denied and goes out', { effect: 'deny' }],
    [
      'an intent that goes out, of which nobody knows whether it is enforced',
      { effect: 'deny', enforced: null },
    ],
    ['an outcome that has not ended', { kind: 'outcome' }],
    ['an outcome without effect', { kind: 'outcome', status: 'success', effect: null }],
    ['an outcome without reason', { kind: 'outcome', status: 'success', reason: null }],
    ['an outcome without gate', { kind: 'outcome', status: 'success', gate: null }],
    ['an approval of nothing', { kind: 'approval' }],
    ['a policy without digest', { kind: 'policy', status: 'success', policy_digest: null }],
    ['a kind of which nobody knows', { kind: 'other' as 'route' }],
    ['a time that is none', { ts: 'yesterday' }],
    ['a number that is none', { seq: 1.5 }],
  ])('refuses %s, and keeps what was written with it', async (_what, fields) => {
    const table = freshTable()
    const sink = sinkOf(table)
    await sink.write([recordOf({ id: 'first' })])
    const secret = 'do-not-tell'
    const partial = Promise.resolve(
      sink.write([recordOf({ id: 'partial', agent: secret, ...fields })]),
    )
    const others = Array.from({ length: 20 }, (_, index) =>
      sink.write([recordOf({ id: `c${index}` })]),
    )

    const error = await partial.then(
      () => new Error('it was kept'),
      (cause: Error) => cause,
    )
    await Promise.all(others)

    expect(error).toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(JSON.stringify([error.message, error.cause ?? null])).not.toContain(secret)
    const lines = await linesOf(db.pool, table)
    expect([lines.length, faultOf(lines)]).toEqual([21, undefined])
  })

  it.each<[string, Partial<AuditRecord>]>([
    ['a denied call', { status: 'denied', effect: 'deny', reason: 'no_binding' }],
    ['a call that only would have been denied', { effect: 'deny', enforced: false }],
    ['a call that was taken back', { kind: 'outcome', status: 'denied', effect: 'deny' }],
    [
      'an approval',
      { kind: 'approval', approval_id: 'call-1', effect: null, reason: null, gate: null },
    ],
    ['a policy', { kind: 'policy', status: 'success', effect: null, reason: null, gate: null }],
  ])('keeps %s', async (_what, fields) => {
    const table = freshTable()

    await sinkOf(table).write([recordOf(fields)])

    expect(await parsed(table)).toMatchObject([fields])
  })

  it('keeps a call twice at most: its intent and its outcome', async () => {
    const table = freshTable()
    const sink = sinkOf(table)
    await sink.write([recordOf(), outcomeOf()])

    await expect(sink.write([outcomeOf()])).rejects.toMatchObject({ code: 'ERR_AUDIT_UNAVAILABLE' })
    expect(await linesOf(db.pool, table)).toHaveLength(2)
  })

  it('takes any text for what it is, in every field', async () => {
    const table = freshTable()
    const texts = [
      "'; drop table audit; --",
      '"; \\',
      '{a,NULL,"b"}',
      '\\u0000 \\\\',
      'a\nb',
      '$1 %s',
    ]
    const whole = recordOf()
    const names = Object.keys(whole) as (keyof AuditRecord)[]
    const free = names.filter((name) => typeof whole[name] === 'string' || whole[name] === null)
    const kept = new Set([
      'ts',
      'kind',
      'status',
      'id',
      'prev',
      'hash',
      'enforced',
      'risk',
      'duration_ms',
      'cost_nusd',
    ])
    const records = texts.map((text, index) =>
      recordOf({
        ...Object.fromEntries(free.filter((name) => !kept.has(name)).map((name) => [name, text])),
        id: `${index} ${text}`,
        effect: 'allow',
        arguments: { [text]: text },
        rule: { role: text, name: text, index: 0 },
      }),
    )

    await sinkOf(table).write(records)

    const held = await rows(
      `select id, agent, arguments, rule_role, error from ${table} order by position`,
    )
    expect(held).toEqual(
      records.map(({ id, agent, arguments: given, rule, error }) => ({
        ...{ id, agent, arguments: given, rule_role: rule?.role, error },
      })),
    )
    expect(faultOf(await linesOf(db.pool, table))).toBeUndefined()
  })

  it('keeps NUL escaped in the line and replaced in columns, and lone surrogates replaced', async () => {
    const table = freshTable()
    const agent = 'a\u0000b\ud800c'
    const given = { 'k\u0000': ['\\u0000', '\u0000', '\udc00'] }

    await sinkOf(table).write([recordOf({ agent, arguments: given })])

    const [row] = await rows(`select agent, arguments, line from ${table}`)
    expect(row).toMatchObject({
      agent: 'a\ufffdb\ufffdc',
      arguments: { 'k\ufffd': ['\\u0000', '\ufffd', '\ufffd'] },
    })
    expect(row?.['line']).toContain('"agent":"a\\u0000b\ufffdc"')
    expect(faultOf([String(row?.['line'])])).toBeUndefined()
  })

  it('cuts long texts in columns and huge records in the line', async () => {
    const table = freshTable()
    const long = '\u{1f512}'.repeat(50_000)

    await sinkOf(table).write([
      recordOf({ id: 'a', agent: long, resource: long, tool: long, trace_id: long }),
      recordOf({ id: 'b', arguments: { text: 'x'.repeat(5_000_000) } }),
    ])

    const [, huge] = await linesOf(db.pool, table)
    const [row] = await rows(`select agent, line from ${table} order by position limit 1`)
    expect(String(row?.['agent'])).toHaveLength(512)
    expect(String(row?.['line'])).toContain(long)
    expect(Buffer.byteLength(huge ?? '')).toBeLessThanOrEqual(1_048_576)
    expect(faultOf(await linesOf(db.pool, table))).toBeUndefined()
  })
})

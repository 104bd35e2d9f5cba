import { describe, expect, it } from 'vitest'
import type { ResourceEntry } from '../model/call.ts'
import { traitsOf } from './traits.ts'

function entryOf(name: string, parts: Partial<ResourceEntry> = {}): ResourceEntry {
  return {
    name,
    kind: 'tool',
    server: undefined,
    listed: true,
    scope: undefined,
    tags: [],
    payload_class: undefined,
    sql_dialect: undefined,
    tier: undefined,
    ...parts,
  }
}

type Flags = readonly ('egress' | 'writes' | 'restricted' | 'sensitive')[]

function flagsOf(entry: ResourceEntry): Flags {
  const traits = traitsOf(entry)
  const all = ['egress', 'writes', 'restricted', 'sensitive'] as const
  return all.filter((flag) => traits[flag])
}

describe('tags', () => {
  it.each<[string, readonly string[], Flags]>([
    ['external_write', ['external_write'], ['egress', 'writes']],
    ['network_egress', ['network_egress'], ['egress', 'writes']],
    ['public_post', ['public_post'], ['egress', 'writes']],
    ['internal_write', ['internal_write'], ['writes']],
    ['code_exec', ['code_exec'], ['writes']],
    ['payment', ['payment'], ['writes', 'sensitive']],
    ['destructive', ['destructive'], ['writes', 'sensitive']],
    ['credential_change', ['credential_change'], ['writes', 'sensitive']],
    ['privilege_grant', ['privilege_grant'], ['writes', 'sensitive']],
    ['admin', ['admin'], ['writes', 'sensitive']],
    ['restricted', ['data_source', 'restricted'], ['restricted']],
    ['data_source', ['data_source'], []],
  ])('`%s` says what a call does', (_, tags, flags) => {
    expect(flagsOf(entryOf('x.frobnicate', { tags }))).toEqual(flags)
  })

  it('are the catalogue’s word, which counts more than the name', () => {
    expect([
      flagsOf(entryOf('mail.send', { tags: ['internal_write'] })),
      flagsOf(entryOf('mail.send', { tags: ['data_source'] })),
    ]).toEqual([['writes'], []])
  })

  it('can be asked for by name', () => {
    const traits = traitsOf(entryOf('a', { tags: ['sql'] }))
    expect([traits.has('sql'), traits.has('toString')]).toEqual([true, false])
  })
})

describe('a payload class', () => {
  it.each(['restricted', 'confidential', 'secret', 'sensitive', 'private'])(
    '`%s` is restricted',
    (payload_class) => {
      expect(flagsOf(entryOf('a.get', { payload_class }))).toEqual(['restricted'])
    },
  )

  it('`public` is not', () => {
    expect(flagsOf(entryOf('a.get', { payload_class: 'public' }))).toEqual([])
  })
})

describe('a name, where the catalogue says nothing', () => {
  it.each<[string, Flags]>([
    ['list_tickets', []],
    ['getUser', []],
    ['send_email', ['egress', 'writes']],
    ['notifyTeam', ['egress', 'writes']],
    ['update_note', ['writes']],
    ['frobnicate', ['writes']],
    ['delete_file', ['writes', 'sensitive']],
    ['refund', ['writes', 'sensitive']],
    ['reset_password', ['writes', 'sensitive']],
    ['get_password_and_send', ['egress', 'writes']],
  ])('`%s` of a listed tool says what it does', (name, flags) => {
    expect(flagsOf(entryOf(name))).toEqual(flags)
  })

  it.each<[string, Flags]>([
    ['frobnicate', ['egress', 'writes']],
    ['update_note', ['egress', 'writes']],
    ['search', []],
    ['list_users', []],
  ])('`%s` of an unlisted tool is presumed to send unless it only reads (H12)', (name, flags) => {
    expect(flagsOf(entryOf(name, { listed: false }))).toEqual(flags)
  })

  it.each<[string, string[], Flags]>([
    ['send_mail', ['destructive'], ['egress', 'writes', 'sensitive']],
    ['frobnicate', ['external_data', 'destructive'], ['egress', 'writes', 'sensitive']],
    ['get_page', ['network_egress'], ['egress', 'writes']],
  ])('`%s` that claims %j of itself is presumed no less', (name, claimed, flags) => {
    expect(flagsOf(entryOf(name, { listed: false, tags: claimed, claimed }))).toEqual(flags)
  })

  it('of its server is no part of what a tool does', () => {
    const entry = entryOf('mail.list', { server: 'mail', listed: false })
    expect(flagsOf(entry)).toEqual([])
  })

  it('of what is no tool says nothing', () => {
    const entry = entryOf('prompt:a/send_password', { kind: 'prompt', listed: false })
    expect(flagsOf(entry)).toEqual([])
  })
})

it('an entry is read once', () => {
  const entry = entryOf('a.get')
  expect(traitsOf(entry)).toBe(traitsOf(entry))
})

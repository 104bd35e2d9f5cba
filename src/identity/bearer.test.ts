import { describe, expect, it } from 'vitest'
import type { Credentials } from '../core/model/call.ts'
import { bearerOf } from './bearer.ts'

const outcome = (credentials: unknown): string => {
  try {
    return bearerOf(credentials as Credentials) ?? 'none'
  } catch (error) {
    return (error as Error).message
  }
}

describe('bearerOf', () => {
  it.each<[string, unknown, string]>([
    ['no credentials', {}, 'none'],
    ['other headers', { headers: { cookie: 'a=b', authorisation: 'Bearer x' } }, 'none'],
    ['an authorization that is not there', { headers: { authorization: undefined } }, 'none'],
    ['a bearer', { bearer: 'a.b.c' }, 'a.b.c'],
    ['a header', { headers: { Authorization: 'Bearer a.b.c' } }, 'a.b.c'],
    ['a header in small letters', { headers: { authorization: 'bearer   a.b.c' } }, 'a.b.c'],
    ['the same token twice', { bearer: 'x', headers: { authorization: 'Bearer x' } }, 'x'],
    ['an empty bearer', { bearer: '' }, 'the bearer is no token'],
    ['a bearer of blanks', { bearer: '  ' }, 'the bearer is no token'],
    ['a bearer with its scheme', { bearer: 'Bearer x' }, 'the bearer is no token'],
    ['a bearer that is no text', { bearer: ['x'] }, 'the bearer is no token'],
    ['a bearer with a line break', { bearer: 'x\n' }, 'the bearer is no token'],
    [
      'two tokens',
      { bearer: 'x', headers: { authorization: 'Bearer y' } },
      'two bearer tokens are given',
    ],
    [
      'an empty header',
      { headers: { authorization: '' } },
      'header `authorization` is no `Bearer` with one token',
    ],
    [
      'another scheme',
      { headers: { authorization: 'Basic eDp5' } },
      'header `authorization` is no `Bearer` with one token',
    ],
    [
      'a scheme alone',
      { headers: { authorization: 'Bearer ' } },
      'header `authorization` is no `Bearer` with one token',
    ],
    [
      'two in one header',
      { headers: { authorization: 'Bearer x, Bearer y' } },
      'header `authorization` is no `Bearer` with one token',
    ],
    [
      'a header in two spellings',
      { headers: { authorization: 'Bearer x', Authorization: 'Bearer x' } },
      'header `authorization` is given twice',
    ],
    [
      'a header with two values',
      { headers: { authorization: ['Bearer x', 'Bearer y'] } },
      'header `authorization` is no single text',
    ],
    [
      'headers of a class',
      { headers: new Headers({ authorization: 'Bearer x' }) },
      'the headers are no plain object of names and values',
    ],
    [
      'a header of a megabyte',
      { headers: { authorization: `Bearer ${'x'.repeat(1e6)}` } },
      'header `authorization` is too long',
    ],
  ])('reads %s', (_, credentials, said) => {
    expect(outcome(credentials)).toBe(said)
  })
})

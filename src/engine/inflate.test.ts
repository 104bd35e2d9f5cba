import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { inflate } from './inflate.ts'

const LONG = Array.from({ length: 20_000 }, (_, at) => `line ${at * 7919} of many\n`).join('')

describe('inflate', () => {
  it.each([
    ['gzip', gzipSync],
    ['zlib', deflateSync],
    ['raw deflate', deflateRawSync],
  ])('undoes %s, and gives the first bytes of what is too long', (_, pack) => {
    const short = inflate(pack('a short text'), 65_536)
    const long = inflate(pack(LONG), 65_536)
    const first = Buffer.from(long?.bytes ?? []).toString()
    expect([Buffer.from(short?.bytes ?? []).toString(), short?.whole]).toEqual([
      'a short text',
      true,
    ])
    expect([long?.whole, LONG.startsWith(first), first.length > 16_384]).toEqual([
      false,
      true,
      true,
    ])
  })

  it.each([
    ['nothing', ''],
    ['a text', 'hello there, this is no archive'],
    ['a header alone', '\x1f\x8b\x08'],
  ])('gives nothing for %s', (_, text) => {
    expect(inflate(Buffer.from(text, 'latin1'), 65_536)).toBeUndefined()
  })
})

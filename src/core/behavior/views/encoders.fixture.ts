import { deflateRawSync, deflateSync, gzipSync, inflateRawSync, unzipSync } from 'node:zlib'
import type { Encoding, Inflate } from './encodings.ts'

/** Writes a text in an encoding, as somebody would who wants to hide it. */
export interface Encoder {
  readonly name: string
  readonly by: Encoding
  readonly encode: (text: string) => string
}

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')
const each = (text: string, write: (byte: number) => string, joint = ''): string =>
  Array.from(bytes(text), write).join(joint)
const hex = (byte: number): string => byte.toString(16).padStart(2, '0')
const units = (text: string, write: (unit: number) => string): string =>
  Array.from({ length: text.length }, (_, index) => write(text.charCodeAt(index))).join('')
const point = (text: string, write: (point: number) => string, joint = ''): string =>
  Array.from(text, (unit) => write(unit.codePointAt(0) ?? 0)).join(joint)

function baseN(text: string, bits: number, alphabet: string, pad: number): string {
  let held = ''
  for (const byte of bytes(text)) held += byte.toString(2).padStart(8, '0')
  let result = ''
  for (let at = 0; at < held.length; at += bits)
    result += alphabet.charAt(Number.parseInt(held.slice(at, at + bits).padEnd(bits, '0'), 2))
  while (pad > 0 && result.length % pad !== 0) result += '='
  return result
}

function base58(text: string): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let number = BigInt(`0x${bytes(text).toString('hex')}`)
  let result = ''
  for (; number > 0n; number /= 58n) result = alphabet.charAt(Number(number % 58n)) + result
  return result
}

function base85(text: string, alphabet: string): string {
  const source = bytes(text)
  let result = ''
  for (let at = 0; at < source.length; at += 4) {
    const group = source.subarray(at, at + 4)
    let number = Buffer.concat([group, Buffer.alloc(4 - group.length)]).readUInt32BE(0)
    let written = ''
    for (let place = 0; place < 5; place++) {
      written = alphabet.charAt(number % 85) + written
      number = Math.floor(number / 85)
    }
    result += written.slice(0, group.length + 1)
  }
  return result
}
const ASCII85 = Array.from({ length: 85 }, (_, value) => String.fromCharCode(33 + value)).join('')
const PYTHON85 =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'
const RFC4648_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export const ENCODERS: readonly Encoder[] = [
  { name: 'base64', by: 'base64', encode: (text) => bytes(text).toString('base64') },
  { name: 'base64 for URLs', by: 'base64', encode: (text) => bytes(text).toString('base64url') },
  {
    name: 'base64 in lines',
    by: 'base64',
    encode: (text) => bytes(text).toString('base64').replace(/.{20}/g, '$&\r\n'),
  },
  {
    name: 'a data URL',
    by: 'base64',
    encode: (text) => `data:text/plain;base64,${btoa(String.fromCharCode(...bytes(text)))}`,
  },
  { name: 'hex', by: 'hex', encode: (text) => bytes(text).toString('hex') },
  {
    name: 'hex in capitals',
    by: 'hex',
    encode: (text) => bytes(text).toString('hex').toUpperCase(),
  },
  { name: 'hex behind 0x', by: 'hex', encode: (text) => `0x${bytes(text).toString('hex')}` },
  {
    name: 'bytes behind 0x',
    by: 'hex',
    encode: (text) => each(text, (byte) => `0x${hex(byte)}`, ', '),
  },
  { name: 'spaced hex bytes', by: 'hex', encode: (text) => each(text, hex, ' ') },
  { name: 'hex bytes with colons', by: 'hex', encode: (text) => each(text, hex, ':') },
  { name: 'base32', by: 'base32', encode: (text) => baseN(text, 5, RFC4648_32, 8) },
  {
    name: 'base32 in small letters',
    by: 'base32',
    encode: (text) => baseN(text, 5, RFC4648_32, 0).toLowerCase(),
  },
  { name: 'base58', by: 'base58', encode: base58 },
  { name: 'ascii85', by: 'base85', encode: (text) => `<~${base85(text, ASCII85)}~>` },
  { name: 'base85', by: 'base85', encode: (text) => base85(text, PYTHON85) },
  { name: 'percent', by: 'percent', encode: (text) => each(text, (byte) => `%${hex(byte)}`) },
  {
    name: 'decimal entities',
    by: 'entities',
    encode: (text) => point(text, (unit) => `&#${unit};`),
  },
  {
    name: 'hexadecimal entities',
    by: 'entities',
    encode: (text) => point(text, (unit) => `&#x${unit.toString(16)};`),
  },
  {
    name: 'JSON escapes',
    by: 'escapes',
    encode: (text) => units(text, (unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
  },
  {
    name: 'braced escapes',
    by: 'escapes',
    encode: (text) => point(text, (unit) => `\\u{${unit.toString(16)}}`),
  },
  {
    name: 'byte escapes',
    by: 'escapes',
    encode: (text) => each(text, (byte) => `\\x${hex(byte)}`),
  },
  {
    name: 'octal escapes',
    by: 'escapes',
    encode: (text) => each(text, (byte) => `\\${byte.toString(8).padStart(3, '0')}`),
  },
  {
    name: 'quoted-printable',
    by: 'quoted_printable',
    encode: (text) => each(text, (byte) => `=${hex(byte).toUpperCase()}`),
  },
  { name: 'decimal bytes', by: 'byte_list', encode: (text) => each(text, String, ',') },
  {
    name: 'decimal bytes in brackets',
    by: 'byte_list',
    encode: (text) => `[${each(text, String, ', ')}]`,
  },
  {
    name: 'octal bytes',
    by: 'byte_list',
    encode: (text) => each(text, (byte) => byte.toString(8).padStart(3, '0'), ' '),
  },
  {
    name: 'binary',
    by: 'binary',
    encode: (text) => each(text, (byte) => byte.toString(2).padStart(8, '0')),
  },
  {
    name: 'spaced binary',
    by: 'binary',
    encode: (text) => each(text, (byte) => byte.toString(2).padStart(8, '0'), ' '),
  },
  { name: 'gzip in base64', by: 'compressed', encode: (text) => gzipSync(text).toString('base64') },
  {
    name: 'zlib in base64',
    by: 'compressed',
    encode: (text) => deflateSync(text).toString('base64'),
  },
  {
    name: 'deflate in base64',
    by: 'compressed',
    encode: (text) => deflateRawSync(text).toString('base64'),
  },
  {
    name: 'UTF-16 in base64',
    by: 'utf16',
    encode: (text) => Buffer.from(text, 'utf16le').toString('base64'),
  },
  { name: 'backwards', by: 'reversed', encode: (text) => Array.from(text).reverse().join('') },
  {
    name: 'rot13',
    by: 'rot13',
    encode: (text) =>
      text.replace(/[a-z]/gi, (unit) => {
        const first = unit < 'a' ? 65 : 97
        return String.fromCharCode(first + ((unit.charCodeAt(0) - first + 13) % 26))
      }),
  },
  {
    name: 'full width',
    by: 'compatibility',
    encode: (text) =>
      text.replace(/[!-~]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) + 0xfee0)),
  },
  {
    name: 'zero-width spaces',
    by: 'compatibility',
    encode: (text) => Array.from(text).join('\u200b'),
  },
  {
    name: 'tags',
    by: 'compatibility',
    encode: (text) =>
      text.replace(/[ -~]/g, (unit) => String.fromCodePoint(0xe0000 + unit.charCodeAt(0))),
  },
  {
    name: 'doubled units',
    by: 'doubled',
    encode: (text) => Array.from(text, (unit) => unit + unit).join(''),
  },
  { name: 'spaced units', by: 'spaced', encode: (text) => Array.from(text).join(' ') },
]

/** What the shell passes in. */
export const inflate: Inflate = (source, max) => {
  for (const unpack of [unzipSync, inflateRawSync])
    try {
      return { bytes: unpack(source, { maxOutputLength: max }), whole: true }
    } catch {
      // The next format.
    }
  return undefined
}

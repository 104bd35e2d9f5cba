import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../model/json.ts'
import { standing } from '../probe.fixture.ts'
import { isUnderByReference } from './path-prefix.reference.ts'

const posix = (path: JsonValue, more: JsonObject = {}) =>
  standing('path_prefix', { allow: ['/srv/app', '/scratch'], ...more }, { path })
const windows = (path: JsonValue, more: JsonObject = {}) =>
  standing(
    'path_prefix',
    { allow: ['D:\\App', '\\\\nas\\pub'], platform: 'win32', ...more },
    { path },
  )

describe('path_prefix, win32', () => {
  it.each([
    ['D:\\App'],
    ['D:\\App\\'],
    ['d:/app/a.txt'],
    ['D:\\APP\\x\\..\\y'],
    ['D:\\x\\..\\App\\y'],
    ['D:\\App\\ÜBER'],
    ['\\\\nas\\pub\\a'],
    ['//NAS/Pub/a'],
    ['D:\\App\\console.log'],
    ['D:\\App\\~$draft.docx'],
    ['D:\\App\\.git'],
  ])('takes %s', (path) => {
    expect(windows(path)).toBe('inside')
  })

  it.each([
    ['D:\\Application'],
    ['D:\\App\\..\\x'],
    ['C:\\App'],
    ['\\\\nas\\public\\a'],
    ['\\\\other\\pub\\a'],
    ['D:\\'],
  ])('refuses %s', (path) => {
    expect(windows(path)).toBe('outside')
  })

  it.each([
    ['D:App\\a'],
    ['\\App\\a'],
    ['App\\a'],
    ['\\\\?\\D:\\App\\a'],
    ['\\\\.\\D:\\App\\a'],
    ['//?/D:/App/a'],
    ['\\??\\D:\\App\\a'],
    ['\\\\?\\UNC\\nas\\pub\\a'],
    ['D:\\App\\a:stream'],
    ['D:\\App\\a::$DATA'],
    ['D:\\App\\NUL'],
    ['D:\\App\\con.txt'],
    ['D:\\App\\COM1'],
    ['D:\\App\\lpt\u00b9.log'],
    ['D:\\App\\aux .txt'],
    ['D:\\App\\a.'],
    ['D:\\App\\a '],
    ['D:\\App\\...\\x'],
    ['D:\\App\\.. \\x'],
    ['D:\\App.\\a'],
    ['D:\\App\\SECRET~1\\a'],
    ['D:\\App\\PROGRA~1.TXT'],
    ['D:\\App\\a*'],
    ['D:\\App\\a<b'],
    ['D:\\App\\%2e%2e\\x'],
    ['D:\\App\\..¥x'],
    ['D:\\App\\％SystemRoot％/..／x'],
  ])('is unsure of %s', (path) => {
    expect(windows(path)).toBe('unsure')
  })

  it('folds case as Windows does: not into another character, and is unsure of what is near', () => {
    const config = { allow: ['D:\\Work', 'D:\\straße'], platform: 'win32' }
    const paths = ['D:\\WORK\\a', 'D:\\wor\u212a\\a', 'D:\\STRASSE\\a', 'D:\\Wörk\\a']
    expect(paths.map((path) => standing('path_prefix', config, { path }))).toEqual([
      'inside',
      'unsure',
      'unsure',
      'outside',
    ])
  })

  it('joins a relative path to its base', () => {
    const base = { base: 'D:\\App\\work' }
    expect(['a', '..\\b', '..\\..\\x', '\\x', 'D:x'].map((path) => windows(path, base))).toEqual([
      'inside',
      'inside',
      'outside',
      'unsure',
      'unsure',
    ])
  })
})

describe('path_prefix, darwin', () => {
  it('compares as written, and is unsure of what the file system may take for the same', () => {
    const config = { allow: ['/Users/ann/Café'.normalize('NFC')], platform: 'darwin' }
    const paths = [
      '/Users/ann/Café/a'.normalize('NFC'),
      '/Users/ann/Café/a'.normalize('NFD'),
      '/users/ANN/café/a',
      '/Users/bob/a',
    ]
    expect(paths.map((path) => standing('path_prefix', config, { path }))).toEqual([
      'inside',
      'unsure',
      'unsure',
      'outside',
    ])
  })
})

describe('path_prefix, reference', () => {
  const plain = (separator: string) =>
    fc.array(fc.constantFrom(separator, 'srv', 'app', 'app2', '..', '.', 'a'), { maxLength: 12 })

  it('agrees with it on plain posix paths', () => {
    fc.assert(
      fc.property(plain('/'), (pieces) => {
        const path = `/${pieces.join('')}`
        expect(posix(path)).toBe(
          ['/srv/app', '/scratch'].some((prefix) => isUnderByReference(path, prefix, 'posix'))
            ? 'inside'
            : 'outside',
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('agrees with it on plain win32 paths, but for the dots that Windows drops', () => {
    fc.assert(
      fc.property(plain('\\'), (pieces) => {
        const path = `D:\\${pieces.join('')}`
        const judged = windows(path)
        if (/[^.\\]\.+(?:\\|$)|(?:^|\\)\.{3,}(?:\\|$)/.test(path)) expect(judged).toBe('unsure')
        else
          expect(judged).toBe(isUnderByReference(path, 'D:\\App', 'win32') ? 'inside' : 'outside')
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps a path it takes inside, however a program decodes it', () => {
    const readers: readonly ((text: string) => string)[] = [
      (text) => text,
      (text) => decoded(text),
      (text) => decoded(decoded(text)),
      (text) => text.normalize('NFKC'),
      (text) => text.replaceAll('\\', '/'),
      (text) => text.split('\u0000')[0] ?? '',
      (text) => text.replace(/\s+(?=\/|$)/g, ''),
      (text) => text.replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, ''),
      (text) => text.replace(/;[^/]*/g, ''),
      (text) => text.replace(/\$\w+/g, ''),
      (text) => text.trim(),
    ]
    const piece = fc.constantFrom(
      '/',
      '..',
      '.',
      'srv',
      'app',
      'a',
      '%2e',
      '%2f',
      '%25',
      '\\',
      '\u0000',
      ' ',
      '．',
      '‥',
      '／',
      '\u200b',
      '\u00ad',
      ';',
      '$x',
      '\n',
      '~',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const path = `/srv/app/${pieces.join('')}`
        if (posix(path) !== 'inside') return
        const readings = readers.map((read) => read(path))
        expect(
          readings.filter((reading) => !isUnderByReference(reading, '/srv/app', 'posix')),
        ).toEqual([])
      }),
      { numRuns: 5000 },
    )
  })
})

function decoded(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

import { describe, expect, it } from 'vitest'
import { foldName, nameTest } from './argument-names.ts'

describe('foldName', () => {
  it.each([
    ['path', 'path'],
    ['filePath', 'filepath'],
    ['FILE_PATH', 'filepath'],
    ['file-path_2', 'filepath2'],
    ['__proto__', 'proto'],
    ['', ''],
    ['ＰＡＴＨ', 'ｐａｔｈ'],
  ])('folds %j to %j', (name, folded) => {
    expect(foldName(name)).toBe(folded)
  })
})

describe('nameTest', () => {
  const test = nameTest(['path', 'cwd'], ['path', 'url', 'urls', 'email_address'])

  it.each([
    ['path', 'name'],
    ['P_ath', 'name'],
    ['CWD', 'name'],
    ['repo_path', 'word'],
    ['repoPath', 'word'],
    ['REPO-PATH', 'word'],
    ['repoPATH', 'word'],
    ['XMLPath', 'word'],
    ['imageURLs', 'word'],
    ['URLs', 'word'],
    ['path2', 'word'],
    ['path_2', 'word'],
    ['paths.path[]', 'word'],
    ['customerEmailAddress', 'word'],
    ['email_address', 'word'],
    [`${'x'.repeat(1000)}_path`, 'word'],
    ['profilepath', 'none'],
    ['path_mode', 'none'],
    ['curl', 'none'],
    ['address', 'none'],
    ['my_cwd', 'none'],
    ['pathe', 'none'],
    ['__proto__', 'none'],
    ['', 'none'],
    ['12', 'none'],
  ])('finds in %j: %s', (key, match) => {
    expect([test(key), test(key)]).toEqual([match, match])
  })

  it('answers the same for more keys than it remembers', () => {
    const keys = Array.from({ length: 2000 }, (_, index) => `k${index}_path`)
    expect(keys.filter((key) => test(key) !== 'word')).toEqual([])
  })

  it('answers soon for a long key', () => {
    const started = performance.now()
    for (let index = 0; index < 100; index++) test('A'.repeat(100_000 + index))
    expect(performance.now() - started).toBeLessThan(500)
  })
})

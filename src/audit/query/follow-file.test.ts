import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type FollowOptions, followFile } from './follow-file.ts'
import { trailFolder } from './trail.fixture.ts'

const NOTHING = (): void => undefined

/** A follower whose lines are asked for one by one: each answer comes when the line is there. */
function following(path: string, options: Partial<FollowOptions> = {}) {
  const ended = new AbortController()
  const notes: string[] = []
  const lines = followFile(path, {
    lines: 10,
    follow: true,
    signal: ended.signal,
    onNote: (note) => notes.push(note),
    pollMs: 20,
    ...options,
  })
  return {
    notes,
    next: async () => (await lines.next()).value?.text,
    async end() {
      ended.abort()
      return (await lines.next()).done
    },
  }
}

async function lastOf(path: string, lines: number): Promise<readonly string[]> {
  const found: string[] = []
  const { signal } = new AbortController()
  const all = followFile(path, { lines, follow: false, signal, onNote: NOTHING })
  for await (const { text } of all) found.push(text)
  return found
}

describe('the last lines of a file', () => {
  const long = 'x'.repeat(100_000)
  it.each<[string, string, number, readonly string[]]>([
    ['all where there are fewer', 'a\nb\n', 5, ['a', 'b']],
    ['as many as are wanted', 'a\nb\nc\n', 2, ['b', 'c']],
    ['none', 'a\nb\n', 0, []],
    ['of an empty file', '', 3, []],
    ['lines over several blocks', `${long}\n${long}\nc\n`, 2, [long, 'c']],
    ['not the end that is still being written', 'a\nb\nhalf', 2, ['b']],
  ])('are %s', async (_name, content, lines, wanted) => {
    expect(await lastOf(join(trailFolder({ f: content }), 'f'), lines)).toEqual(wanted)
  })

  it('are not looked for in a gzipped file', async () => {
    const path = join(trailFolder({ f: gzipSync('a\n') }), 'f')
    await expect(lastOf(path, 1)).rejects.toMatchObject({ code: 'ERR_AUDIT_INVALID' })
  })
})

describe('following a file', () => {
  it('gives a line when it is whole', async () => {
    const path = join(trailFolder({ f: 'a\n' }), 'f')
    const { next, end } = following(path)
    expect(await next()).toBe('a')
    appendFileSync(path, 'b')
    const second = next()
    appendFileSync(path, 'c\n')
    expect([await second, await end()]).toEqual(['bc', true])
  })

  it('reads a file that was rotated to its end, and then the one that took its name', async () => {
    const folder = trailFolder({ f: 'a\n' })
    const path = join(folder, 'f')
    const { next, end, notes } = following(path)
    expect(await next()).toBe('a')
    appendFileSync(path, 'b\n')
    renameSync(path, join(folder, 'f.1'))
    // The name is free for a while, then a file is there with nothing in it.
    const late = next()
    expect(await late).toBe('b')
    const fresh = next()
    writeFileSync(path, '')
    appendFileSync(join(folder, 'f.1'), 'c\n')
    expect(await fresh).toBe('c')
    appendFileSync(path, 'd\n')
    expect([await next(), await end(), notes]).toEqual(['d', true, []])
  })

  it('goes on from the beginning of a file that was cut, and says so', async () => {
    const path = join(trailFolder({ f: 'a\nb\n' }), 'f')
    const { next, end, notes } = following(path, { lines: 1 })
    expect(await next()).toBe('b')
    const fresh = next()
    truncateSync(path)
    await expect
      .poll(() => notes)
      .toEqual([`${path}: the file was cut; reading from its beginning`])
    appendFileSync(path, 'c\n')
    expect([await fresh, await end()]).toEqual(['c', true])
  })

  it('ends while it waits', async () => {
    const { end } = following(join(trailFolder({ f: '' }), 'f'), { pollMs: 1_000_000 })
    expect(await end()).toBe(true)
  })

  it('passes over a line that is too long, and goes on behind it', async () => {
    const path = join(trailFolder({ f: '' }), 'f')
    const { next, end, notes } = following(path)
    const first = next()
    writeFileSync(path, `${'x'.repeat(17 * 1024 * 1024)}\na\n`)
    expect(await first).toBe('a')
    expect([notes.length, await end()]).toEqual([1, true])
  })
})

import { describe, expect, it } from 'vitest'
import { wordsOf } from './command-words.ts'

describe('words of a command', () => {
  it.each<[string, readonly string[]]>([
    ['node check.js', ['node', 'check.js']],
    ['  node\t check.js \n', ['node', 'check.js']],
    [`run 'two words' "three more words"`, ['run', 'two words', 'three more words']],
    [`run a'b c'"d e"f`, ['run', 'ab cd ef']],
    [`run "" ''`, ['run', '', '']],
    [`run "say \\"hi\\" \\\\ \\n"`, ['run', 'say "hi" \\ \\n']],
    [`run 'no \\ escape'`, ['run', 'no \\ escape']],
    ['run two\\ words \\"', ['run', 'two words', '"']],
    ['C:\\tools\\check.exe /q', ['C:\\tools\\check.exe', '/q']],
    ['run $HOME *.js ~ #1', ['run', '$HOME', '*.js', '~', '#1']],
    [`run 'a|b' "c && d" e\\\\f`, ['run', 'a|b', 'c && d', 'e\\f']],
    ['run 日本語', ['run', '日本語']],
  ])('are, of %j, %j', (command, words) => {
    expect(wordsOf(command)).toEqual(words)
  })

  it.each<[string, string]>([
    ['', 'the command is empty'],
    ['  ', 'the command is empty'],
    [`run 'open`, 'a quote of the command is not closed'],
    ['run "open', 'a quote of the command is not closed'],
    ['run "open\\"', 'a quote of the command is not closed'],
    ['run | tee log', '`|` needs a shell'],
    ['run; rm -rf x', '`;` needs a shell'],
    ['run && more', '`&` needs a shell'],
    ['run > file', '`>` needs a shell'],
    ['run < file', '`<` needs a shell'],
    ['run `whoami`', '` needs a shell'],
  ])('are refused of %j: %s', (command, message) => {
    expect(() => wordsOf(command)).toThrow(message)
  })

  it('are found in linear time, however long the command', () => {
    expect(wordsOf('a '.repeat(20_000))).toHaveLength(20_000)
    expect(() => wordsOf(`"${'\\'.repeat(100_001)}`)).toThrow('not closed')
  })
})

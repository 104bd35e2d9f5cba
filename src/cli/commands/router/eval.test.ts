import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readWeights } from '../../../core/routing/classifier/weights.ts'
import { complementary } from '../../../router/eval/outcomes.fixture.ts'
import { folderWith, run } from '../../run-main.fixture.ts'

const linesOf = (rows: readonly object[]): string =>
  rows.map((row) => JSON.stringify(row)).join('\n')
const POLICY = `version: 1
router:
  routes: [{ name: easy, if: { task: [conversation, qa] }, target: other/small }]
  default: { target: other/large }
`

describe('callgate router eval', () => {
  const cwd = folderWith({ 'rows.jsonl': linesOf(complementary(120)), 'policy.yaml': POLICY })

  it('tells what each way to choose is worth', async () => {
    const { exit, stdout } = await run(['router', 'eval', 'rows.jsonl'], { cwd })
    expect(exit).toBe(0)
    for (const text of ['best by task', 'oracle', 'the limit holds', 'Saved'])
      expect(stdout).toContain(text)
    expect(stdout).not.toContain('cannot help')
  })

  it('says so where one model is cheaper and better', async () => {
    const rows = complementary(120).map((row) => ({
      ...row,
      models: { dear: { quality: 0.4, cost: 1 }, cheap: { quality: 0.9, cost: 0.1 } },
    }))
    writeFileSync(join(cwd, 'one.jsonl.gz'), gzipSync(linesOf(rows)))
    const { stdout } = await run(['router', 'eval', 'one.jsonl.gz'], { cwd })
    expect(stdout).toContain(
      'cheap is cheaper and better on average than every other model: routing cannot help you here.',
    )
  })

  it('judges the routes of a policy among the others', async () => {
    const line = 'router eval rows.jsonl --policy policy.yaml --format json'
    const { exit, stdout } = await run(line.split(' '), { cwd })
    const { policies } = JSON.parse(stdout)
    expect(exit).toBe(0)
    expect(policies.map(({ policy }: { policy: string }) => policy)).toContain('policy')
  })

  it.each([
    ['a limit that is none', 'router eval rows.jsonl --max-drop x', 2],
    ['a file that is not there', 'router eval gone.jsonl', 4],
    ['rows without outcomes', 'router eval policy.yaml', 4],
  ])('refuses %s', async (_what, line, exit) => {
    expect((await run(line.split(' '), { cwd })).exit).toBe(exit)
  })
})

describe('callgate router train', () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    prompt: `${index % 2 === 0 ? 'gribble' : 'snorfle'} number ${index}`,
    task: index % 2 === 0 ? 'math' : 'code',
  }))
  const cwd = folderWith({ 'prompts.jsonl': linesOf(rows) })

  it('writes weights that a classifier can read, and tells how good they are', async () => {
    const line = 'router train prompts.jsonl --out weights.json'
    const { exit, stdout } = await run(line.split(' '), { cwd })
    expect({ exit, stdout }).toMatchObject({ exit: 0 })
    expect(stdout).toContain('learned 2 tasks from 60 prompts')
    const weights = readWeights(JSON.parse(readFileSync(join(cwd, 'weights.json'), 'utf8')))
    expect(weights.tasks).toEqual(['code', 'math'])
  })

  it('asks where the weights go', async () => {
    expect((await run(['router', 'train', 'prompts.jsonl'], { cwd })).exit).toBe(2)
  })
})

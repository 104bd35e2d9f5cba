import { describe, expect, it } from 'vitest'
import { run } from '../run-main.fixture.ts'

describe('demo', () => {
  it('replays the four scenarios with the figures that are expected', async () => {
    const { exit, stdout, stderr } = await run(['demo'])
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' })
    const figures = [...stdout.matchAll(/^RBAC allowed: (\d+) {3}denied: (\d+)$/gm)]
    expect(figures.map(([, allowed, denied]) => [allowed, denied])).toEqual([
      ['3', '0'],
      ['1', '1'],
      ['0', '3'],
      ['2', '1'],
    ])
    expect(stdout).toMatch(/^loaded RBAC policy: 4 roles, 3 bindings$/m)
    expect(stdout).toMatch(
      /^✗ agent=support-bot tool=db\.execute_sql reason=constraint_violation$/m,
    )
    expect(stdout).toMatch(/^✗ agent=rogue-agent tool=db\.execute_sql reason=no_binding$/m)
    expect(stdout).toMatch(/^0 events reached the behavioral engine$/m)
    expect(stdout).toMatch(/^SESSION ALLOWED$/m)
    expect(stdout).toMatch(/^secret_relay detected {2}event 4 -> event 5 {2}confidence=0\.9\d$/m)
    expect(stdout).toMatch(/^SESSION TERMINATED$/m)
    expect(stdout).not.toContain('sk-live')
  })

  it('gives the same as JSON', async () => {
    const { exit, stdout } = await run(['demo', '--format', 'json'])
    const { schema, surprises, sessions } = JSON.parse(stdout)
    expect({ exit, schema, surprises, sessions: sessions.length }).toEqual({
      exit: 0,
      schema: 1,
      surprises: [],
      sessions: 4,
    })
  })

  it('routes thirteen prompts over three models, and its bill adds up', async () => {
    const { stdout } = await run(['demo', '--format', 'json'])
    const { models } = JSON.parse(stdout)
    const { totals, headline } = models.costs
    expect([totals.calls, models.answers.length, models.costs.models.length]).toEqual([13, 13, 3])
    const sum = (all: readonly { nusd: number }[]) => all.reduce((left, { nusd }) => left + nusd, 0)
    const classifier = totals.by_kind.classifier.nusd
    expect(classifier).toBeGreaterThan(0)
    expect(sum(models.costs.models) + classifier).toBe(totals.total_nusd)
    expect(totals.total_nusd).toBe(models.billed_nusd)
    expect(headline.nusd - totals.total_nusd).toBe(totals.savings_nusd)
    expect(totals.savings_nusd).toBeGreaterThan(0)
    const kinds = new Set(models.answers.map(({ task }: { task: string }) => task))
    for (const kind of ['classification', 'code', 'rag', 'summarization', 'reasoning', 'vision'])
      expect(kinds).toContain(kind)
  })

  it('prints money that adds up, to the last digit that is printed', async () => {
    const { stdout } = await run(['demo', '--no-color'])
    const [, totals = ''] = stdout.split('SESSION TOTALS')
    const dollars = (line: RegExp): number =>
      [...totals.matchAll(line)].reduce((sum, [, text]) => sum + Math.round(Number(text) * 1e9), 0)
    const parts = dollars(/calls? +\$([0-9.]+)/g) + dollars(/classifier +\$([0-9.]+)/g)
    expect(parts).toBe(dollars(/total cost +\$([0-9.]+)/g))
    expect(dollars(/baseline cost +\$([0-9.]+)/g) - parts).toBe(dollars(/savings +\$([0-9.]+)/g))
  })
})

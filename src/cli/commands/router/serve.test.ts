import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { hashKey } from '../../../router/keys.ts'
import { HAIKU, MINI, policyOf } from '../../../router/router.fixture.ts'
import { fakeHere } from '../../../testing/openrouter/openrouter.fixture.ts'
import { folderWith, run } from '../../run-main.fixture.ts'
import { startRouter } from './serve.fixture.ts'

const KEYS = JSON.stringify([{ hash: hashKey('cg-key'), agent: 'support-bot', user: 'ana' }])

describe.skipIf(process.platform === 'win32')('callgate router', { timeout: 60_000 }, () => {
  it('serves a client, reloads by SIGHUP, and tells what all has cost when it ends', async () => {
    const fake = await fakeHere()
    const cwd = folderWith({ 'policy.yaml': policyOf([MINI]), 'keys.json': KEYS })
    const program = startRouter(
      cwd,
      { OPENROUTER_API_KEY: 'sk-of-the-router' },
      ...['--policy', 'policy.yaml', '--keys', 'keys.json', '--upstream', fake.baseURL],
      ...['--port', '0', '--side', '0', '--audit', 'trail.jsonl', '--format', 'json'],
    )
    const side = await program.said(/side port: (\S+)\/healthz/)
    const baseURL = await program.said(/listening on (\S+)/)
    const client = new OpenAI({ baseURL, apiKey: 'cg-key' })
    const ask = (): Promise<OpenAI.ChatCompletion> =>
      client.chat.completions.create({
        model: 'auto',
        messages: [{ role: 'user', content: 'Say hello.' }],
      })
    expect((await ask()).model).toBe(MINI)
    writeFileSync(join(cwd, 'policy.yaml'), policyOf([HAIKU]))
    program.child.kill('SIGHUP')
    await program.said(/policy reloaded/)
    expect((await ask()).model).toBe(HAIKU)
    const metrics = await (await fetch(`${side}/metrics`)).text()
    expect(metrics).toContain(`callgate_router_calls_total{model="${HAIKU}"} 1`)
    const stranger = new OpenAI({ baseURL, apiKey: 'another', maxRetries: 0 })
    await expect(stranger.models.list()).rejects.toMatchObject({ code: 'invalid_api_key' })
    program.child.kill('SIGTERM')
    const { code, stdout, stderr } = await program.ended
    const { costs } = JSON.parse(stdout)
    expect({ code, total: costs.totals.total_nusd, calls: costs.totals.calls }).toEqual({
      code: 0,
      total: fake.stats().cost,
      calls: 2,
    })
    expect(stderr + stdout).not.toContain('sk-of-the-router')
  })
})

describe('the command line of callgate router', () => {
  const files = { 'policy.yaml': policyOf([MINI]), 'keys.json': KEYS, 'bad.json': '[{"hash":1}]' }
  const env = { OPENROUTER_API_KEY: 'sk' }
  const line = 'router --policy policy.yaml'

  it.each([
    ['no key of the upstream', line, {}, 'OPENROUTER_API_KEY'],
    ['an address that is none', `${line} --upstream openrouter.ai`, env, '--upstream'],
    ['a port that is none', `${line} --port x`, env, '--port'],
    ['keys and an agent', `${line} --keys keys.json --agent bot`, env, '--agent'],
    ['keys that are none', `${line} --keys bad.json`, env, 'has no `hash`'],
    ['keys that are not there', `${line} --keys none.json`, env, 'cannot be read'],
    ['a user without an agent', `${line} --user ana`, env, 'no agent'],
  ])('is refused with %s', async (_name, words, given, said) => {
    const cwd = folderWith(files)
    const { exit: code, stderr } = await run(words.split(' '), { cwd, env: given })
    expect({ code, isSaid: stderr.includes(said) }).toEqual({ code: 2, isSaid: true })
  })
})

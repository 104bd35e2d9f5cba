import { describe, expect, it } from 'vitest'
import { createTestEngine } from '../../testing/create-test-engine.ts'
import { HOSTS } from '../hosts.fixture.ts'
import type { WrapMcpOptions } from '../options.ts'
import { wrapMcpServer } from '../wrap-mcp-server.ts'
import { refundPolicy } from './approvals.fixture.ts'

describe('options of asking through the client', () => {
  const [host] = HOSTS
  const wrapped = (approvals: unknown): unknown => {
    const options = { server: 'shop', subject: { agent: 'bot' }, approvals } as WrapMcpOptions
    const engine = createTestEngine({ policy: refundPolicy() })
    try {
      return wrapMcpServer(host?.make().server ?? {}, engine, options) && 'taken'
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  it.each<[unknown]>([
    ['elicit'],
    [null],
    [{ timeoutMs: 999 }],
    [{ timeoutMs: 600_001 }],
    [{ timeoutMs: Number.NaN }],
    [{ timeoutMs: '1s' }],
    [{ maxOpen: 0 }],
    [{ maxOpen: 1_001 }],
    [{ key: 'short' }],
    [{ key: new Uint8Array(31) }],
    [{ trust: 'medium' }],
    [{ by: '' }],
    [{ by: 7 }],
    [{ timeout: 5_000 }],
  ])('refuses %j', (approvals) => {
    expect(wrapped(approvals)).toBe('ERR_OPTIONS_INVALID')
  })

  it.each<[unknown]>([
    [undefined],
    ['elicitation'],
    [{}],
    [{ timeoutMs: 1_000, maxOpen: 1, trust: 'high', by: 'ana', key: 'k'.repeat(32) }],
    [{ timeoutMs: 600_000, key: new Uint8Array(32), by: () => 'ana', trust: undefined }],
  ])('takes %j', (approvals) => {
    expect(wrapped(approvals)).toBe('taken')
  })
})

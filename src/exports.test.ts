import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as adapters from './adapters/index.ts'
import * as audit from './audit/index.ts'
import * as gateway from './gateway/index.ts'
import * as identity from './identity/index.ts'
import * as root from './index.ts'
import * as mcp from './mcp/index.ts'
import * as openai from './openai/index.ts'
import * as router from './router/index.ts'
import * as stores from './stores/index.ts'
import * as testing from './testing/index.ts'
import { VERSION } from './version.ts'

// Public names are API. Adding one here is a decision; taking one away breaks somebody.
const NAMES: readonly (readonly [string, object, readonly string[]])[] = [
  [
    '.',
    root,
    [
      'CallDeniedError',
      'CallgateError',
      'PolicyError',
      'approvalText',
      'commandRunner',
      'compilePolicy',
      'createPolicyEngine',
      'firstOf',
      'fixedIdentity',
      'governedFetch',
      'guardTool',
      'isCallgateError',
      'jsonlSink',
      'jwtIdentity',
      'loadPolicy',
      'memorySink',
      'parsePolicy',
      'scan',
      'trustedProxyIdentity',
      'wrapMcpClient',
      'wrapMcpServer',
      'wrapOpenAIClient',
    ],
  ],
  ['./adapters', adapters, ['aiSdkTools', 'claudeHooks', 'guardAgentTools', 'langchainMiddleware']],
  [
    './audit',
    audit,
    [
      'SIEM_FORMS',
      'auditFiles',
      'auditTable',
      'createCheckpointSigner',
      'fanOut',
      'jsonlSink',
      'ledgerFiles',
      'memorySink',
      'migratePostgres',
      'otelSink',
      'postgresSink',
      'readCalls',
      'readLedger',
      'recordTrace',
      'seal',
      'streamSink',
      'toCef',
      'toCloudEvent',
      'toEcs',
      'toLeef',
      'toOcsf',
      'toSse',
      'toSyslog',
      'verifyLedger',
      'verifyWebhook',
      'webhookSink',
    ],
  ],
  ['./gateway', gateway, ['createGateway', 'serve', 'toNodeListener']],
  [
    './identity',
    identity,
    [
      'NotAuthenticatedError',
      'PERMISSION_LEVEL',
      'RATE_TIER_OF_USER_TYPE',
      'expectAuthenticated',
      'firstOf',
      'fixedIdentity',
      'identityOf',
      'implies',
      'isAuthenticated',
      'jwtIdentity',
      'trustedProxyIdentity',
    ],
  ],
  [
    './mcp',
    mcp,
    [
      'filePins',
      'guardStdioTransport',
      'memoryPins',
      'unwrapMcpClient',
      'unwrapMcpHandler',
      'unwrapMcpServer',
      'watchDefinitions',
      'wrapMcpClient',
      'wrapMcpHandler',
      'wrapMcpServer',
      'wrapMcpServerFactory',
    ],
  ],
  ['./openai', openai, ['governedFetch', 'unwrapOpenAIClient', 'wrapOpenAIClient']],
  [
    './router',
    router,
    ['createLlmClassifier', 'createResponseCache', 'createRouter', 'hashKey', 'ngramEmbedder'],
  ],
  ['./stores', stores, ['memoryStores']],
  [
    './testing',
    testing,
    [
      'FAKE_MODELS',
      'SuiteError',
      'WORKLOAD',
      'WORKLOAD_MODELS',
      'createTestEngine',
      'fakeOpenRouter',
      'policyMatchers',
      'readSuite',
      'runSuite',
      'testApprovalStore',
      'testAuditSink',
      'testBudgetStore',
      'testGate',
      'testIdentityProvider',
      'testRateLimitStore',
      'workloadAnswers',
    ],
  ],
]

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
  exports: Record<string, unknown>
}

describe('public names', () => {
  it.each(NAMES)('of %s are the pinned ones', (_entry, module, names) => {
    expect(Object.keys(module).sort()).toEqual(names)
  })

  it('belong to the entries of the manifest, and to no other', () => {
    const files = ['./audit-record.schema.json', './package.json', './policy.schema.json']
    const entries = [...NAMES.map(([entry]) => entry), ...files]
    expect(Object.keys(manifest.exports).sort()).toEqual(entries.sort())
  })

  it('include the version of the manifest', () => {
    expect(VERSION).toBe(manifest.version)
  })
})

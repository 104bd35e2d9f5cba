import { fileURLToPath } from 'node:url'
import { defineConfig } from 'tsup'

/**
 * Parts that no program needs before its first call are files of their own, required then: parsing
 * them would cost every import as much again. Their importers get these few lines in their place.
 */
const LATER = {
  'audit/jsonl/jsonl-sink.ts': { file: 'jsonl', names: ['jsonlSink'] },
  'core/behavior/entry.ts': { file: 'behavior', names: ['watchSession', 'lineageOf', 'warmUp'] },
  'core/detection/scan.ts': { file: 'detection', names: ['scan', 'scanKinds'] },
  'core/redaction/encoded-secrets.ts': { file: 'decoding', names: ['withoutEncodedSecrets'] },
  'core/effects/apply-compute.ts': {
    file: 'effects',
    names: ['applyCompute', 'computeNeeds', 'computeProblem'],
  },
  'engine/hooks/command-runner.ts': { file: 'command', names: ['commandRunner'] },
  'src/identity/index.ts': {
    file: 'identity',
    names: ['firstOf', 'fixedIdentity', 'identityOf', 'jwtIdentity', 'trustedProxyIdentity'],
  },
  'src/identity/identity-of.ts': {
    file: 'identity',
    names: ['firstOf', 'fixedIdentity', 'identityOf', 'jwtIdentity', 'trustedProxyIdentity'],
  },
  'src/mcp/index.ts': { file: 'mcp', names: ['wrapMcpServer', 'wrapMcpClient'] },
  'src/openai/index.ts': { file: 'openai', names: ['wrapOpenAIClient', 'governedFetch'] },
  'engine/routing/note-answer.ts': { file: 'routing', names: ['route', 'noteAnswer'] },
  'engine/routing/route.ts': { file: 'routing', names: ['route', 'noteAnswer'] },
  'constraints/sql/verdict.ts': { file: 'sql', names: ['createSqlJudge'] },
  'policy/check/check-sources.ts': { file: 'policy-check', names: ['checkSources'] },
  'policy/schema/shape-faults.ts': { file: 'policy-shape', names: ['shapeFaults'] },
} as const

function later(prefix: './later/' | './') {
  const requireLater = fileURLToPath(new URL('src/core/require-later.ts', import.meta.url))
  return {
    name: 'later',
    // biome-ignore lint/suspicious/noExplicitAny: esbuild's own type is not a dependency of the config
    setup(build: any) {
      for (const [path, { file, names }] of Object.entries(LATER)) {
        const filter = new RegExp(`(^|/)${path.split('/').slice(1).join('/').replace('.', '\\.')}$`)
        build.onResolve({ filter }, ({ kind }: { kind: string }) =>
          kind === 'entry-point'
            ? undefined
            : { path: file, namespace: 'later', sideEffects: false },
        )
        build.onLoad({ filter: new RegExp(`^${file}$`), namespace: 'later' }, () => ({
          resolveDir: fileURLToPath(new URL('.', import.meta.url)),
          contents: [
            `import { requireLater } from ${JSON.stringify(requireLater)}`,
            'let loaded',
            ...names.map(
              (name) =>
                `export const ${name} = (...given) => (loaded ??= requireLater('${prefix}${file}.cjs')).${name}(...given)`,
            ),
          ].join('\n'),
        }))
      }
    },
  }
}

const shared = {
  target: 'node20',
  platform: 'node',
  splitting: true,
  treeshake: true,
  sourcemap: false,
  // `import.meta.url` in the CommonJS build: optional parsers are loaded from there.
  shims: true,
  removeNodeProtocol: false,
  // Names stay, so that stack traces can be read; blanks go, since V8 scans them at each start.
  // Lines are short: Node prints the whole line an uncaught error comes from.
  esbuildOptions(options: { minifyWhitespace?: boolean; lineLimit?: number }) {
    options.minifyWhitespace = true
    options.lineLimit = 120
  },
} as const

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      adapters: 'src/adapters/index.ts',
      audit: 'src/audit/index.ts',
      gateway: 'src/gateway/index.ts',
      identity: 'src/identity/index.ts',
      mcp: 'src/mcp/index.ts',
      openai: 'src/openai/index.ts',
      router: 'src/router/index.ts',
      stores: 'src/stores/index.ts',
      testing: 'src/testing/index.ts',
    },
    format: ['esm', 'cjs'],
    // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    esbuildPlugins: [later('./later/')],
  },
  {
    ...shared,
    entry: { cli: 'src/cli.ts' },
    format: ['esm'],
    dts: false,
    esbuildPlugins: [later('./later/')],
  },
  {
    ...shared,
    entry: {
      'later/command': 'src/engine/hooks/command-runner.ts',
      'later/jsonl': 'src/audit/jsonl/jsonl-sink.ts',
      'later/behavior': 'src/core/behavior/entry.ts',
      'later/decoding': 'src/core/redaction/encoded-secrets.ts',
      'later/detection': 'src/core/detection/scan.ts',
      'later/effects': 'src/core/effects/apply-compute.ts',
      'later/identity': 'src/identity/index.ts',
      'later/mcp': 'src/mcp/index.ts',
      'later/openai': 'src/openai/index.ts',
      'later/routing': 'src/engine/routing/entry.ts',
      'later/sql': 'src/core/constraints/sql/verdict.ts',
      'later/policy-check': 'src/core/policy/check/check-sources.ts',
      'later/policy-shape': 'src/core/policy/schema/shape-faults.ts',
    },
    format: ['cjs'],
    splitting: false,
    dts: false,
    esbuildPlugins: [later('./')],
  },
])

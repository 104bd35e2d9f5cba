import { defineConfig } from 'tsup'

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
    entry: { index: 'src/index.ts', audit: 'src/audit/index.ts', testing: 'src/testing/index.ts' },
    format: ['esm', 'cjs'],
    // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  },
  {
    ...shared,
    entry: { cli: 'src/cli.ts' },
    format: ['esm'],
    dts: false,
  },
])

import { createRequire } from 'node:module'

// `import.meta.url` is empty in the CommonJS build, where `__filename` is there instead.
const here = typeof __filename === 'string' ? __filename : import.meta.url

/**
 * Loads a dependency that few programs need, when the first of them does, in the same tick: so
 * that importing the package stays cheap although `parsePolicy` is synchronous. The types are those
 * of the caller's `import type`; a bundler that is to include it must be told of it.
 */
export function requireLater(name: 'yaml' | 're2js' | 'ajv' | 'ajv/dist/2020.js'): unknown {
  return createRequire(here)(name)
}

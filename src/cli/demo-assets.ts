import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The recorded sessions of the demo. */
export type DemoTrace =
  | 'rbac_demo_allow.json'
  | 'rbac_demo_sql_blocked.json'
  | 'rbac_demo_no_binding.json'
  | 'secret_relay.json'

export function demoPolicyFile(): string {
  return find('./demo/policy.yaml', '../../fixtures/policies/demo.yaml')
}

export function demoModelsPolicyFile(): string {
  return find('./demo/models.yaml', '../../fixtures/policies/models-demo.yaml')
}

export function demoTraceFile(name: DemoTrace): string {
  return find(`./demo/traces/${name}`, `../../fixtures/traces/${name}`)
}

/** Beside the built file (the build copies `dist/demo/`), else in the source tree, seen from this file. */
function find(...places: readonly string[]): string {
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)))
  const found = files.find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new Error(`a file of the demo is missing from this installation: \`${places[0]}\``)
}

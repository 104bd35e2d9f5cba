import { type Blocklist, compileBlocklist } from '../core/gates/blocklist.ts'
import { type ScannerSettings, scannerSettings } from '../core/gates/scanner.ts'
import { type SecretSettings, secretSettings } from '../core/gates/secrets.ts'
import { type CompiledLimits, compileLimits } from '../core/limits/compile-limits.ts'
import type { CompiledPolicy } from '../core/policy/compile.ts'
import { type RedactionSettings, redactionSettings } from '../core/redaction/settings.ts'
import { type CompiledRoutes, compileRoutes } from '../core/routing/compile-routes.ts'

/** The sections of a policy that gates ask, ready to be asked. */
export interface GateSettings {
  readonly secrets: SecretSettings
  /** Undefined: nothing is blocked. */
  readonly blocklist: Blocklist | undefined
  /** Undefined: the policy limits nothing. */
  readonly limits: CompiledLimits | undefined
  readonly scanner: ScannerSettings | undefined
  /** Undefined: nothing is taken out. */
  readonly redaction: RedactionSettings | undefined
  /** Undefined: the policy routes nothing. */
  readonly routes: CompiledRoutes | undefined
}

// Derived from an immutable policy alone: it dies with it, and a reload mixes nothing.
const derived = new WeakMap<CompiledPolicy, GateSettings>()

export function gateSettings(policy: CompiledPolicy): GateSettings {
  const known = derived.get(policy)
  if (known !== undefined) return known
  const { document } = policy
  const built: GateSettings = Object.freeze({
    secrets: secretSettings(document.secrets),
    blocklist: compileBlocklist(document.blocklist),
    limits: compileLimits(document.limits),
    scanner: scannerSettings(document.scanner),
    redaction: redactionSettings(document.redaction),
    routes: compileRoutes(document.router),
  })
  derived.set(policy, built)
  return built
}

import type { Rule } from '../rule.ts'
import { callLoop } from './call-loop.ts'
import { credentialExposure } from './credential-exposure.ts'
import { crossScopeDataMovement } from './cross-scope-data-movement.ts'
import { denialProbing } from './denial-probing.ts'
import { encodedExfiltration } from './encoded-exfiltration.ts'
import { filesystemTraversalSequence } from './filesystem-traversal-sequence.ts'
import { instructionInjectionEcho } from './instruction-injection-echo.ts'
import { paginationExfiltration } from './pagination-exfiltration.ts'
import { privilegeEscalationChain } from './privilege-escalation-chain.ts'
import { rapidToolSwitching } from './rapid-tool-switching.ts'
import { restrictedReadExternalWrite } from './restricted-read-external-write.ts'
import { secretRelay } from './secret-relay.ts'
import { slowDripExfiltration } from './slow-drip-exfiltration.ts'
import { sqlMutationAfterRead } from './sql-mutation-after-read.ts'
import { driftedCall, toolDrift } from './tool-drift.ts'
import { describedCall, toolPoisoningIndicator } from './tool-poisoning-indicator.ts'
import { unproposedCall } from './unproposed-call.ts'

/**
 * The rules in the order they are asked in; of findings of one weight the first is named. Those that
 * look at both sides of a call have two parts of one name, which share what the session remembers.
 */
export const BUILT_IN_RULES: readonly Rule[] = Object.freeze([
  credentialExposure,
  toolPoisoningIndicator,
  describedCall,
  toolDrift,
  driftedCall,
  secretRelay,
  encodedExfiltration,
  restrictedReadExternalWrite,
  instructionInjectionEcho,
  privilegeEscalationChain,
  filesystemTraversalSequence,
  sqlMutationAfterRead,
  slowDripExfiltration,
  crossScopeDataMovement,
  paginationExfiltration,
  denialProbing,
  callLoop,
  rapidToolSwitching,
  unproposedCall,
])

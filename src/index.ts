export { jsonlSink } from './audit/jsonl/jsonl-sink.ts'
export type { JsonlSink, JsonlSinkOptions } from './audit/jsonl/options.ts'
export type { MemorySink } from './audit/memory.ts'
export { memorySink } from './audit/memory.ts'
export type { Flow, FlowKind, Origin } from './core/behavior/flow.ts'
export type { LineageEdge } from './core/behavior/ledger.ts'
export type {
  Destination,
  EventMatch,
  RequestEvent,
  ResponseEvent,
  Rule,
  RuleFinding,
  RuleView,
  SessionEvent,
  Traits,
} from './core/behavior/rule.ts'
export type { ScanClass, ScanMatch } from './core/detection/match.ts'
export type { ScanOptions } from './core/detection/scan.ts'
export { scan } from './core/detection/scan.ts'
export type { ConstraintTrace, RuleTrace } from './core/gates/rbac-trace.ts'
export type { PatchOperation, Remedy } from './core/gates/remedy.ts'
export type {
  AuditRecord,
  Evaluated,
  EvaluatedRule,
  GateOutcome,
  RecordKind,
  RecordStatus,
  RuleOutcome,
} from './core/model/audit-record.ts'
export type {
  AccessNeeds,
  Call,
  CallIds,
  CallRequest,
  Credentials,
  Proof,
  ResourceEntry,
  SqlDialect,
  Subject,
  Tag,
  Tier,
  Verb,
} from './core/model/call.ts'
export type {
  ArgumentPatch,
  Decision,
  Effect,
  GateName,
  Mode,
  Obligation,
  Reason,
  RuleRef,
  Verdict,
} from './core/model/decision.ts'
export type { ErrorCode, PolicyProblem, ProblemKind } from './core/model/errors.ts'
export {
  CallDeniedError,
  CallgateError,
  isCallgateError,
  PolicyError,
} from './core/model/errors.ts'
export type { Disposition, Finding } from './core/model/finding.ts'
export type { JsonObject, JsonValue, MaybePromise } from './core/model/json.ts'
export type {
  Approval,
  ApprovalBinding,
  ApprovalEntry,
  ApprovalFilter,
  ApprovalState,
  ApprovalStore,
  Approvals,
  AuditSink,
  BucketTake,
  BudgetStore,
  Charge,
  Gate,
  GateView,
  IdentityProvider,
  RateLimitStore,
  RealPath,
  Refusal,
  SessionMessage,
  SessionRecorder,
  SessionRecordOwner,
  SessionView,
} from './core/model/ports.ts'
export type { CompiledPolicy } from './core/policy/compile.ts'
export type { PolicyDocument } from './core/policy/document.ts'
export { compilePolicy, parsePolicy } from './core/policy/parse.ts'
export type { PolicyWarning } from './core/policy/warning.ts'
export type { ApprovalAnswer, EngineApprovals } from './engine/approvals/engine-approvals.ts'
export { approvalText } from './engine/approvals/text.ts'
export type { PolicyEngine } from './engine/create-policy-engine.ts'
export { createPolicyEngine } from './engine/create-policy-engine.ts'
export type { Dispatch } from './engine/dispatch.ts'
export type { Explanation } from './engine/explain.ts'
export type { GuardToolOptions } from './engine/guard-tool.ts'
export { guardTool } from './engine/guard-tool.ts'
export type { CommandRunnerOptions } from './engine/hooks/command-runner.ts'
export { commandRunner } from './engine/hooks/command-runner.ts'
export type { HookEvent } from './engine/hooks/events.ts'
export type {
  AgentRunner,
  CommandResult,
  CommandRunner,
  HookPayload,
  HookReply,
  HookRunners,
  PromptRunner,
} from './engine/hooks/runners.ts'
export { loadPolicy } from './engine/load-policy.ts'
export type {
  Diagnostic,
  EngineKeys,
  EngineLimits,
  EngineOptions,
  EngineStores,
} from './engine/options.ts'
export type { RunContext } from './engine/receive.ts'
export type {
  Classified,
  Classifier,
  ClassifierAnswer,
  ClassifierContext,
} from './engine/routing/classify.ts'
export type { RouteDecision, RouteRequest } from './engine/routing/route.ts'
export type { SessionActivity } from './engine/session-activity.ts'
export type { EngineStats } from './engine/stats.ts'
export type { Outcome, Ticket } from './engine/ticket.ts'
export type { Usage } from './engine/usage.ts'
export type {
  JwtIdentityOptions,
  ProxyHeaders,
  TrustedProxyOptions,
} from './identity/index.ts'
export { firstOf, fixedIdentity, jwtIdentity, trustedProxyIdentity } from './identity/index.ts'
export type { McpContext, WrapMcpClientOptions, WrapMcpOptions } from './mcp/index.ts'
export { wrapMcpClient, wrapMcpServer } from './mcp/index.ts'
export type { GovernedFetchOptions, OpenAIContext, WrapOpenAIOptions } from './openai/index.ts'
export { governedFetch, wrapOpenAIClient } from './openai/index.ts'

import type { Finding } from '../../model/finding.ts'

/** What the reference says of a rule; `docs/reference` is made from these. */
export interface RuleNote {
  readonly meaning: string
  /** The gravest action it takes by itself. */
  readonly action: Finding['action']
  readonly severity: Finding['severity']
  /** What its gravest finding adds to the risk. */
  readonly score: number
  /** Public names of the technique or risk. */
  readonly references: readonly string[]
  /** Fields of its settings it reads, besides those that every rule has, with their defaults. */
  readonly settings: Readonly<Record<string, string>>
}

export const RULE_NOTES: Readonly<Record<string, RuleNote>> = {
  credential_exposure: {
    meaning: 'A response holds a secret. The response counts as restricted from here on.',
    action: 'warn',
    severity: 'high',
    score: 20,
    references: ['OWASP LLM02:2025', 'ATT&CK T1552'],
    settings: {},
  },
  tool_poisoning_indicator: {
    meaning:
      'Text in a response, an error or a tool’s description speaks to the model; or a call is given what a description says.',
    action: 'ask',
    severity: 'high',
    score: 60,
    references: ['OWASP LLM01:2025', 'MITRE ATLAS AML.T0051.001'],
    settings: {},
  },
  tool_drift: {
    meaning:
      'A tool’s entry, description or form of answers has changed within the session; such a tool is asked about where it is given something new.',
    action: 'ask',
    severity: 'high',
    score: 60,
    references: ['OWASP MCP Top 10: tool poisoning', 'ATT&CK T1195'],
    settings: {},
  },
  secret_relay: {
    meaning:
      'A secret of an earlier response goes out, as it was, hidden, or made into something; what may be an example is asked about.',
    action: 'terminate',
    severity: 'critical',
    score: 90,
    references: ['OWASP LLM02:2025', 'ATT&CK T1567'],
    settings: {},
  },
  encoded_exfiltration: {
    meaning:
      'Restricted data goes out encoded, in pieces or derived; or a host name, path or header holds what looks like it.',
    action: 'terminate',
    severity: 'critical',
    score: 85,
    references: ['ATT&CK T1132', 'ATT&CK T1048.003'],
    settings: {},
  },
  restricted_read_external_write: {
    meaning: 'Restricted content goes to a place that neither the task nor the policy names.',
    action: 'terminate',
    severity: 'critical',
    score: 80,
    references: ['OWASP LLM02:2025', 'ATT&CK T1048'],
    settings: {},
  },
  instruction_injection_echo: {
    meaning:
      'A call does what outside text says and the task does not explain; or is sensitive and unasked for, after suspicious text.',
    action: 'pause',
    severity: 'critical',
    score: 80,
    references: ['OWASP LLM01:2025', 'MITRE ATLAS AML.T0051.001'],
    settings: {},
  },
  privilege_escalation_chain: {
    meaning:
      'Rights grow by credentials that were read, for the agent itself, for a stranger, after denials, or over everything where the task does not ask for it.',
    action: 'ask',
    severity: 'high',
    score: 65,
    references: ['OWASP LLM06:2025', 'ATT&CK T1098', 'ATT&CK T1078'],
    settings: { min_calls: '3 denied calls' },
  },
  filesystem_traversal_sequence: {
    meaning:
      'A path climbs out of where it begins, names credentials or system files, or folders are climbed to the top.',
    action: 'ask',
    severity: 'critical',
    score: 70,
    references: ['CWE-22', 'ATT&CK T1083', 'ATT&CK T1552.001'],
    settings: {},
  },
  sql_mutation_after_read: {
    meaning:
      'Data is changed or destroyed after restricted data or outside text was read, and the task does not ask for it.',
    action: 'ask',
    severity: 'high',
    score: 50,
    references: ['ATT&CK T1565.001', 'ATT&CK T1485'],
    settings: {},
  },
  slow_drip_exfiltration: {
    meaning: 'Restricted data leaves in small pieces that together are too much.',
    action: 'ask',
    severity: 'high',
    score: 60,
    references: ['ATT&CK T1030'],
    settings: { min_bytes: '4096', min_calls: '3' },
  },
  cross_scope_data_movement: {
    meaning:
      'Restricted content of one scope is used in a call of another; between tenants a person is asked.',
    action: 'ask',
    severity: 'critical',
    score: 40,
    references: ['OWASP LLM06:2025'],
    settings: {},
  },
  pagination_exfiltration: {
    meaning:
      'A list is read page by page; many pages, or many rows of a restricted source, are asked about.',
    action: 'ask',
    severity: 'critical',
    score: 50,
    references: ['ATT&CK T1119'],
    settings: { min_calls: '3' },
  },
  denial_probing: {
    meaning: 'Call after call has been denied by the policy, or refused by a server.',
    action: 'ask',
    severity: 'high',
    score: 60,
    references: ['ATT&CK T1087', 'ATT&CK T1069'],
    settings: { min_calls: '5 denied or refused calls' },
  },
  call_loop: {
    meaning: 'The same call with the same arguments again and again, or a few calls in a circle.',
    action: 'ask',
    severity: 'high',
    score: 20,
    references: ['OWASP LLM10:2025'],
    settings: {
      min_calls:
        '5; 1.6 times as many of what acts, twice or four times as many of what reads, ask',
    },
  },
  rapid_tool_switching: {
    meaning:
      'Many different tools of several servers within seconds; asked about where what they gave goes out.',
    action: 'ask',
    severity: 'high',
    score: 50,
    references: ['ATT&CK T1526'],
    settings: { window: '10 s', min_calls: '8 different tools' },
  },
  unproposed_call: {
    meaning:
      'A call that does something was executed, and the session’s models have not proposed it, or not with these arguments; known only where the models go through the engine too.',
    action: 'warn',
    severity: 'low',
    score: 15,
    references: ['OWASP LLM06:2025'],
    settings: {},
  },
}

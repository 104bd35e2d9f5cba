/** Ids of the built-in rules: for those that need no more, since the rules are loaded when first used. */
export const BUILT_IN_RULE_IDS: readonly string[] = [
  'secret_relay',
  'restricted_read_external_write',
  'pagination_exfiltration',
  'cross_scope_data_movement',
  'tool_poisoning_indicator',
  'filesystem_traversal_sequence',
  'privilege_escalation_chain',
  'sql_mutation_after_read',
  'rapid_tool_switching',
  'instruction_injection_echo',
  'credential_exposure',
  'encoded_exfiltration',
  'slow_drip_exfiltration',
  'denial_probing',
  'call_loop',
  'tool_drift',
]

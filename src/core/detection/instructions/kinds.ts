/** What a match of class `instruction` may be called, each with its meaning in one line. */
export const INSTRUCTION_KINDS = {
  override: 'tells the reader to drop, ignore or replace the instructions or the task it has',
  model_address: 'speaks to a language model, an assistant or an agent and tells it what to do',
  authority:
    'claims to come from the user, the developer, the system or an administrator, and orders',
  role_marker:
    'imitates the frame of a conversation: chat template, role label, system tag, tool result',
  fake_completion:
    'pretends that the task is done or the data has ended, and goes on with an order',
  hidden_text:
    'stands where a person does not see it, such as a comment or invisible markup, and orders',
  hidden_characters: 'is written with invisible, reordering, look-alike or spaced-out characters',
  encoded_instruction: 'becomes an instruction once base64, hex, rot13 or reversal is undone',
  secrecy: 'asks that the user be not told or not asked',
  exfiltration: 'orders that private data, messages or money be sent to an address',
  persona: 'gives the model another identity or says that its limits are gone',
  tool_poisoning:
    'makes a tool description order what the tool does not need: secrets, other tools, secrecy',
} as const

export type InstructionKind = keyof typeof INSTRUCTION_KINDS

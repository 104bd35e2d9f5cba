import type { Command } from '../../command.ts'

export const routerCommand: Command = {
  name: 'router',
  summary: 'stand before models: an endpoint for OpenAI’s clients, under the policy',
  usage: '--policy FILE [--upstream URL] [--port PORT|HOST:PORT] [--keys FILE]',
  description: `Serves /v1/chat/completions, /v1/responses, /v1/completions, /v1/embeddings and /v1/models. Each request
goes to the model that the \`router\` section of the policy chooses, and to its fallbacks where that one
fails. Callers show keys of their own; the key of the upstream comes from the environment. SIGHUP reloads
the policy; one with problems is not taken. SIGTERM and SIGINT let calls under way end, and tell what all
has cost.`,
  options: [
    {
      name: 'upstream',
      short: 'u',
      value: 'URL',
      summary: 'where the API begins (https://openrouter.ai/api/v1)',
    },
    {
      name: 'key-env',
      value: 'NAME',
      summary: 'the variable with the key of the upstream (OPENROUTER_API_KEY)',
    },
    {
      name: 'port',
      short: 'p',
      value: 'PORT|HOST:PORT',
      summary: 'on loopback unless a host is named; 0 is any free port (7480)',
    },
    {
      name: 'side',
      value: 'PORT|HOST:PORT',
      summary: 'for operators: /healthz, /metrics and /reload',
    },
    {
      name: 'keys',
      short: 'k',
      value: 'FILE',
      complete: 'file',
      summary: 'JSON: hashes of the keys of callers, and who they are',
    },
    {
      name: 'agent',
      value: 'NAME',
      summary: 'who calls, where there are no keys (anonymous, or by the policy’s identity)',
    },
    { name: 'user', value: 'NAME', summary: 'for whom the agent acts' },
    {
      name: 'weights',
      value: 'FILE',
      complete: 'file',
      summary: 'weights of the local classifier, as `router train` has written them',
    },
    {
      name: 'audit',
      value: 'FILE',
      complete: 'file',
      summary: 'keep a record of each decision there, before the call goes out',
    },
    { name: 'observe', summary: 'decide, count and record, and change nothing' },
  ],
  positionals: [],
  formats: ['text', 'json'],
  examples: [
    {
      command: 'router --policy demo.yaml --agent support-bot',
      summary: 'on this machine, for one agent',
    },
    {
      command: 'router --policy demo.yaml --keys keys.json --port 0.0.0.0:7480 --side 7481',
      summary: 'for callers with keys, with a port for the operator',
    },
  ],
  // What it needs is loaded by nobody else.
  run: async (context) => (await import('./serve-run.ts')).runRouter(context),
}

import type { Command } from '../../command.ts'

export const gatewayCommand: Command = {
  name: 'gateway',
  summary: 'stand before MCP servers: agents see and reach only what the policy permits',
  usage: "--policy FILE --upstream NAME='COMMAND'|URL... [--http PORT|HOST:PORT]",
  description: `Tool x of server db is \`db__x\` for agents and \`db.x\` in the policy. Speaks MCP on stdin and stdout,
or by streamable HTTP at /mcp with --http. Without a policy nothing is served. SIGHUP reloads the
policy; one with problems is not taken. SIGTERM and SIGINT let calls under way end. A configuration
may also be the file of a desktop client, with its \`mcpServers\`. Needs @modelcontextprotocol/sdk.`,
  options: [
    {
      name: 'upstream',
      short: 'u',
      value: 'NAME=COMMAND|URL',
      repeatable: true,
      summary: 'a server; words are split as a shell does, none is started',
    },
    { name: 'config', short: 'c', value: 'FILE', complete: 'file', summary: 'YAML or JSON' },
    {
      name: 'http',
      value: 'PORT|HOST:PORT',
      summary: 'serve by HTTP, on loopback unless a host is named; 0 is any free port',
    },
    {
      name: 'side',
      value: 'PORT|HOST:PORT',
      summary: 'for operators: /healthz, /metrics and /reload',
    },
    { name: 'agent', value: 'NAME', summary: 'who calls (anonymous, or by the policy’s identity)' },
    { name: 'user', value: 'NAME', summary: 'for whom the agent acts' },
    {
      name: 'pins',
      value: 'FILE',
      complete: 'file',
      summary: 'keep definitions of tools there, and deny tools that are defined otherwise later',
    },
    {
      name: 'audit',
      value: 'FILE',
      complete: 'file',
      summary: 'keep a record of each decision there, before the call goes out',
    },
    {
      name: 'events',
      summary: 'tell records live at /events: callers what is theirs, the side port everything',
    },
    { name: 'observe', summary: 'decide, count and record, and stop nothing' },
  ],
  positionals: [],
  examples: [
    {
      command: "gateway --policy demo.yaml --agent support-bot --upstream db='npx some-server'",
      summary: 'one server, for an agent that starts this command',
    },
    {
      command:
        'gateway --policy demo.yaml --upstream crm=https://crm.example/mcp --http 7475 --side 7476',
      summary: 'by HTTP',
    },
    {
      command: 'gateway --config gateway.yaml',
      summary: 'all of it in a file',
    },
  ],
  // What it needs is loaded by nobody else.
  run: async (context) => (await import('./run-gateway.ts')).runGateway(context),
}

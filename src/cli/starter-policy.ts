/** What `callgate init` writes: a policy that is valid as it is, and says what to change. */
export const STARTER_POLICY = `# yaml-language-server: $schema=./node_modules/callgate/dist/policy.schema.json
#
# Who may call which tool with which arguments. Nothing is allowed that is not granted here.
#
#   callgate validate callgate.yaml
#   callgate can-i support-bot --list
#   callgate can-i support-bot invoke db.execute_sql --args '{"query":"SELECT 1"}'
version: 1

# The catalogue: what your tools are and touch. A tool that is not listed, of a server that is,
# is reached only by \`*\` and \`server:NAME\`.
tools:
  - name: support.read_ticket
    server: support
    tags: [data_source]
    scope: support
  - name: support.post_reply
    server: support
    tags: [external_write]        # what it writes can be read outside
    scope: support
  - name: db.execute_sql
    server: db
    tags: [data_source, restricted, sql]
    scope: customer_data
    sql_dialect: postgresql

# Roles are named sets of rules. Allows add up; one deny, in any role, wins over all of them.
roles:
  - name: support-agent
    rules:
      - name: Read and answer tickets
        resources: [support.read_ticket, support.post_reply]
        verbs: [invoke]

  - name: sql-readonly
    rules:
      - name: Read-only SQL
        resources: [db.execute_sql]
        verbs: [invoke]
        constraints:
          sql_intent: [select]    # the statement is parsed: DELETE is refused, hidden in a CTE too

  - name: no-admin
    rules:
      - name: Nothing administrative
        effect: deny
        resources: ["*"]
        verbs: [admin]

# Bindings say who has which roles, and in which scopes.
bindings:
  - agent: support-bot
    roles: [support-agent, sql-readonly, no-admin]
    scopes: [support, customer_data]
`

import { createPolicyEngine, guardTool, loadPolicy } from 'callgate'

const engine = createPolicyEngine({ policy: await loadPolicy('policy.yaml') })
const caller = { session: 'session-1', subject: { agent: 'support-bot' } }

// Any function that takes one plain object; here it stands for the tool.
const runQuery = ({ query }: { query: string }) => `ran: ${query}`
const executeSql = guardTool('db.execute_sql', runQuery, engine, caller)

console.log(await executeSql({ query: 'SELECT name FROM customers' }))
const hidden = 'WITH gone AS (DELETE FROM customers RETURNING *) SELECT * FROM gone'
await executeSql({ query: hidden }).catch((error: Error) => console.log(error.message))

/** Reference pages that come from the behavioural layer: its rules, and what `scan` finds. */
import { BUILT_IN_RULES } from '../core/behavior/rules/built-in-rules.ts'
import { RULE_NOTES } from '../core/behavior/rules/rule-notes.ts'
import { SCAN_CLASSES } from '../core/detection/match.ts'
import { scanKinds } from '../core/detection/scan-kinds.ts'

const RULES_HEAD = `# Behavioural rules

<!-- Written by src/scripts/generate-docs.ts from the rules' own notes; change those, not this page. -->

Each rule looks at one side of a call: the request before it goes out, or the response before the agent sees
it. A finding has a severity, a confidence from 0 to 1, the events it came from, an action and a score.

- \`warn\` lets the call go on. \`ask\` puts it before a person (\`approval_required\`). \`pause\` and \`terminate\`
  deny it (\`behavior_blocked\`) and stop the session; of a response, they withhold it.
- Scores add up to the session's risk, at most 100. The second finding of one rule counts half, the third a
  quarter. One that asks counts only where the person refuses. The same cause counts once a session.
- Thresholds of the risk drive the disposition: \`warn_at\` 30, \`pause_at\` 60, \`terminate_at\` 90 unless the
  policy says otherwise. It never falls by itself; \`engine.resume\` opens a paused session.

Any rule can be switched off, softened or sharpened in the policy:

\`\`\`yaml policy
behavior:
  rules:
    pagination_exfiltration: { min_calls: 10, action: ask }
    cross_scope_data_movement: { enabled: false }
    restricted_read_external_write: { except: ["mail.reply"], min_confidence: 0.8 }
  destinations: { allow: [example.com, "*.example.org", billing@example.net] }
  trusted_fields: [support.read_ticket.requester]
  trusted_tools: [chat.ask_user]
  suspicious_text: remove
\`\`\`

The columns tell the gravest a rule does by itself; most begin lower. See
[why chains are judged by where data went](../explanation/behavior.md).`

/** `docs/reference/behavior-rules.md`. */
export function renderRulesPage(): string {
  const rows = [...new Set(BUILT_IN_RULES.map(({ id }) => id))].map((id) => {
    const on = BUILT_IN_RULES.filter((rule) => rule.id === id).map((rule) => rule.on)
    const note = RULE_NOTES[id]
    if (note === undefined) throw new Error(`rule ${id} has no note`)
    const settings = Object.entries(note.settings).map(([name, value]) => `\`${name}\`: ${value}`)
    return [
      `\`${id}\``,
      on.join(', '),
      note.meaning,
      `\`${note.action}\``,
      note.severity,
      String(note.score),
      settings.join('<br>'),
      note.references.join('<br>'),
    ]
  })
  return `${RULES_HEAD}\n\n${tableOf(
    ['Rule', 'On', 'What it finds', 'At most', 'Severity', 'Score', 'Settings', 'See'],
    rows,
  )}\n`
}

const DETECTORS_HEAD = `# What \`scan\` finds

<!-- Written by src/scripts/generate-docs.ts from the detectors; change those, not this page. -->

\`\`\`ts
import { scan } from 'callgate'

const found = scan('Card 4111 1111 1111 1111', { classes: ['secret', 'pii', 'instruction'] })
// [{ class, kind, start, end, confidence }]

export { found }
\`\`\`

One pass over the text, in linear time. Matches come in the order of their place and do not overlap; offsets
count UTF-16 units. A match says where something stands and what it looks like, never what it says.`

/** `docs/reference/detectors.md`. */
export function renderDetectorsPage(): string {
  const sections = SCAN_CLASSES.map((name) => {
    const kinds = scanKinds(name)
    return `## ${TITLES[name]}\n\n${kinds.length} kinds: ${kinds.map((kind) => `\`${kind}\``).join(', ')}.`
  })
  return `${[DETECTORS_HEAD, ...sections].join('\n\n')}\n`
}

const TITLES = {
  secret: 'Secrets (`secret`)',
  pii: 'Personal data (`pii`)',
  instruction: 'Text that speaks to the model (`instruction`)',
} as const

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

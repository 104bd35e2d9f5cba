import { SQL_INTENTS } from '../constraints/sql/intents.ts'
import type { RoleDocument, RuleDocument } from './document.ts'

/**
 * Policies that come with the engine, for `extends: [pack:NAME]`. Each adds one role of its own name
 * and no binding: whoever extends a pack says who has the role.
 */
export interface Pack {
  readonly summary: string
  readonly roles: readonly RoleDocument[]
}

const READING = [
  'get',
  'list',
  'read',
  'search',
  'find',
  'describe',
  'lookup',
  'show',
  'count',
  'view',
]
const DESTROYING = ['delete', 'drop', 'destroy', 'remove', 'purge', 'truncate', 'wipe', 'erase']

const SQL_READS: readonly string[] = ['select', 'show', 'explain']
const SQL_WRITES = SQL_INTENTS.filter((intent) => !SQL_READS.includes(intent))

/** Tools of any server, and bare ones, whose name is the word or begins with it. */
function named(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => [word, `*.${word}`, `${word}_*`, `*.${word}_*`])
}

/** Denies calls whose SQL may do one of these. Calls without SQL are none of its business. */
function denySql(name: string, intents: readonly string[]): RuleDocument {
  return {
    name,
    effect: 'deny',
    resources: ['*'],
    verbs: ['invoke'],
    constraints: { sql_intent: { allow: intents, mode: 'permissive' } },
  }
}

export const PACKS: ReadonlyMap<string, Pack> = new Map<string, Pack>([
  [
    'readonly',
    {
      summary:
        'Role `readonly`: sees every tool, invokes those whose names say that they only read, and never SQL that writes.',
      roles: [
        {
          name: 'readonly',
          rules: [
            { name: 'See everything', resources: ['*'], verbs: ['discover'] },
            { name: 'Tools that read by their name', resources: named(READING), verbs: ['invoke'] },
            {
              name: 'SQL that reads',
              resources: [
                'execute_sql',
                '*.execute_sql',
                'query',
                '*.query',
                'run_query',
                '*.run_query',
              ],
              verbs: ['invoke'],
              constraints: { sql_intent: SQL_READS },
            },
            denySql('No SQL that writes', SQL_WRITES),
          ],
        },
      ],
    },
  ],
  [
    'deny-destructive',
    {
      summary:
        'Role `deny-destructive`: denies tools whose names say that they destroy, and SQL that deletes, drops, truncates or alters.',
      roles: [
        {
          name: 'deny-destructive',
          rules: [
            {
              name: 'No tools that destroy',
              effect: 'deny',
              resources: named(DESTROYING),
              verbs: ['invoke'],
            },
            denySql('No SQL that destroys', ['delete', 'drop', 'truncate', 'alter']),
          ],
        },
      ],
    },
  ],
])

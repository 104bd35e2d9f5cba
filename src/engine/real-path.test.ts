import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parsePolicy } from '../core/policy/parse.ts'
import { createPolicyEngine } from './create-policy-engine.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'callgate-paths-')))
mkdirSync(join(root, 'workspace'))
writeFileSync(join(root, 'workspace', 'notes.txt'), '')
writeFileSync(join(root, 'secret.txt'), '')
symlinkSync(join(root, 'secret.txt'), join(root, 'workspace', 'leads-out'))
symlinkSync(join(root, 'not-there-yet.txt'), join(root, 'workspace', 'dangling'))
symlinkSync(root, join(root, 'workspace', 'up'))
afterAll(() => rmSync(root, { recursive: true }))

const engine = createPolicyEngine({
  policy: parsePolicy(
    JSON.stringify({
      roles: [
        {
          name: 'r',
          rules: [
            {
              resources: ['fs.write'],
              verbs: ['invoke'],
              constraints: { path_prefix: [join(root, 'workspace')] },
            },
          ],
        },
      ],
      bindings: [{ agent: 'a', roles: ['r'] }],
    }),
  ),
})

it.each([
  ['workspace/notes.txt', 'allowed'],
  ['workspace/new-file.txt', 'allowed'],
  ['workspace/new/folder/file.txt', 'allowed'],
  ['secret.txt', 'constraint_violation'],
  ['workspace/../secret.txt', 'constraint_violation'],
  ['workspace/leads-out', 'constraint_violation'],
  ['workspace/up/secret.txt', 'constraint_violation'],
  ['workspace/up/new.txt', 'constraint_violation'],
  ['workspace/dangling', 'constraint_unverifiable'],
])('judges %s on a real file system as %s', async (path, reason) => {
  const request = {
    session: 's',
    subject: { agent: 'a' },
    resource: 'fs.write',
    arguments: { path: `${root}/${path}` },
  }
  expect((await engine.explain(request)).decision.reason).toBe(reason)
})

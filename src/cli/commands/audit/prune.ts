import { findTrails, STDIN } from '../../../audit/query/audit-files.ts'
import { createMatcher } from '../../../audit/query/filter.ts'
import { readPrivateKey } from '../../../audit/query/keys.ts'
import { writePruned } from '../../../audit/query/write-pruned.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { printable } from '../../paint.ts'
import { pathOf } from '../../policy.ts'
import { readTime } from './read-time.ts'
import { counted } from './record-text.ts'
import { FILE_POSITIONALS, noteWriter, trailPaths } from './trail.ts'
import { faultText, VERIFY_OPTIONS, verifyOptionsOf } from './verify-options.ts'

const WHOSE = ['session', 'user', 'agent'] as const

export const pruneCommand: Command = {
  name: 'audit prune',
  summary: 'remove old records, or those of somebody, so that the ledger still verifies',
  usage: 'FILE|DIR... --before TIME|--user ID --out FILE|--in-place [--key FILE]',
  description: `Where records were, a line says how many, when and why, and keeps their hashes; it is signed where
there is a key. A ledger that does not verify is left alone. A file that a sink writes now is not replaced;
with --out its records are copied as they are then. Where nothing is to be removed, nothing is written.`,
  options: [
    { name: 'before', value: 'TIME', summary: 'records before: RFC 3339, or an age such as 90d' },
    { name: 'user', value: 'ID', repeatable: true, summary: 'only those of this person' },
    { name: 'session', value: 'ID', repeatable: true, summary: 'only those of this session' },
    { name: 'agent', value: 'NAME', repeatable: true, summary: 'only those of this agent' },
    { name: 'out', short: 'o', value: 'FILE', complete: 'file', summary: 'a file to make' },
    { name: 'in-place', summary: 'replace the one file that is named' },
    { name: 'dry-run', summary: 'say how many would go, and write nothing' },
    {
      name: 'key',
      value: 'FILE',
      complete: 'file',
      summary: 'private Ed25519 key, PEM, that signs what was removed',
    },
    { name: 'why', value: 'TEXT', summary: 'kept in the ledger: name nobody (retention)' },
    ...VERIFY_OPTIONS,
  ],
  positionals: FILE_POSITIONALS,
  formats: ['text', 'json'],
  examples: [
    {
      command: 'audit prune audit.jsonl --before 90d --out kept.jsonl',
      summary: 'a quarter is kept',
    },
  ],
  run: prune,
}

async function prune(context: CommandContext): Promise<number> {
  const { options, stdout, stderr, format, paint } = context
  const out = targetOf(context)
  const isRemoved = removalOf(context)
  const [files = [], other] = await findTrails(trailPaths(context))
  if (other !== undefined || files.includes(STDIN))
    throw new UsageError('one ledger is pruned at a time, from files', 'name its files')
  const key = options.text('key')
  const dryRun = options.flag('dry-run')
  const { report, removed, isWritten } = await writePruned({
    files,
    out,
    isRemoved,
    why: options.text('why') ?? 'retention',
    at: Date.now(),
    verify: await verifyOptionsOf(context),
    onNote: noteWriter(context),
    dryRun,
    ...(key === undefined ? {} : { privateKey: await readPrivateKey(pathOf(context, key)) }),
  })
  const { ok, fault } = report
  const kept = isWritten ? report.records : report.records - removed
  const isSigned = key !== undefined
  if (format === 'json')
    stdout.write(
      `${JSON.stringify({ schema: 1, ok, removed, kept, written: isWritten, signed: isSigned, first_bad: fault ?? null })}\n`,
    )
  if (fault !== undefined) {
    stderr.write(`${paint.bad('not intact')}: ${faultText(fault)}\n  nothing was removed\n`)
    return EXIT.no
  }
  if (format === 'json') return EXIT.yes
  const name = printable((isWritten ? out : undefined) ?? files.join(', '))
  const what = isWritten
    ? `${counted(removed, 'record')} removed (${isSigned ? 'signed' : 'not signed'}), ${kept} kept`
    : `${counted(removed, 'record')} to remove, ${kept} to keep; nothing was written`
  stdout.write(`${name}: ${what}\n`)
  return EXIT.yes
}

/** @throws {UsageError} unless it is plain where to write */
function targetOf(context: CommandContext): string | undefined {
  const out = context.options.text('out')
  if (context.options.flag('dry-run')) return undefined
  if ((out !== undefined) !== context.options.flag('in-place'))
    return out === undefined ? undefined : pathOf(context, out)
  throw new UsageError(
    'it must be plain where to write',
    'write either `--out FILE` or `--in-place`',
  )
}

/** @throws {UsageError} where nothing says which records go */
function removalOf({ options }: CommandContext): ReturnType<typeof createMatcher> {
  const before = options.text('before')
  const whose = WHOSE.flatMap((name) => {
    const values = options.list(name)
    return values.length === 0 ? [] : [[name, values] as const]
  })
  if (before === undefined && whose.length === 0)
    throw new UsageError(
      'nothing says which records are to go',
      'write `--before 90d` or `--user ID`',
    )
  return createMatcher({
    ...(before === undefined ? {} : { until: readTime('before', before, Date.now()) }),
    ...Object.fromEntries(whose),
  })
}

import {
  type LedgerReport,
  type VerifyOptions,
  verifyLedger,
} from '../../../audit/ledger/verify-ledger.ts'
import { placeOf, verifyTable } from '../../../audit/postgres/verify-table.ts'
import { findTrails, STDIN } from '../../../audit/query/audit-files.ts'
import { readLines, unpackedBytes } from '../../../audit/query/read-lines.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { type Paint, printable } from '../../paint.ts'
import { TABLE_OPTIONS, tableUrlOf, withTable } from './audit-table.ts'
import { counted } from './record-text.ts'
import { TRAIL_POSITIONALS, trailPaths } from './trail.ts'
import { faultText, VERIFY_OPTIONS, verifyOptionsOf } from './verify-options.ts'
import { shownJsonOn } from './write-lines.ts'

export const verifyCommand: Command = {
  name: 'audit verify',
  summary: 'whether a ledger is as it was written; names the first record that is not',
  usage: 'FILE|DIR...|--postgres URL [--checkpoint FILE] [--public-key FILE] [--from-checkpoint]',
  description: `Files that are named are one ledger; in a folder, those of one name less what rotation put into it. In a table, each chain is one.
Exit code 1 means that a record was changed, taken out, put in or moved. Whoever can write a whole
ledger anew is only found out by checkpoints that are kept elsewhere.`,
  options: [...TABLE_OPTIONS, ...VERIFY_OPTIONS],
  positionals: TRAIL_POSITIONALS,
  formats: ['text', 'json'],
  examples: [
    { command: 'audit verify audit.jsonl', summary: 'one file' },
    {
      command: 'audit verify audit.jsonl --checkpoint checkpoints.jsonl --public-key audit.pub.pem',
      summary: 'and that its tail is there',
    },
  ],
  run: verify,
}

interface Verified {
  /** Of the files, or of the table and its chain. */
  readonly name: string
  /** The same for programs. */
  readonly of: { readonly files: readonly string[] } | { readonly chain: string }
  readonly report: LedgerReport
}

async function verify(context: CommandContext): Promise<number> {
  const { stdout, format, paint } = context
  const url = tableUrlOf(context)
  const wanted = await verifyOptionsOf(context)
  const verified =
    url === undefined
      ? await verifyFiles(context, wanted)
      : await verifyChains(context, url, wanted)
  // Of an emptied table nothing is intact.
  const isIntact = verified.length > 0 && verified.every(({ report }) => report.ok)
  if (format === 'json') {
    const ledgers = verified.map(jsonOf)
    stdout.write(`${shownJsonOn(stdout)(JSON.stringify({ schema: 1, ok: isIntact, ledgers }))}\n`)
  } else if (verified.length === 0)
    stdout.write(
      `${paint.bad('not intact')}: there is no ledger: nothing was written, or all of it is gone\n`,
    )
  else for (const one of verified) stdout.write(textOf(one, paint, wanted))
  return isIntact ? EXIT.yes : EXIT.no
}

async function verifyFiles(
  context: CommandContext,
  wanted: VerifyOptions,
): Promise<readonly Verified[]> {
  const trails = await findTrails(trailPaths(context))
  expectOne(context, trails.length, wanted, 'name the files of one')
  const verified: Verified[] = []
  for (const files of trails) {
    let torn = 0
    const source = files.includes(STDIN) ? { lines: stdinLines(files, () => torn++) } : { files }
    const report = await verifyLedger(source, wanted)
    const counted = { ...report, torn: report.torn + torn }
    verified.push({ name: files.join(', '), of: { files }, report: counted })
  }
  return verified
}

function verifyChains(
  context: CommandContext,
  url: string,
  wanted: VerifyOptions,
): Promise<readonly Verified[]> {
  return withTable(context, url, async (table) => {
    const chains = await table.chains()
    expectOne(context, chains.length, wanted, 'write `--chain NAME`')
    const verified: Verified[] = []
    for (const chain of chains) {
      const report = await verifyTable(table, chain, wanted)
      verified.push({ name: placeOf(table, chain), of: { chain: chain.chain }, report })
    }
    return verified
  })
}

/** @throws {UsageError} where options are of one ledger, and there are several */
function expectOne(
  { options }: CommandContext,
  count: number,
  wanted: VerifyOptions,
  hint: string,
): void {
  if (count < 2 || (wanted.checkpoints === undefined && wanted.after === undefined)) return
  const name = options.list('checkpoint').length > 0 ? 'checkpoint' : 'after'
  throw new UsageError(`\`--${name}\` is of one ledger, and these are ${count}`, hint)
}

/** @throws {UsageError} where standard input is not alone */
async function* stdinLines(
  files: readonly string[],
  onTorn: () => unknown,
): AsyncGenerator<string> {
  if (files.length > 1)
    throw new UsageError('standard input is verified alone', 'leave out the other files')
  const lines = readLines('stdin', unpackedBytes('stdin', process.stdin), { keepBlank: true })
  for await (const { text, ended } of lines)
    if (ended) yield text
    else onTorn()
}

function jsonOf({ of, report: { fault, last, checkpoints, ...counts } }: Verified): object {
  return {
    ...of,
    ...counts,
    checkpoints: checkpoints ?? null,
    last: last ?? null,
    first_bad: fault ?? null,
  }
}

function textOf({ name, report }: Verified, paint: Paint, wanted: VerifyOptions): string {
  const { fault, records, last } = report
  const notes = notesOf(report, wanted)
    .map((note) => `  ${printable(note)}\n`)
    .join('')
  if (fault !== undefined)
    return `${paint.bad('not intact')}: ${faultText(fault)}\n  good before it: ${counted(records, 'record')}\n${notes}`
  const end = last === undefined ? '' : `, up to seq ${last.seq} ${last.hash}`
  return `${paint.good('intact')}: ${printable(name)}: ${counted(records, 'record')}${end}\n${notes}`
}

function notesOf(report: LedgerReport, wanted: VerifyOptions): readonly string[] {
  const { torn, missing, chains, after } = report
  return [
    ...removalNotes(report, wanted),
    ...(torn > 0 ? [`cut short by a crash: ${counted(torn, 'last line')}`] : []),
    ...(missing > 0 ? [`missing: ${counted(missing, 'number')}`] : []),
    ...(chains > 1
      ? [`${counted(chains, 'chain')}: a file was moved away while no process wrote it`]
      : []),
    ...(after === null || !report.ok
      ? []
      : [`older records are not here: it begins after ${after}`]),
    checkpointNote(report),
  ]
}

function removalNotes({ removed, removals }: LedgerReport, wanted: VerifyOptions): string[] {
  if (removed === 0) return []
  const isChecked = (wanted.tombstoneKey ?? wanted.publicKey) !== undefined
  const told = removals.map(
    ({ records, removed_at, why }) => `  ${removed_at}: ${counted(records, 'record')}: ${why}`,
  )
  const by = isChecked ? ', signed' : '; --public-key tells by whom'
  return [`${counted(removed, 'record')} removed${by}`, ...told]
}

/** What speaks for the ledger besides its own chain. */
function checkpointNote({ checkpoints }: LedgerReport): string {
  if (checkpoints === undefined)
    return 'no checkpoints: whoever can write all of it could have cut its end off, or made it anew'
  const { given, signed, last, after } = checkpoints
  const by = signed ? 'signed' : 'signatures not looked at (--public-key)'
  const where =
    last === null
      ? 'none of a record that is here'
      : `the last at record ${last.record} (seq ${last.seq}); ${counted(after, 'record')} after it`
  return `${counted(given, 'checkpoint')}, ${by}, ${where}`
}

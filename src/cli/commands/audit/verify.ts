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
  usage: 'FILE|DIR...|--postgres URL [--checkpoint FILE] [--public-key FILE]',
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
  const isIntact = verified.every(({ report }) => report.ok)
  if (format === 'json') {
    const ledgers = verified.map(jsonOf)
    stdout.write(`${shownJsonOn(stdout)(JSON.stringify({ schema: 1, ok: isIntact, ledgers }))}\n`)
  } else
    for (const one of verified) stdout.write(textOf(one, paint, wanted.publicKey === undefined))
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
    const source = files.includes(STDIN) ? { lines: stdinLines(files) } : { files }
    const report = await verifyLedger(source, wanted)
    verified.push({ name: files.join(', '), of: { files }, report })
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
async function* stdinLines(files: readonly string[]): AsyncGenerator<string> {
  if (files.length > 1)
    throw new UsageError('standard input is verified alone', 'leave out the other files')
  const lines = readLines('stdin', unpackedBytes('stdin', process.stdin), { keepBlank: true })
  for await (const { text, ended } of lines) if (ended) yield text
}

function jsonOf({ of, report: { fault, last, ...counts } }: Verified): object {
  return { ...of, ...counts, last: last ?? null, first_bad: fault ?? null }
}

function textOf({ name, report }: Verified, paint: Paint, isUnchecked: boolean): string {
  const { fault, records, removed, torn, missing, chains, last } = report
  if (fault !== undefined)
    return `${paint.bad('not intact')}: ${faultText(fault)}\n  good before it: ${counted(records, 'record')}\n`
  const notes = [
    ...(removed > 0
      ? [
          `${counted(removed, 'record')} removed${isUnchecked ? '; --public-key tells by whom' : ', signed'}`,
        ]
      : []),
    ...(torn > 0 ? [`cut short by a crash: ${counted(torn, 'last line')}`] : []),
    ...(missing > 0 ? [`missing: ${counted(missing, 'number')}`] : []),
    ...(chains > 1
      ? [`${counted(chains, 'chain')}: a file was moved away while no process wrote it`]
      : []),
  ]
  const end = last === undefined ? '' : `, up to seq ${last.seq} ${last.hash}`
  return `${paint.good('intact')}: ${printable(name)}: ${counted(records, 'record')}${end}\n${notes.map((note) => `  ${note}\n`).join('')}`
}

import { type LedgerReport, verifyLedger } from '../../../audit/ledger/verify-ledger.ts'
import { findTrails, STDIN } from '../../../audit/query/audit-files.ts'
import { readLines, unpackedBytes } from '../../../audit/query/read-lines.ts'
import { type Command, type CommandContext, EXIT, UsageError } from '../../command.ts'
import { type Paint, printable } from '../../paint.ts'
import { counted } from './record-text.ts'
import { TRAIL_POSITIONALS, trailPaths } from './trail.ts'
import { faultText, VERIFY_OPTIONS, verifyOptionsOf } from './verify-options.ts'
import { shownJsonOn } from './write-lines.ts'

export const verifyCommand: Command = {
  name: 'audit verify',
  summary: 'whether a ledger is as it was written; names the first record that is not',
  usage: 'FILE|DIR... [--checkpoint FILE] [--public-key FILE]',
  description: `Files that are named are one ledger; in a folder, those of one name less what rotation put into it.
Exit code 1 means that a record was changed, taken out, put in or moved. Whoever can write a whole
ledger anew is only found out by checkpoints that are kept elsewhere.`,
  options: VERIFY_OPTIONS,
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
  readonly files: readonly string[]
  readonly report: LedgerReport
}

async function verify(context: CommandContext): Promise<number> {
  const { stdout, format, paint, options } = context
  const wanted = await verifyOptionsOf(context)
  const trails = await findTrails(trailPaths(context))
  if (trails.length > 1 && (wanted.checkpoints !== undefined || wanted.after !== undefined))
    throw new UsageError(
      `\`${options.list('checkpoint').length > 0 ? '--checkpoint' : '--after'}\` is of one ledger, and these are ${trails.length}`,
      'name the files of one',
    )
  const verified: Verified[] = []
  for (const files of trails) {
    const source = files.includes(STDIN) ? { lines: stdinLines(files) } : { files }
    verified.push({ files, report: await verifyLedger(source, wanted) })
  }
  const isIntact = verified.every(({ report }) => report.ok)
  if (format === 'json') {
    const ledgers = verified.map(({ files, report }) => jsonOf(files, report))
    stdout.write(`${shownJsonOn(stdout)(JSON.stringify({ schema: 1, ok: isIntact, ledgers }))}\n`)
  } else
    for (const one of verified) stdout.write(textOf(one, paint, wanted.publicKey === undefined))
  return isIntact ? EXIT.yes : EXIT.no
}

/** @throws {UsageError} where standard input is not alone */
async function* stdinLines(files: readonly string[]): AsyncGenerator<string> {
  if (files.length > 1)
    throw new UsageError('standard input is verified alone', 'leave out the other files')
  const lines = readLines('stdin', unpackedBytes('stdin', process.stdin), { keepBlank: true })
  for await (const { text, ended } of lines) if (ended) yield text
}

function jsonOf(files: readonly string[], { fault, last, ...counts }: LedgerReport): object {
  return { files, ...counts, last: last ?? null, first_bad: fault ?? null }
}

function textOf({ files, report }: Verified, paint: Paint, isUnchecked: boolean): string {
  const { fault, records, removed, torn, missing, last } = report
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
  ]
  const end = last === undefined ? '' : `, up to seq ${last.seq} ${last.hash}`
  const name = printable(files.join(', '))
  return `${paint.good('intact')}: ${name}: ${counted(records, 'record')}${end}\n${notes.map((note) => `  ${note}\n`).join('')}`
}

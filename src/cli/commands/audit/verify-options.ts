import { readFile } from 'node:fs/promises'
import type { Checkpoint } from '../../../audit/ledger/checkpoint.ts'
import type { LedgerFault, VerifyOptions } from '../../../audit/ledger/verify-ledger.ts'
import { readPublicKey } from '../../../audit/query/keys.ts'
import { trailError } from '../../../audit/query/trail-error.ts'
import { type CommandContext, type OptionSpec, UsageError } from '../../command.ts'
import { printable } from '../../paint.ts'
import { pathOf } from '../../policy.ts'

/** What verification goes by. */
export const VERIFY_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'checkpoint',
    value: 'FILE',
    repeatable: true,
    complete: 'file',
    summary: 'checkpoints kept elsewhere, one a line: without them a tail cut off is not seen',
  },
  {
    name: 'public-key',
    value: 'FILE',
    repeatable: true,
    complete: 'file',
    summary: 'Ed25519, PEM: checkpoints, and lines for removed records, must be signed with it',
  },
  {
    name: 'tombstone-key',
    value: 'FILE',
    complete: 'file',
    summary: 'the same for lines for removed records only, where they have a key of their own',
  },
  {
    name: 'after',
    value: 'HASH',
    summary: 'hash of the record before the first, where older files are gone',
  },
  {
    name: 'from-checkpoint',
    summary: 'the first record may follow that of a checkpoint: older files are gone on purpose',
  },
  { name: 'allow-gaps', summary: 'numbers may be missing though no record says so' },
]

export async function verifyOptionsOf(context: CommandContext): Promise<VerifyOptions> {
  const { options } = context
  const [keyFile, otherKey] = options.list('public-key')
  if (otherKey !== undefined)
    throw new UsageError(
      '`--public-key` is given twice',
      'name one; `--tombstone-key` is that of lines for removed records',
    )
  const stoneFile = options.text('tombstone-key')
  const after = options.text('after')
  if (after !== undefined && !HASH.test(after))
    throw new UsageError(`\`--after\` is not a hash: \`${after}\``, 'write `sha256:` and 64 digits')
  const checkpoints: Checkpoint[] = []
  for (const file of options.list('checkpoint'))
    checkpoints.push(...(await readCheckpoints(pathOf(context, file))))
  return {
    allowGaps: options.flag('allow-gaps'),
    fromCheckpoint: options.flag('from-checkpoint'),
    ...(checkpoints.length === 0 ? {} : { checkpoints }),
    ...(after === undefined ? {} : { after }),
    ...(keyFile === undefined ? {} : { publicKey: await readPublicKey(pathOf(context, keyFile)) }),
    ...(stoneFile === undefined
      ? {}
      : { tombstoneKey: await readPublicKey(pathOf(context, stoneFile)) }),
  }
}

const HASH = /^sha256:[0-9a-f]{64}$/

/** One JSON object, or one a line. */
async function readCheckpoints(file: string): Promise<readonly Checkpoint[]> {
  const text = await readFile(file, 'utf8')
  const whole = checkpointOf(text)
  if (whole !== undefined) return [whole]
  const found = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const point = checkpointOf(line)
    if (point === undefined) throw trailError(`${file}:${index + 1}: not a checkpoint`)
    return [point]
  })
  // An empty file would ask for nothing, and all would seem well.
  if (found.length === 0) throw trailError(`${file}: no checkpoint is in it`)
  return found
}

function checkpointOf(text: string): Checkpoint | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { schema, seq, hash, count, ts, file, deleted, signature } = value as Partial<Checkpoint>
  const isWhole =
    schema === 1 &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(count) &&
    typeof hash === 'string' &&
    HASH.test(hash) &&
    typeof ts === 'string' &&
    typeof file === 'string' &&
    (deleted === undefined || deleted === true) &&
    (signature === undefined || typeof signature === 'string')
  return isWhole ? (value as Checkpoint) : undefined
}

/** `audit.jsonl:3: seq 3, dec_b: is not what its hash is of (hash)`. */
export function faultText({ file, line, seq, id, kind, message }: LedgerFault): string {
  const names = [...(seq === null ? [] : [`seq ${seq}`]), ...(id === null ? [] : [id])]
  const record = names.length === 0 ? '' : `${names.join(', ')}: `
  const place = line === 0 ? '' : `:${line}`
  return printable(`${file ?? 'stdin'}${place}: ${record}${message} (${kind})`)
}

import { basename, dirname, extname, join, resolve } from 'node:path'
import { type LedgerFs, machineFs } from './file-system.ts'
import type { Mark } from './tail.ts'

/** `audit.<number>-<time>-<seq>.jsonl`: by the number they are in order, whatever the clock did. */
const MIDDLE = /^\.(\d{6,})-[\dTZ]+-\d+$/

function numberOf(name: string, path: string): number | undefined {
  const end = extname(path)
  const stem = basename(path, end)
  if (!name.startsWith(stem) || !name.endsWith(end)) return undefined
  const found = MIDDLE.exec(name.slice(stem.length, name.length - end.length))?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Closed files of a ledger, oldest first. */
export async function closedFiles(
  path: string,
  fs: Pick<LedgerFs, 'list'>,
): Promise<readonly string[]> {
  const found: { readonly name: string; readonly number: number }[] = []
  for (const name of await fs.list(dirname(path))) {
    const number = numberOf(name, path)
    if (number !== undefined) found.push({ name, number })
  }
  found.sort((one, other) => one.number - other.number)
  return found.map(({ name }) => join(dirname(path), name))
}

/** All files of the ledger at this path, oldest first: what `verifyLedger` and `readLedger` take. */
export async function ledgerFiles(path: string): Promise<readonly string[]> {
  const full = resolve(path)
  const closed = await closedFiles(full, machineFs)
  return (await machineFs.facts(full)) === undefined ? closed : [...closed, full]
}

/** The name for the file that is closed next. */
export function closedName(path: string, closed: readonly string[], first: Mark): string {
  const number = (numberOf(basename(closed.at(-1) ?? ''), path) ?? 0) + 1
  const digits = first.ts.replaceAll(/\D/g, '')
  const time = `${digits.slice(0, 8)}T${digits.slice(8, 14)}Z`
  const end = extname(path)
  const stem = join(dirname(path), basename(path, end))
  return `${stem}.${String(number).padStart(6, '0')}-${time}-${first.seq}${end}`
}

import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordedTrace } from './trace-form.ts'

/** Payloads are for the owner only. */
const OWNER_ONLY = 0o600
const FOLDER_MODE = 0o700

/**
 * Writes a session to a file of its own, which is there whole or not at all. Gives its path.
 * Rejects with errors of the file system.
 */
export async function writeTrace(folder: string, trace: RecordedTrace): Promise<string> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
  const path = join(folder, `${nameOf(trace)}.json`)
  const draft = `${path}.part`
  try {
    const file = await open(draft, 'wx', OWNER_ONLY)
    try {
      await file.writeFile(`${JSON.stringify(trace)}\n`)
      await file.datasync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
    return path
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
}

/** By when it began and whose it is; ids come from outside and may hold anything. */
function nameOf({ session_id: id, events }: RecordedTrace): string {
  const at = (events[0]?.timestamp ?? 'empty').replaceAll(/[^0-9TZ]/g, '')
  const safe = id.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
  return `${at}-${safe}-${randomBytes(4).toString('hex')}`
}

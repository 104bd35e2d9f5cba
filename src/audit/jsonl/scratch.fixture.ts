import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

const folders: string[] = []

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'callgate-jsonl-'))
  folders.push(folder)
  return folder
}

/** Removes them after each test. */
export function cleanUp(): void {
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
}

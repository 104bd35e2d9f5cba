import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { AuditRecord } from '../../core/model/audit-record.ts'
import { jsonlSink } from './jsonl-sink.ts'
import type { JsonlSink, JsonlSinkOptions } from './options.ts'
import { cleanUp, scratchFolder } from './scratch.fixture.ts'

const sinks: JsonlSink[] = []

/** Closes the sinks after each test, then removes their folders. */
export function closeSinks(): void {
  cleanUp() // what is said first is done last
  afterEach(async () => {
    await Promise.allSettled(sinks.splice(0).map((sink) => sink.close()))
  })
}

/** A sink, and the codes of what it reported. */
export function watched(options: Partial<JsonlSinkOptions> = {}) {
  const path = options.path ?? pathIn()
  const told: string[] = []
  const sink = jsonlSink({ path, onDiagnostic: ({ code }) => told.push(code), ...options })
  sinks.push(sink)
  return { sink, path, told }
}

export function pathIn(folder = scratchFolder()): string {
  return join(folder, 'audit.jsonl')
}

export function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1)
}

export function kept(path: string): readonly AuditRecord[] {
  return linesOf(path).map((line) => JSON.parse(line) as AuditRecord)
}

export function seqs(path: string): readonly number[] {
  return kept(path).map(({ seq }) => seq)
}

import { CallgateError } from '../../core/model/errors.ts'
import type { AuditSink } from '../../core/model/ports.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { reporterOf, type SinkDiagnostic, wholeNumber } from '../sink-options.ts'
import { systemTimers } from '../timers.ts'
import type { PostgresClient } from './client.ts'
import {
  DEFAULT_TABLE,
  expectMigrated,
  migrate,
  type PostgresTableOptions,
  partitionOf,
} from './migrate.ts'
import { namesOf } from './names.ts'
import { Queue } from './queue.ts'
import { Writer } from './writer.ts'

export interface PostgresSinkOptions extends PostgresTableOptions {
  /** A Pool or Client of `pg`, PGlite, or what else has their `query`. The sink does not end it. */
  readonly client: PostgresClient
  /**
   * The ledger's name. One chain goes on where it was left; several processes may share one, and write
   * faster with one each. @default 'main'
   */
  readonly chain?: string
  readonly batch?: {
    /** Records of one statement. @default 128 */
    readonly maxRecords?: number
    /** How long a record waits for others where nothing is under way. @default 0 */
    readonly maxWaitMs?: number
  }
  /** Makes what is missing before the first write. @default true */
  readonly migrate?: boolean
  /** Records that may wait; further ones are refused. @default 10000 */
  readonly maxQueued?: number
  /** How long a record is tried for, at least once. @default 4000, less than an engine waits */
  readonly timeoutMs?: number
  /** @default a warning of the process */
  readonly onDiagnostic?: (diagnostic: SinkDiagnostic) => void
}

const OPTIONS = [
  'client',
  'table',
  'partition',
  'chain',
  'batch',
  'migrate',
  'maxQueued',
  'timeoutMs',
  'onDiagnostic',
] satisfies (keyof PostgresSinkOptions)[]

const MAX_CHAIN_NAME = 128

/**
 * Keeps records in a table of PostgreSQL, linked as a ledger. `write` resolves once they are committed.
 * @throws {CallgateError} ERR_OPTIONS_INVALID; `write` rejects with ERR_AUDIT_UNAVAILABLE
 */
export function postgresSink(options: PostgresSinkOptions): AuditSink {
  const { client, maxRecords, maxWaitMs, maxQueued, timeoutMs, chain, partition, names } =
    settingsOf(options)
  const writer = new Writer({
    client,
    names,
    chain,
    timers: systemTimers,
    report: reporterOf(options.onDiagnostic),
    setUp: () =>
      options.migrate === false ? expectMigrated(client, names) : migrate(client, names, partition),
  })
  const queue = new Queue({ maxRecords, maxWaitMs, timers: systemTimers, writer })
  let isOpen = true
  return {
    name: `postgres:${names.table}`,
    async write(records) {
      if (!isOpen) throw refused(names.table, 'the sink was closed')
      if (records.length === 0) return
      if (queue.count + records.length > maxQueued)
        throw refused(names.table, `${queue.count} records wait already`)
      await new Promise<void>((kept, lost) => {
        queue.add({ records, until: systemTimers.now() + timeoutMs, kept, lost })
      })
    },
    close() {
      isOpen = false
      return queue.drained()
    },
  }
}

function refused(table: string, why: string): CallgateError {
  return new CallgateError('ERR_AUDIT_UNAVAILABLE', `table \`${table}\`: ${why}`)
}

function settingsOf(options: PostgresSinkOptions) {
  checkNames('postgresSink', options, OPTIONS)
  const { client, chain = 'main', batch = {}, maxQueued = 10_000, timeoutMs = 4_000 } = options
  checkNames('batch', batch, ['maxRecords', 'maxWaitMs'])
  if (typeof (client as Partial<PostgresClient> | undefined)?.query !== 'function')
    refuseOption('client: it has a function `query`')
  if (
    typeof chain !== 'string' ||
    chain === '' ||
    chain.length > MAX_CHAIN_NAME ||
    chain.includes('\u0000')
  )
    refuseOption(`chain: it is a text of 1 to ${MAX_CHAIN_NAME} characters`)
  return {
    client,
    chain,
    names: namesOf(options.table ?? DEFAULT_TABLE),
    partition: partitionOf(options.partition),
    maxRecords: wholeNumber('batch.maxRecords', batch.maxRecords ?? 128, 1, 10_000),
    maxWaitMs: wholeNumber('batch.maxWaitMs', batch.maxWaitMs ?? 0, 0, 60_000),
    maxQueued: wholeNumber('maxQueued', maxQueued, 1, 1_000_000),
    timeoutMs: wholeNumber('timeoutMs', timeoutMs, 1, 600_000),
  }
}

import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { LEAST_RECORD_BYTES } from '../ledger/fit-record.ts'
import { MAX_DELAY_MS, wholeNumber } from '../sink-options.ts'
import type { JsonlSinkOptions } from './options.ts'

const OPTIONS: readonly string[] = [
  'path',
  'mode',
  'rotate',
  'checkpoints',
  'perProcess',
  'maxRecordBytes',
  'maxQueuedRecords',
  'checkEveryMs',
  'onDiagnostic',
  'fs',
]

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function checkOptions(options: JsonlSinkOptions): JsonlSinkOptions {
  checkNames('jsonlSink', options, OPTIONS)
  const { path, mode, rotate = {}, checkpoints } = options
  checkNames('jsonlSink: rotate', rotate, ['maxBytes', 'everyMs', 'keep'])
  if (typeof path !== 'string' || path === '') refuseOption('jsonlSink: `path` is missing')
  if (mode !== undefined && mode !== 'before-dispatch' && mode !== 'buffered')
    refuseOption("jsonlSink: `mode` is 'before-dispatch' or 'buffered'")
  const numbers = [
    ['rotate.maxBytes', rotate.maxBytes, 1, Number.MAX_SAFE_INTEGER],
    ['rotate.everyMs', rotate.everyMs, 1, Number.MAX_SAFE_INTEGER],
    ['rotate.keep', rotate.keep, 1, Number.MAX_SAFE_INTEGER],
    ['checkpoints.every', checkpoints?.every, 1, Number.MAX_SAFE_INTEGER],
    ['maxRecordBytes', options.maxRecordBytes, LEAST_RECORD_BYTES, 8 * 1_048_576],
    ['maxQueuedRecords', options.maxQueuedRecords, 1, 1_000_000],
    ['checkEveryMs', options.checkEveryMs, 0, MAX_DELAY_MS],
  ] as const
  for (const [name, value, least, most] of numbers)
    if (value !== undefined) wholeNumber(`jsonlSink: \`${name}\``, value, least, most)
  return options
}

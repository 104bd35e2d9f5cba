import type { ScanClass } from '../../core/detection/match.ts'
import type { MaybePromise } from '../../core/model/json.ts'
import { checkNames, refuseOption } from '../../core/option-checks.ts'
import { reporterOf, type SinkDiagnostic, wholeNumber } from '../sink-options.ts'
import type { RecordedTrace } from './trace-form.ts'

export interface RecordTraceOptions {
  /** A folder that gets a file for each session. This or `onTrace`. */
  readonly path?: string
  /** Is given each session in place of a file. */
  readonly onTrace?: (trace: RecordedTrace) => MaybePromise<void>
  /**
   * `redacted`: secrets and personal data are replaced by made-up ones of the same form, the same value
   * always by the same. `raw`: everything as it came; guard the folder as you guard what is in it.
   * @default 'redacted'
   */
  readonly payloads?: 'redacted' | 'raw'
  /** What `redacted` replaces. @default ['secret', 'pii'] */
  readonly classes?: readonly ('secret' | 'pii')[]
  /** Of stand-ins, 16 bytes or 32 characters or more: with the same key, the same ones. @default random */
  readonly key?: Uint8Array | string
  /** UTF-16 units of one payload as JSON. A longer one is replaced by its length. @default 1048576 */
  readonly maxEventSize?: number
  /** UTF-16 units of one session. It is written beyond it, and goes on in another file. @default 16777216 */
  readonly maxSessionSize?: number
  /** Sessions kept open at one time. Beyond it the least recently used is written. @default 1000 */
  readonly maxOpenSessions?: number
  /** UTF-16 units of all that is held. What does not fit is written, or else lost. @default 134217728 */
  readonly maxSize?: number
  /** @default a warning of the process */
  readonly onDiagnostic?: (diagnostic: SinkDiagnostic) => void
}

export interface TraceSettings {
  readonly path: string | undefined
  readonly onTrace: RecordTraceOptions['onTrace']
  readonly isRaw: boolean
  readonly classes: readonly ScanClass[]
  readonly key: Uint8Array | string | undefined
  readonly maxEventSize: number
  readonly maxSessionSize: number
  readonly maxOpenSessions: number
  readonly maxSize: number
  readonly report: (diagnostic: SinkDiagnostic) => void
}

const NAMES = [
  'path',
  'onTrace',
  'payloads',
  'classes',
  'key',
  'maxEventSize',
  'maxSessionSize',
  'maxOpenSessions',
  'maxSize',
  'onDiagnostic',
] as const satisfies readonly (keyof RecordTraceOptions)[]

/** @throws {CallgateError} ERR_OPTIONS_INVALID */
export function traceSettings(options: RecordTraceOptions): TraceSettings {
  checkNames('recordTrace', options, NAMES)
  const { path, onTrace, payloads = 'redacted', classes = ['secret', 'pii'], key } = options
  const isPlaced = typeof path === 'string' && path !== ''
  if (isPlaced === (typeof onTrace === 'function'))
    refuseOption('recordTrace: give a folder as `path`, or a function as `onTrace`')
  if (payloads !== 'redacted' && payloads !== 'raw')
    refuseOption('recordTrace: `payloads` is `redacted` or `raw`')
  if (!Array.isArray(classes) || classes.some((one) => one !== 'secret' && one !== 'pii'))
    refuseOption('recordTrace: `classes` is a list of `secret` and `pii`')
  if (key !== undefined && key.length < (typeof key === 'string' ? 32 : 16))
    refuseOption('recordTrace: `key` has 16 bytes or more, or 32 characters or more')
  const size = (name: 'maxEventSize' | 'maxSessionSize' | 'maxSize', value: number): number =>
    wholeNumber(`recordTrace: \`${name}\``, options[name] ?? value, 256, Number.MAX_SAFE_INTEGER)
  return {
    path,
    onTrace,
    isRaw: payloads === 'raw',
    classes,
    key,
    maxEventSize: size('maxEventSize', 1024 * 1024),
    maxSessionSize: size('maxSessionSize', 16 * 1024 * 1024),
    maxSize: size('maxSize', 128 * 1024 * 1024),
    maxOpenSessions: wholeNumber(
      'recordTrace: `maxOpenSessions`',
      options.maxOpenSessions ?? 1_000,
      1,
      1_000_000,
    ),
    report: reporterOf(options.onDiagnostic),
  }
}

import type { FakeErrorFields } from './api-error.ts'
import type { FakeAsk } from './read-ask.ts'

/** Something that goes wrong. `after` counts the pieces that are sent before: events of a stream. */
export type FakeFault =
  /** An error before the first token. */
  | ({ readonly kind: 'error' } & FakeErrorFields)
  /** HTTP 200 with an `error` in the body. */
  | ({ readonly kind: 'error_in_200' } & FakeErrorFields)
  /** An event with an `error` and finish reason `error` within a stream, which then ends. */
  | ({ readonly kind: 'error_event'; readonly after: number } & FakeErrorFields)
  /** The stream ends without finish reason and `[DONE]`. */
  | { readonly kind: 'truncate'; readonly after: number }
  /** The connection is reset; without `after` before the headers, and nothing was generated. */
  | { readonly kind: 'reset'; readonly after?: number }
  /** Nothing more is sent, until the client gives up. */
  | { readonly kind: 'stall'; readonly after: number }
  /** Slow first byte, slow pieces. */
  | { readonly kind: 'delay'; readonly first_byte_ms?: number; readonly piece_ms?: number }
  /** Another body altogether: HTML of a proxy, JSON that is cut, and so on. */
  | {
      readonly kind: 'body'
      readonly status?: number
      readonly content_type?: string
      readonly text: string
    }
  /** No choices, no tokens, nothing billed. */
  | { readonly kind: 'empty' }
  /** The same answer in another shape. */
  | ({ readonly kind: 'shape' } & FakeShape)

export interface FakeShape {
  /** Lines end with CRLF. */
  readonly crlf?: boolean
  /** Bytes of a piece: 1 splits every character, a large number puts all events in one. */
  readonly piece_bytes?: number
  /** `data` lines of each event; the JSON is broken between its members. */
  readonly multi_line?: boolean
  /** Where a stream says its usage. @default 'last': a chunk of its own, with `choices: []` */
  readonly usage?: 'last' | 'with_choices' | 'twice' | 'missing'
  readonly content_type?: string
  /** Bytes after `[DONE]`. */
  readonly tail?: string
  /** `[DONE]` twice. */
  readonly done_twice?: boolean
  /** Comments before each event. @default 0, and one before the first event */
  readonly comments?: number
}

/** When something goes wrong. All that is given must hold. */
export interface FakeFaultRule {
  /** The model that is about to answer, as asked for: a fault of one model lets `models` go on. */
  readonly model?: string
  /** The end of the path, such as `/chat/completions`. */
  readonly path?: string
  readonly test?: (ask: FakeAsk) => boolean
  /** Only the so-many-th of those that the rest holds for, from 1. */
  readonly nth?: number
  /** At most so many times. @default always */
  readonly times?: number
  readonly fault: FakeFault
}

export interface Faults {
  set(rules: readonly FakeFaultRule[]): void
  /** What goes wrong with this attempt. */
  of(ask: FakeAsk, model: string, path: string): readonly FakeFault[]
}

export function createFaults(first: readonly FakeFaultRule[]): Faults {
  let rules = counted(first)
  return {
    set(next) {
      rules = counted(next)
    },
    of(ask, model, path) {
      return rules.filter((rule) => rule.strikes(ask, model, path)).map(({ fault }) => fault)
    },
  }
}

interface CountedRule {
  readonly fault: FakeFault
  strikes(ask: FakeAsk, model: string, path: string): boolean
}

function counted(rules: readonly FakeFaultRule[]): readonly CountedRule[] {
  return rules.map((rule) => {
    let seen = 0
    let struck = 0
    return {
      fault: rule.fault,
      strikes(ask, model, path) {
        const isMeant =
          (rule.model ?? model) === model &&
          path.endsWith(rule.path ?? '') &&
          (rule.test?.(ask) ?? true)
        if (!isMeant) return false
        seen++
        if (seen !== (rule.nth ?? seen) || struck >= (rule.times ?? Number.POSITIVE_INFINITY))
          return false
        struck++
        return true
      },
    }
  })
}

/** The first fault of a kind. */
export function faultOf<K extends FakeFault['kind']>(
  faults: readonly FakeFault[],
  kind: K,
): Extract<FakeFault, { kind: K }> | undefined {
  return faults.find((fault): fault is Extract<FakeFault, { kind: K }> => fault.kind === kind)
}

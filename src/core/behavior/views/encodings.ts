import type { Budget } from './budget.ts'

/** How a text may be hidden. A view names those that were undone, outermost first. */
export const ENCODINGS = [
  'base64',
  'hex',
  'base32',
  'base58',
  'base85',
  'compressed',
  'utf16',
  'percent',
  'entities',
  'escapes',
  'quoted_printable',
  'punycode',
  'utf7',
  'byte_list',
  'binary',
  'compatibility',
  'selectors',
  'reversed',
  'rot13',
  'rot47',
  'doubled',
  'leet',
  'spaced',
  'morse',
  'spelled',
] as const
export type Encoding = (typeof ENCODINGS)[number]

/** What a text says once it is decoded. */
export interface View {
  readonly text: string
  /** The encodings undone, outermost first. */
  readonly by: readonly Encoding[]
}

/** Undoes gzip, zlib or deflate, up to `max` bytes; undefined where the bytes are none of them. */
export type Inflate = (bytes: Uint8Array, max: number) => Inflated | undefined

export interface Inflated {
  readonly bytes: Uint8Array
  /** False: there is more than `max`, and these are the first of them. */
  readonly whole: boolean
}

/** What decoders have to work with. */
export interface Means {
  readonly inflate: Inflate | undefined
  readonly budget: Budget
}

export interface ViewOptions {
  /** Default: compressed bytes are not looked into. */
  readonly inflate?: Inflate
  /** @default 256 */
  readonly maxViews?: number
  /** What this and other texts may cost together; by default what a text of its length may. */
  readonly budget?: Budget
  /**
   * False: texts backwards and rotated are not given as such, only what is encoded in them.
   * @default true
   */
  readonly mirrors?: boolean
}

/**
 * A text without one encoding: the stretches that were encoded, with what stands around them as it was.
 * Of a long text, what is far from all of them is left out.
 */
export interface Decoded {
  readonly text: string
  readonly by: readonly Encoding[]
}

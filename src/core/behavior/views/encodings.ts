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

/** Undoes gzip, zlib or deflate; undefined where the bytes are none of them, or hold more than `max`. */
export type Inflate = (bytes: Uint8Array, max: number) => Uint8Array | undefined

export interface ViewOptions {
  /** Default: compressed bytes are not looked into. */
  readonly inflate?: Inflate
  /** @default 64 */
  readonly maxViews?: number
  /**
   * False: texts backwards and rotated are not given as such, only what is encoded in them.
   * @default true
   */
  readonly mirrors?: boolean
}

/** A text without one encoding; a stretch that is not encoded stays as it is. */
export interface Decoded {
  readonly text: string
  readonly by: readonly Encoding[]
}

/** What kind of thing a stretch of text is. */
export type ScanClass = 'secret' | 'pii' | 'instruction'
export const SCAN_CLASSES = ['secret', 'pii', 'instruction'] as const satisfies readonly ScanClass[]

/** A stretch of the scanned text. Says where it is and what it looks like, never what it says. */
export interface ScanMatch {
  readonly class: ScanClass
  /** Such as `stripe_secret_key`, `iban` or `override`: docs/reference/detectors.md lists them. */
  readonly kind: string
  /** UTF-16 offset of its first unit. */
  readonly start: number
  /** UTF-16 offset behind its last unit. */
  readonly end: number
  /** 0 to 1. */
  readonly confidence: number
}

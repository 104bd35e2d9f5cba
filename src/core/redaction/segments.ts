/**
 * Cuts a text where nothing that is looked for can reach over the cut: after several plain words in a
 * row. Where no such place comes, whoever takes the segments says how much of a long one may go. Both
 * depend on the text alone, not on its pieces: redacting a stream gives the same however it comes.
 */
export interface Segmenter {
  /** Hands on the segments that are complete now, in order. */
  push(chunk: string, take: Take): void
  /** And what is left. */
  end(take: Take): void
}

/** Takes a segment; of a forced one at least one character, and answers how much. */
type Take = (segment: string, isForced: boolean) => number

/** A plain word: letters, and at most punctuation that ends a clause. */
const PLAIN = /^["'(«„“]?\p{L}{1,24}(?:['’]\p{L}{1,6})?[.,;!?)»”"']{0,3}$/u
/** Plain words in a row after which nothing before them matters any more. */
const CALM = 6
// No key block, no record of any kind is longer: a text without a calm place is cut when so much waits.
const LONGEST = 16_384

export function createSegmenter(): Segmenter {
  return new TextSegmenter()
}

class TextSegmenter implements Segmenter {
  #pending = ''
  /** Where the current word starts in what is pending. */
  #word = 0
  /** How far that was looked at. */
  #at = 0
  /** Plain words in a row before the current one. */
  #calm = CALM

  push(chunk: string, take: Take): void {
    this.#pending += chunk
    let from = 0
    for (; this.#at < this.#pending.length; this.#at++) {
      const end = this.#endOfSegment(from)
      if (end <= from) continue
      const isForced = end === this.#at
      const taken = take(this.#pending.slice(from, end), isForced)
      from = isForced ? from + taken : end
      this.#word = Math.max(this.#word, from)
    }
    this.#pending = this.#pending.slice(from)
    this.#word -= from
    this.#at -= from
  }

  /** Where the segment from `from` ends by what stands at the current place; 0: not here. */
  #endOfSegment(from: number): number {
    const at = this.#at
    const code = this.#pending.charCodeAt(at)
    if (isBlank(code)) {
      if (at > this.#word)
        this.#calm = isPlain(this.#pending.slice(this.#word, at)) ? this.#calm + 1 : 0
      this.#word = at + 1
      return this.#calm < CALM ? 0 : at + 1
    }
    return at - from < LONGEST || isLowSurrogate(code) ? 0 : at
  }

  end(take: Take): void {
    take(this.#pending, false)
    this.#pending = ''
    this.#word = 0
    this.#at = 0
    this.#calm = CALM
  }
}

function isPlain(word: string): boolean {
  return word.length <= 32 && PLAIN.test(word) && !isTelling(word)
}

function isTelling(word: string): boolean {
  return TELLING.test(word)
}

/** Words that say what follows them is a secret or a person's: kept together with what follows. */
const TELLING =
  /pass|pwd|secret|token|key|api|pin\b|credential|auth|bearer|login|user|account|konto|iban|swift|bic|card|karte|tarjeta|carte|cvv|cvc|ssn|social|security|tax|steuer|phone|tel|mobil|handy|mail|address|adresse|birth|geburt|born|passport|ausweis|licen[cs]e|number|nummer|num[ée]ro|n[uú]mero|code|ident|id\b|ip\b|nhs|national|insurance|versicherung|medicare|patient|driver|routing|private|begin|certificate/i

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

export function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

import { isPromise } from '../../core/model/json.ts'

type Reader = (value: unknown) => unknown
type Settled =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown }

/**
 * What a server will answer. Its readers are told in the turn in which it is settled: a promise would
 * tell them later, and messages that came after the answer would overtake it.
 */
export class Later implements PromiseLike<unknown> {
  #settled: Settled | undefined
  #readers: ((settled: Settled) => void)[] = []

  resolve(value: unknown): void {
    this.#settle({ ok: true, value })
  }

  reject(error: unknown): void {
    this.#settle({ ok: false, error })
  }

  // biome-ignore lint/suspicious/noThenProperty: it is read as a promise is
  then<A = unknown, B = never>(
    onValue?: ((value: unknown) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Later & PromiseLike<A | B> {
    const next = new Later()
    const read = (settled: Settled): void => {
      const reader: Reader | null | undefined = settled.ok ? onValue : onError
      if (typeof reader !== 'function') next.#settle(settled)
      else next.#run(reader, settled.ok ? settled.value : settled.error)
    }
    if (this.#settled === undefined) this.#readers.push(read)
    else read(this.#settled)
    return next as Later & PromiseLike<A | B> // it is told nothing but what these return
  }

  #run(reader: Reader, value: unknown): void {
    try {
      const given = reader(value)
      if (!isPromise(given)) this.resolve(given)
      else
        given.then(
          (later) => this.resolve(later),
          (error: unknown) => this.reject(error),
        )
    } catch (error) {
      this.reject(error)
    }
  }

  /** What comes after the first is not heard. */
  #settle(settled: Settled): void {
    if (this.#settled !== undefined) return
    this.#settled = settled
    const readers = this.#readers
    this.#readers = []
    for (const read of readers) read(settled)
  }
}

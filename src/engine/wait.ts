/** Waits for a promise, but not for ever: after `limitMs` the answer is what `late` gives or throws. */
export function within<T>(promise: PromiseLike<T>, limitMs: number, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(late())
      } catch (error) {
        reject(error)
      }
    }, limitMs)
    // Anything with a `then` may come from a host: a real promise has `finally` and settles once.
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}

/** Waits for a promise, but not for ever: after `limitMs` the answer is what `late` gives or throws. */
export function within<T>(promise: Promise<T>, limitMs: number, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(late())
      } catch (error) {
        reject(error)
      }
    }, limitMs)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** What was promised, or a rejection after so many milliseconds. */
export function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(Object.assign(new Error('it took too long'), { name: 'TimeoutError' }))
    }, ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

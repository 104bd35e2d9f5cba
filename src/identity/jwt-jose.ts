/** Loaded with the first token: a program without tokens never pays for it. */
let loading: Promise<typeof import('jose')> | undefined

export function loadJose(): Promise<typeof import('jose')> {
  loading ??= import('jose').catch((cause: unknown) => {
    loading = undefined
    throw cause
  })
  return loading
}

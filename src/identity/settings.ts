import { refuseOption } from '../core/option-checks.ts'

/** One name or several, none empty. */
export function namesOf(what: string, value: unknown): readonly string[] {
  const names: unknown[] = Array.isArray(value) ? value : [value]
  if (names.length === 0) refuseOption(`${what}: it names at least one`)
  return Object.freeze(
    names.map((name) =>
      typeof name === 'string' && name !== '' && name.length <= MAX_NAME
        ? name
        : refuseOption(`${what}: it is a text of 1 to ${MAX_NAME} characters, or a list of them`),
    ),
  )
}
const MAX_NAME = 1024

import { isMap } from '../../json-kind.ts'

/** Reading values whose shape may be wrong: what does not fit is reported elsewhere and left out here. */
export type LooseMap = Readonly<Record<string, unknown>>

export function member(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

export function listOf(value: unknown, key: string): readonly unknown[] {
  const list = member(value, key)
  return Array.isArray(list) ? list : []
}

export function textOf(value: unknown, key: string): string | undefined {
  const text = member(value, key)
  return typeof text === 'string' ? text : undefined
}

export function numberOf(value: unknown, key: string): number | undefined {
  const number = member(value, key)
  return typeof number === 'number' ? number : undefined
}

/** A text, or each text of a list. */
export function textsOf(value: unknown, key: string): readonly string[] {
  const found = member(value, key)
  if (typeof found === 'string') return [found]
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : []
}

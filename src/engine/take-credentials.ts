import { isMap, isPlainObject } from '../core/json-kind.ts'
import type { Credentials } from '../core/model/call.ts'

const NO_CREDENTIALS: Credentials = Object.freeze({})
const TEXTS = ['bearer', 'peer', 'path'] as const

/**
 * Known fields only, each read once, so that no getter is run where nobody would catch what it throws.
 * What is no text stays there as such: identity providers refuse it.
 */
export function takeCredentials(credentials: unknown): Credentials {
  if (credentials === undefined || credentials === null) return NO_CREDENTIALS
  if (typeof credentials !== 'object') return credentials as Credentials // refused by `receive`
  const fields = credentials as Readonly<Record<string, unknown>>
  const copy: Record<string, unknown> = {}
  for (const name of TEXTS) {
    const value = fields[name]
    if (value !== undefined) copy[name] = value
  }
  const headers = fields['headers']
  if (headers !== undefined) copy['headers'] = takeHeaders(headers)
  return Object.freeze(copy)
}

// A prototype that no plain object has.
const HIDING = Object.freeze({})

function takeHeaders(headers: unknown): unknown {
  if (!isMap(headers)) return null
  const taken = Object.entries(headers).map(([name, value]) => [name, takeValue(value)] as const)
  const copy: object = Object.fromEntries(taken)
  if (isPlainObject(headers)) return Object.freeze(copy)
  // Another kind of object, such as `Headers`, hides what it says, which must not be forgotten.
  return Object.freeze(Object.create(HIDING, Object.getOwnPropertyDescriptors(copy)))
}

function takeValue(value: unknown): unknown {
  if (!Array.isArray(value)) return typeof value === 'object' ? null : value
  return Object.freeze(value.filter((one) => typeof one === 'string'))
}

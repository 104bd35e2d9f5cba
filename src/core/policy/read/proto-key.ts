import type { Fault, Path } from './source.ts'

/** Keys that reach an object's prototype in careless code. No policy has a use for them. */
export function isProtoKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype'
}

export function protoKeyFault(key: string, at: number | null, path: Path): Fault {
  return { kind: 'proto_key', message: `\`${key}\` is not allowed as a key`, at, path }
}

import { SECRET_FORMATS, secretDetectors } from './detectors.ts'
import { FIELD_KINDS } from './field.ts'
import { VENDOR_KEYS } from './vendor.ts'
import { WEB_ADDRESS_KINDS } from './web-address.ts'

/** Detectors that stand for many kinds, none of which is called as they are. */
const FAMILIES: ReadonlySet<string> = new Set(['secret_format'])

/** What a match of class `secret` may be called, sorted. */
export const secretKinds = (): readonly string[] =>
  [
    ...new Set([
      ...SECRET_FORMATS.map(([kind]) => kind),
      ...VENDOR_KEYS.map(({ kind }) => kind),
      ...secretDetectors()
        .map(({ kind }) => kind)
        .filter((kind) => !FAMILIES.has(kind)),
      ...FIELD_KINDS,
      ...WEB_ADDRESS_KINDS,
    ]),
  ].sort()

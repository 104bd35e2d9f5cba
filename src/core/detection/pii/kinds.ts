import { ALL_SCHEMES } from './all-schemes.ts'
import { PII_DETECTORS } from './detectors.ts'
import { WALLET_KINDS } from './forms/wallet.ts'

/** Every kind of personal data that a scan may answer, in the order of the alphabet. */
export const PII_KINDS: readonly string[] = [
  ...new Set([
    ...ALL_SCHEMES.map(({ kind }) => kind),
    ...PII_DETECTORS.map(({ kind }) => kind),
    ...WALLET_KINDS,
    'email_address',
    'ip_address',
    'mac_address',
  ]),
].sort()

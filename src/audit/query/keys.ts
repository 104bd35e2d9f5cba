import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { CallgateError } from '../../core/model/errors.ts'

/** @throws {CallgateError} ERR_OPTIONS_INVALID for a file that holds no Ed25519 private key in PEM */
export function readPrivateKey(file: string): Promise<KeyObject> {
  return readKey(file, 'private', createPrivateKey)
}

/** @throws {CallgateError} ERR_OPTIONS_INVALID for a file that holds no Ed25519 public key in PEM */
export function readPublicKey(file: string): Promise<KeyObject> {
  return readKey(file, 'public', (pem) => {
    // Of a private key a public one can be made; whoever only verifies should not have it.
    if (pem.includes('PRIVATE KEY')) throw new TypeError('it is a private key')
    return createPublicKey(pem)
  })
}

async function readKey(
  file: string,
  kind: 'private' | 'public',
  create: (pem: string) => KeyObject,
): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8')
  let key: KeyObject | undefined
  try {
    key = create(pem)
  } catch {
    // The cause may hold a part of the key.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key
  const how =
    kind === 'private'
      ? 'make one with `openssl genpkey -algorithm ed25519`'
      : 'make it from the private one with `openssl pkey -pubout`'
  throw new CallgateError(
    'ERR_OPTIONS_INVALID',
    `${file}: not a ${kind} Ed25519 key in PEM: ${how}`,
  )
}

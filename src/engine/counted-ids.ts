import { randomBytes } from 'node:crypto'

// Randomness is dear by the call and cheap by the block.
const BLOCK = 1024
const DIGITS = 8

/**
 * A random prefix per engine, a counter and a random end: unique, ordered, and cheaper than a UUID.
 * Whoever knows one id cannot guess the next, and so not name the call of somebody else.
 */
export function countedIds(): () => string {
  const prefix = randomBytes(10).toString('hex')
  let block = ''
  let count = 0
  return () => {
    const at = (count % BLOCK) * DIGITS
    if (at === 0) block = randomBytes((BLOCK * DIGITS) / 2).toString('hex')
    return `${prefix}-${(count++).toString(36)}-${block.slice(at, at + DIGITS)}`
  }
}

import { lstatSync, realpathSync } from 'node:fs'
import type { RealPath } from '../core/model/ports.ts'

/**
 * Where a path leads, by the file system. A link whose target is missing is told apart from a path
 * that is missing: writing "through" it would create a file wherever the link points.
 */
export const realPath: RealPath = (path) => {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && isThere(path))
      throw Object.assign(new Error('a link leads to nothing'), { code: 'EDANGLING', cause: error })
    throw error
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}

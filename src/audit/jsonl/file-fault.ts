import type { FileFacts } from './file-system.ts'

/** What somebody else has done to a file that is open, by what it is now and what its path names. */
export function faultOf(
  current: { readonly size: number },
  own: FileFacts,
  named: FileFacts | undefined,
) {
  if (own.size < current.size)
    return {
      code: 'audit_file_truncated',
      message: 'was cut by somebody else (copytruncate loses records: use `rotate`, or rename)',
      loses: true,
    } as const
  if (own.links === 0)
    return { code: 'audit_file_deleted', message: 'was deleted', loses: true } as const
  if (own.size > current.size)
    return {
      code: 'audit_file_changed',
      message: 'was written by somebody else',
      loses: false,
    } as const
  if (named?.inode !== own.inode)
    return {
      code: 'audit_file_moved',
      message: 'was moved; a new one is begun',
      loses: false,
    } as const
  return undefined
}

import { AsyncResource } from 'node:async_hooks'

/**
 * Runs something later as if it was run here. What makes a server speak may be run within an
 * `engine.run` of somebody else.
 */
export function laterFromHere(): <T>(run: () => T) => T {
  const here = new AsyncResource('callgate.mcp')
  return (run) => here.runInAsyncScope(run)
}

export type UpstreamState = 'starting' | 'up' | 'degraded' | 'down'

/** How a server is doing, over all sessions. */
export interface UpstreamHealth {
  /** `starting` until somebody has used it; `degraded` where it is there for some, or does not give its lists. */
  readonly state: UpstreamState
  /** Epoch milliseconds of the last change of `state`. */
  readonly since: number
  /** Connections that had to be made anew. */
  readonly restarts: number
  /** A short code of what went wrong last, such as `ENOENT` or `timeout`; never a message. */
  readonly lastError: string | null
  /** Tools that the last session to ask was shown. */
  readonly tools: number
}

/** What one connection to a server tells. */
export interface HealthOfLink {
  state(state: UpstreamState): void
  failed(code: string): void
  restarted(): void
  tools(count: number): void
  /** It is no more. */
  end(): void
}

export interface HealthBook {
  link(): HealthOfLink
  view(): UpstreamHealth
}

export function createHealth(now: () => number = Date.now): HealthBook {
  const states = new Map<object, UpstreamState>()
  let view: UpstreamHealth = {
    state: 'starting',
    since: now(),
    restarts: 0,
    lastError: null,
    tools: 0,
  }
  const update = (change: Partial<UpstreamHealth>): void => {
    const state = folded(states.values(), view.state)
    view = { ...view, ...change, ...(state === view.state ? {} : { state, since: now() }) }
  }
  return {
    view: () => view,
    link() {
      const key = {}
      return {
        state(state) {
          states.set(key, state)
          update({})
        },
        failed: (code) => update({ lastError: code }),
        restarted: () => update({ restarts: view.restarts + 1 }),
        tools: (count) => update({ tools: count }),
        end() {
          states.delete(key)
          update({})
        },
      }
    },
  }
}

/** Nobody uses it: it is as it was. */
function folded(states: Iterable<UpstreamState>, before: UpstreamState): UpstreamState {
  const [first, ...others] = new Set(states)
  if (first === undefined) return before
  return others.length === 0 ? first : 'degraded'
}

import type { StreamViewer } from './events.ts'
import { droppedFrame, type Frame, sees } from './frame.ts'

/** Why a connection ends. */
export type Ending = 'slow' | 'dead' | 'gone' | 'closed'

/** What carries frames to one reader. */
export interface Pipe {
  /** It would take a frame without piling it up. */
  isReady(): boolean
  send(frame: Frame): void
  /** Frames wait that it was not ready for: it calls `pump` when it is. */
  stalled(): void
  /** Asks whether anybody is there; false: nobody has answered the last time. */
  probe(): boolean
  end(why: Ending): void
}

export interface Connection {
  readonly viewer: StreamViewer
  offer(frame: Frame): void
  /** A frame for everybody, which nobody misses: not sent to a reader that is behind. */
  nudge(frame: Frame): void
  /** Counts frames that cannot be had any more. */
  lose(count: number | null): void
  pump(): void
  /** Once a heartbeat: undefined where all is well. */
  judge(): 'slow' | 'dead' | undefined
  end(why: Ending): void
}

/** Bytes that wait for one reader, whatever their number. */
const MAX_QUEUE_BYTES = 4 * 1024 * 1024
/** Heartbeats in a row without a frame taken, or with some lost. */
const MAX_STRIKES = 2

/**
 * The queue of one reader. A full one loses its oldest frames, and the reader is told how many once it
 * reads again; one that stays behind is ended.
 */
export function createConnection(viewer: StreamViewer, pipe: Pipe, maxQueue: number): Connection {
  const queue: Frame[] = []
  const loss = createLoss()
  let [bytes, strikes] = [0, 0]
  let [hasTaken, hasLost, isPumping, isOver] = [false, false, false, false]

  const next = (): Frame | undefined => {
    const told = loss.take()
    if (told !== undefined) return told
    const frame = queue.shift()
    bytes -= frame?.bytes ?? 0
    return frame
  }
  const pump = (): void => {
    // A pipe may call back while it is sent to.
    if (isPumping || isOver) return
    isPumping = true
    while (!isOver && pipe.isReady()) {
      const frame = next()
      if (frame === undefined) break
      hasTaken = true
      pipe.send(frame)
    }
    isPumping = false
    if (!isOver && queue.length > 0) pipe.stalled()
  }
  return {
    viewer,
    offer(frame) {
      if (isOver || !sees(viewer, frame)) return
      queue.push(frame)
      bytes += frame.bytes
      while (queue.length > maxQueue || (bytes > MAX_QUEUE_BYTES && queue.length > 1)) {
        bytes -= queue.shift()?.bytes ?? 0
        loss.add(1)
        hasLost = true
      }
      pump()
    },
    nudge(frame) {
      if (!isOver && queue.length === 0 && pipe.isReady()) pipe.send(frame)
    },
    // Of the past, or for its size: the reader is not to blame.
    lose: loss.add,
    pump,
    judge() {
      const isBehind = hasLost || (queue.length > 0 && !hasTaken)
      hasLost = false
      hasTaken = false
      strikes = isBehind ? strikes + 1 : 0
      if (strikes >= MAX_STRIKES) return 'slow'
      return pipe.probe() ? undefined : 'dead'
    },
    end(why) {
      if (isOver) return
      loss.add(queue.length)
      queue.length = 0
      // The last thing a slow reader may still get says what it has missed.
      const told = why === 'slow' ? loss.take() : undefined
      if (told !== undefined) pipe.send(told)
      isOver = true
      pipe.end(why)
    },
  }
}

/** What a reader has missed and was not told of yet. */
function createLoss() {
  let count = 0
  let isCounted = true
  return {
    add(more: number | null): void {
      if (more === null) isCounted = false
      else count += more
    },
    take(): Frame | undefined {
      if (count === 0 && isCounted) return undefined
      const frame = droppedFrame(isCounted ? count : null)
      count = 0
      isCounted = true
      return frame
    },
  }
}

import type { Definition } from './definition.ts'

/** What is kept of one tool. */
export interface Pin {
  readonly server: string
  readonly tool: string
  /** Undefined: nobody has accepted any definition of it. */
  readonly accepted: Definition | undefined
  /** What was listed last, where that is not what was accepted. */
  readonly offered: Definition | undefined
}

/** Pins by `pinKey`, to be changed in place. */
export type PinTable = Map<string, Pin>

/**
 * Keeps what was accepted. Synchronous, so that no tool is called between being listed and being kept.
 * Several processes may share what is kept.
 */
export interface PinStore {
  /** All that is kept now, whoever put it there. Cheap where nothing has changed. */
  read(): ReadonlyMap<string, Pin>
  /**
   * Changes what is kept now. `edit` answers whether it changed anything. All or nothing: a throw
   * leaves everything as it was.
   */
  update(edit: (pins: PinTable) => boolean): ReadonlyMap<string, Pin>
}

/** Most UTF-16 units of definitions that one store keeps. */
export const MAX_KEPT = 16 * 1024 * 1024
/** What a pin costs besides its definitions. */
const PIN_COST = 256

export function pinKey(server: string, tool: string): string {
  return `${server}\n${tool}` // no name has a line break
}

/** True where there is room for so many more definitions. */
export function fits(pins: ReadonlyMap<string, Pin>): boolean {
  let size = 0
  for (const { accepted, offered } of pins.values())
    size += PIN_COST + (accepted?.size ?? 0) + (offered?.size ?? 0)
  return size <= MAX_KEPT
}

/** Pins of this process: after a restart the first definition of a tool is accepted anew. */
export function memoryPins(): PinStore {
  let pins: ReadonlyMap<string, Pin> = new Map()
  return {
    read: () => pins,
    update(edit) {
      const next = new Map(pins)
      if (edit(next)) pins = next
      return pins
    },
  }
}

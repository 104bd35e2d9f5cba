import { randomUUID } from 'node:crypto'

interface Events<Message> {
  storeEvent(streamId: string, message: Message): Promise<string>
  getStreamIdForEventId(eventId: string): Promise<string | undefined>
  replayEventsAfter(
    lastEventId: string,
    how: { send(eventId: string, message: Message): Promise<void> },
  ): Promise<string>
}

/** What was sent on the streams of one session, for clients that come back. */
export function eventsInMemory<Message>(): Events<Message> {
  const events: { readonly id: string; readonly streamId: string; readonly message: Message }[] = []
  const streamOf = (eventId: string): string | undefined =>
    events.find(({ id }) => id === eventId)?.streamId
  return {
    async storeEvent(streamId, message) {
      const id = `event-${events.length}`
      events.push({ id, streamId, message })
      return id
    },
    getStreamIdForEventId: async (eventId) => streamOf(eventId),
    async replayEventsAfter(lastEventId, { send }) {
      const streamId = streamOf(lastEventId) ?? ''
      const last = events.findIndex(({ id }) => id === lastEventId)
      for (const event of events.slice(last + 1))
        if (event.streamId === streamId && isMessage(event.message))
          await send(event.id, event.message)
      return streamId
    },
  }
}

/** The first event of a stream carries none. */
function isMessage(message: unknown): boolean {
  return typeof message === 'object' && message !== null && Object.keys(message).length > 0
}

/** How transports of sessions are made, in both majors of the SDK. */
export interface SessionOptions {
  readonly sessionIdGenerator: () => string
  readonly onsessioninitialized: (id: string) => void
  readonly onsessionclosed: (id: string) => void
  readonly retryInterval: number
}

const RETRY_MS = 100

/** Transports by the ids of their sessions. */
export function createSessions<Transport>(open: (options: SessionOptions) => Promise<Transport>) {
  const sessions = new Map<string, Transport>()
  const begin = async (): Promise<Transport> => {
    const transport = await open({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
      retryInterval: RETRY_MS,
    })
    return transport
  }
  return {
    /** A new one where there is no id, and nothing where nobody knows the id. */
    find: async (id: string | null | undefined): Promise<Transport | undefined> =>
      id === null || id === undefined ? begin() : sessions.get(id),
  }
}

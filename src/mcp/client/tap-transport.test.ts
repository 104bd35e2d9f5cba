import { describe, expect, it } from 'vitest'
import type { Message, Transport } from '../host.ts'
import { tapTransport } from './tap-transport.ts'

const MESSAGE: Message = { jsonrpc: '2.0', method: 'notifications/x' }

/** A transport whose callback is a field. */
class Plain implements Transport {
  readonly sent: Message[] = []
  onmessage: Transport['onmessage'] = undefined
  onclose: Transport['onclose'] = undefined
  async send(message: Message): Promise<void> {
    this.sent.push(message)
  }
  arrive(message: Message): void {
    this.onmessage?.(message)
  }
}

/** A transport that hands its callback to another one, as some of the SDK do. */
class Delegating implements Transport {
  readonly inner = new Plain()
  get onmessage(): Transport['onmessage'] {
    return this.inner.onmessage
  }
  set onmessage(callback: Transport['onmessage']) {
    this.inner.onmessage = callback
  }
  onclose: Transport['onclose'] = undefined
  send(message: Message): Promise<void> {
    return this.inner.send(message)
  }
  arrive(message: Message): void {
    this.inner.arrive(message)
  }
}

const KINDS = [
  { kind: 'a field', make: () => new Plain() },
  { kind: 'an accessor', make: () => new Delegating() },
]

function tapped(transport: Plain | Delegating) {
  const received: Message[] = []
  const taps = {
    send: async () => undefined,
    receive: (message: Message) => void received.push(message),
    closed: () => undefined,
  }
  return { received, taps: tapTransport(transport, taps) }
}

describe.each(KINDS)('a tapped transport whose callback is $kind', ({ make }) => {
  it('hands nothing to a reader but what it is given back', () => {
    const transport = make()
    const heard: Message[] = []
    const { received, taps } = tapped(transport)
    transport.onmessage = (message) => void heard.push(message)
    transport.arrive(MESSAGE)
    expect({ received, heard }).toEqual({ received: [MESSAGE], heard: [] })
    taps.deliver(MESSAGE, undefined)
    expect(heard).toEqual([MESSAGE])
  })

  it('guards a reader that was there before', () => {
    const transport = make()
    const heard: Message[] = []
    transport.onmessage = (message) => void heard.push(message)
    const { received, taps } = tapped(transport)
    transport.arrive(MESSAGE)
    expect({ received, heard }).toEqual({ received: [MESSAGE], heard: [] })
    taps.undo()
    transport.arrive(MESSAGE)
    expect(heard).toEqual([MESSAGE])
  })

  it('lets readers hand on to those before them, once', () => {
    const transport = make()
    const heard: string[] = []
    const { received, taps } = tapped(transport)
    transport.onmessage = () => void heard.push('first')
    const { onmessage: first } = transport
    transport.onmessage = (message) => {
      first?.(message)
      heard.push('second')
    }
    transport.arrive(MESSAGE)
    taps.deliver(MESSAGE, undefined)
    expect({ received, heard }).toEqual({ received: [MESSAGE], heard: ['first', 'second'] })
  })

  it('knows a reader that is read, and put back', () => {
    const transport = make()
    const heard: Message[] = []
    const { received, taps } = tapped(transport)
    transport.onmessage = (message) => void heard.push(message)
    const { onmessage: saved } = transport
    transport.onmessage = () => undefined
    transport.onmessage = saved
    transport.arrive(MESSAGE)
    taps.deliver(MESSAGE, undefined)
    expect({ received, heard }).toEqual({ received: [MESSAGE], heard: [MESSAGE] })
  })

  it('has no reader until one is set', () => {
    const transport = make()
    tapped(transport)
    expect(transport.onmessage).toBeUndefined()
  })
})

import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Unpacks what begins with `first` and goes on with `rest`. Throws what `broken` makes of data that is none. */
export async function* unpack(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  broken: (cause: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  const source = async function* () {
    yield first
    for (let next = await rest.next(); next.done !== true; next = await rest.next())
      yield next.value
  }
  const packed = Readable.from(source(), { objectMode: false })
  const gunzip = createGunzip()
  packed.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const bytes of packed.pipe(gunzip)) yield bytes as Uint8Array // gunzip gives buffers
  } catch (cause) {
    throw broken(cause)
  } finally {
    packed.destroy()
    gunzip.destroy()
  }
}

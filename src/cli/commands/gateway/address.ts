import { UsageError } from '../../command.ts'

/** Where to listen. Without a host: on loopback. */
export interface Address {
  readonly host?: string
  readonly port: number
}

const ADDRESS = /^(?:(\[[0-9a-f:.]+\]|[a-z0-9._-]+):)?(\d{1,5})$/i

/**
 * `7475`, `0.0.0.0:7475` or `[::1]:7475`.
 * @throws {UsageError}
 */
export function parseAddress(option: string, text: string): Address {
  const [, host, digits] = ADDRESS.exec(text) ?? []
  const port = Number(digits)
  if (digits === undefined || port > 65_535)
    throw new UsageError(
      `\`--${option}\` does not understand \`${text}\``,
      'write a port such as `7475`, or `HOST:PORT`',
    )
  return host === undefined ? { port } : { port, host: host.replace(/^\[(.*)\]$/, '$1') }
}

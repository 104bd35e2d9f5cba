import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AuditRecord } from '../../core/model/audit-record.ts'

/** What the receiver does with one request: answers, or something worse. */
export type Answer =
  | number
  | 'hang'
  | 'reset'
  | 'endless'
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }

export interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A real server on this machine. Answers go by in order; when they are used up, 204. */
export async function startReceiver() {
  const received: Received[] = []
  const answers: Answer[] = []
  const server = createServer((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      received.push({ path: incoming.url ?? '', headers: incoming.headers, body })
      reply(outgoing, answers.shift() ?? 204)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answers,
    stop(): Promise<void> {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function reply(outgoing: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return
  if (answer === 'reset') {
    outgoing.socket?.resetAndDestroy()
    return
  }
  if (answer === 'endless') {
    outgoing.writeHead(200).write('.') // and no end
    return
  }
  if (typeof answer === 'number') outgoing.writeHead(answer).end('ok')
  else outgoing.writeHead(answer.status, answer.headers).end()
}

/** As a receiver keeps them: a batch that it has seen is not kept again. */
export function keptOf(received: readonly Received[], path: string): readonly AuditRecord[] {
  const batches = new Map<string, string>()
  for (const one of received)
    if (one.path === path) batches.set(String(one.headers['webhook-id']), one.body)
  return [...batches.values()].flatMap((body) =>
    body.startsWith('[')
      ? (JSON.parse(body) as AuditRecord[])
      : body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as AuditRecord),
  )
}

/** What is known of a request besides itself. */
export interface RequestInfo {
  /** Address that the connection came from; empty where it is gone already. */
  readonly peer: string
  /** The path as it came, with its query: `request.url` has it tidied up. */
  readonly path: string
}

/** Answers HTTP requests by the types of the web platform. */
export type HttpHandler = (request: Request, info: RequestInfo) => Promise<Response>

/** A request that is refused before a handler sees it, or while its body is read. */
export class RefusedRequest extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.name = 'RefusedRequest'
    this.status = status
  }
}

/** For refusals: why, in a line of plain text that no browser takes for anything else. */
export function plainResponse(status: number, message: string): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  })
}

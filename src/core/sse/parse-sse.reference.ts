import type { SseEvent } from './parse-sse.ts'

/** The obvious way, for a whole stream at once: what `createSseParser` must agree with. */
export function parseSseReference(bytes: Uint8Array): readonly SseEvent[] {
  const text = new TextDecoder().decode(bytes)
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  const events: SseEvent[] = []
  let block: string[] = []
  for (const line of lines) {
    block.push(line)
    if (!/^[\r\n]+$/.test(line)) continue
    events.push(read(block, true))
    block = []
  }
  return block.length === 0 ? events : [...events, read(block, false)]
}

function read(block: readonly string[], isComplete: boolean): SseEvent {
  const fields = block.map((line) => {
    const [, name = '', colon, value = ''] = /^([^:\r\n]*)(:)?(?: ?)([^\r\n]*)/.exec(line) ?? []
    return { name, colon, value }
  })
  const values = (name: string): readonly string[] =>
    fields.filter((field) => field.name === name).map(({ value }) => value)
  return {
    event: values('event').at(-1) || undefined,
    data: values('data').join('\n'),
    id: values('id')
      .filter((id) => !id.includes('\0'))
      .at(-1),
    comments: fields.filter((f) => f.name === '' && f.colon !== undefined).map((f) => f.value),
    raw: block.join(''),
    hasData: values('data').length > 0,
    isComplete,
  }
}

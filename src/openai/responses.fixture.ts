/** An item of a response. */
export interface Item extends Readonly<Record<string, unknown>> {
  readonly type: string
}

const USAGE = { input_tokens: 3, output_tokens: 4, total_tokens: 7, cost: 0.5 }

export function response(output: readonly Item[], status = 'completed'): Record<string, unknown> {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status,
    error: null,
    incomplete_details: null,
    model: 'gpt-4o-2024',
    output,
    usage: status === 'completed' ? USAGE : null,
  }
}

/** The same response as a stream: texts by word, arguments by three letters. */
export function responseEvents(output: readonly Item[]): string[] {
  const events: string[] = []
  const say = (type: string, more: object): void => {
    const data = { type, sequence_number: events.length, ...more }
    events.push(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  say('response.created', { response: response([], 'in_progress') })
  for (const [output_index, item] of output.entries()) {
    const place = { item_id: item['id'], output_index }
    const begun = { ...item, status: 'in_progress', ...emptied(item) }
    say('response.output_item.added', { output_index, item: begun })
    if (item.type === 'message') {
      const [part] = item['content'] as { text: string }[] // as tests make them
      const at = { ...place, content_index: 0 }
      say('response.content_part.added', { ...at, part: { ...part, text: '' } })
      for (const delta of part?.text.split(/(?<= )/) ?? [])
        say('response.output_text.delta', { ...at, delta, logprobs: [] })
      say('response.output_text.done', { ...at, text: part?.text, logprobs: [] })
      say('response.content_part.done', { ...at, part })
    }
    if (item.type === 'function_call') {
      const text = String(item['arguments'])
      for (const delta of text.match(/.{1,3}/gs) ?? [])
        say('response.function_call_arguments.delta', { ...place, delta })
      say('response.function_call_arguments.done', { ...place, arguments: text })
    }
    say('response.output_item.done', { output_index, item })
  }
  say('response.completed', { response: response(output) })
  return events
}

function emptied({ type }: Item): object {
  if (type === 'message') return { content: [] }
  return type === 'function_call' ? { arguments: '' } : {}
}

import { CallgateError } from '../model/errors.ts'

/** What an event says. Without `data`, readers are told nothing: it keeps a connection awake. */
export interface SseFields {
  readonly event?: string | undefined
  /** Every line end in it is read back as LF. */
  readonly data?: string | undefined
  readonly id?: string | undefined
  readonly comments?: readonly string[] | undefined
}

/**
 * The text of one event with its blank line, lines ended by LF: comments, `event`, `id`, `data`.
 * @throws {CallgateError} ERR_OPTIONS_INVALID where `event`, `id` or a comment has a line end, or `id`
 *   a NUL: what stands behind it would be read as a line of its own, or nothing would
 */
export function writeSse(fields: SseFields): string {
  const { event, data, id, comments = [] } = fields
  let text = ''
  for (const comment of comments) text += `: ${oneLine('comments', comment)}\n`
  if (event !== undefined) text += `event: ${oneLine('event', event)}\n`
  if (id !== undefined) text += `id: ${oneLine('id', id)}\n`
  if (data !== undefined) text += `data: ${data.replace(/\r\n?|\n/g, '\ndata: ')}\n`
  return `${text}\n`
}

function oneLine(name: string, value: string): string {
  if (/[\r\n]/.test(value) || (name === 'id' && value.includes('\0')))
    throw new CallgateError('ERR_OPTIONS_INVALID', `\`writeSse\`: \`${name}\` has no line ends`)
  return value
}

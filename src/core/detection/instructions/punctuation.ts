/** What a unit of punctuation does in a sentence. */
export const Mark = {
  none: 0,
  /** Behind it an order may begin inside a sentence. */
  opener: 1,
  stop: 2,
  question: 3,
  line: 4,
  backslash: 5,
  quote: 6,
} as const

let marks: Uint8Array | undefined

/** The {@link Mark} of every UTF-16 unit. */
export function markTable(): Uint8Array {
  if (marks !== undefined) return marks
  const table = new Uint8Array(0x10000)
  for (const unit of ',:>])\uff0c\uff1a') table[unit.charCodeAt(0)] = Mark.opener
  for (const unit of '.!\u3002\uff01\u0964') table[unit.charCodeAt(0)] = Mark.stop
  for (const unit of '?\uff1f\u061f') table[unit.charCodeAt(0)] = Mark.question
  for (const unit of '"\'') table[unit.charCodeAt(0)] = Mark.quote
  table[10] = Mark.line
  table[92] = Mark.backslash
  marks = table
  return table
}

/** What a task is told by stands at the ends: instructions come first or last, material between. */
const END_CHARACTERS = 1_500

/** At most 3,000 characters of a text: its head and its tail. */
export function excerptOf(text: string): string {
  if (text.length <= 2 * END_CHARACTERS) return text
  return `${text.slice(0, END_CHARACTERS)}\n${text.slice(-END_CHARACTERS)}`
}

/** The places of an excerpt where people say what they want: its first and last few lines. */
export function edgesOf(text: string, characters = 300): string {
  if (text.length <= 2 * characters) return text
  return `${text.slice(0, characters)}\n${text.slice(-characters)}`
}

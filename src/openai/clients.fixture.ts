import OpenAI from 'openai'
import OpenAI4 from 'openai-4'
import OpenAI5 from 'openai-5'
import OpenAI7 from 'openai-7'

export type Client = OpenAI

interface Options {
  readonly baseURL: string
  readonly maxRetries?: number
}

/** The clients that are guarded; what all of them have is typed as the sixth has it. */
export const MAJORS: readonly {
  readonly major: number
  make(options: Options): Client
}[] = [
  { major: 4, make: (options) => new OpenAI4(given(options)) as unknown as Client }, // as above
  { major: 5, make: (options) => new OpenAI5(given(options)) as unknown as Client }, // as above
  { major: 6, make: (options) => new OpenAI(given(options)) },
  { major: 7, make: (options) => new OpenAI7(given(options)) as unknown as Client }, // as above
]

function given(options: Options): Options & { readonly apiKey: string } {
  return { maxRetries: 0, ...options, apiKey: 'key-of-tests' }
}

/** All that a stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of stream) all.push(one)
  return all
}

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { JsonObject, JsonValue } from '../model/json.ts'

/** What the benchmark of the whole layer plays: about 2 KB an event, the same in every run. */
export interface Load {
  readonly name: string
  request(random: () => number, seen: readonly string[]): JsonObject
  /** Puts values into `seen` that a later request may carry. */
  response(random: () => number, seen: string[]): JsonValue
}

type Write = (random: () => number, words: number) => string

/** Two dozen words again and again: every word has been seen, and every pair of them. */
export function worstLoad(): Load {
  const write = spaced(WORDS.split(' '))
  const response = (random: () => number, seen: string[]): JsonValue => records(random, seen, write)
  return {
    name: 'worst: a vocabulary of 24 words, lists of records only',
    request: (random, seen) => mail(random, seen, write, 240),
    response,
  }
}

const WORDS =
  'order invoice delivery window customer report quarter region product contract number status update meeting notes shipment warehouse review signed pending closed total account manager'

/** Words as often as this repository's documentation has them, in shapes in which servers answer. */
export function representativeLoad(): Load {
  const words = wordsOfDocs()
  const write = sentences(spaced(words))
  const shapes = [records, ticket, results, fileText] as const
  return {
    name: `representative: ${new Set(words).size} words by their frequency; records, tickets, search results, files`,
    request: (random, seen) => mail(random, seen, write, 350),
    response(random, seen) {
      const shape = shapes[Math.floor(random() * shapes.length)] ?? records
      return shape(random, seen, write)
    },
  }
}

function wordsOfDocs(): readonly string[] {
  const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))
  const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).sort()
  const pages = files.filter((file) => file.endsWith('.md'))
  const prose = pages.map((file) =>
    readFileSync(docs + file, 'utf8').replace(/```[\s\S]*?```/g, ''),
  )
  return prose.join('\n').match(/(?<![\w/.`-])[A-Za-z]{1,20}(?![\w/`-])/g) ?? []
}

function spaced(words: readonly string[]): Write {
  return (random, count) => {
    let text = ''
    for (let index = 0; index < count; index++)
      text += `${index === 0 ? '' : ' '}${words[Math.floor(random() * words.length)] ?? ''}`
    return text
  }
}

/** From twelve words on with full stops, as running text has them. */
function sentences(write: Write): Write {
  return (random, count) => {
    if (count < 12) return write(random, count)
    const parts: string[] = []
    for (let left = count; left > 0; left -= 12) parts.push(write(random, Math.min(12, left)))
    return `${parts.join('. ')}.`
  }
}

/** One in ten carries a value that was seen before. */
function mail(
  random: () => number,
  seen: readonly string[],
  write: Write,
  words: number,
): JsonObject {
  const carried = random() < 0.1 ? (seen[Math.floor(random() * seen.length)] ?? '') : ''
  return {
    id: Math.floor(random() * 1e6),
    to: `someone${Math.floor(random() * 1e4)}@partner.test`,
    subject: write(random, 6),
    body: `${write(random, words)} ${carried}`,
    options: { urgent: random() < 0.5, label: write(random, 2) },
  }
}

function address(random: () => number, seen: string[], write: Write): string {
  const text = `${write(random, 1).toLowerCase()}.${Math.floor(random() * 1e6)}@customer.test`
  if (seen.length < 1_000) seen.push(text)
  return text
}

/** As servers answer: JSON in a text block. */
function block(value: JsonValue): JsonValue {
  return { content: [{ type: 'text', text: JSON.stringify(value) }] }
}

function records(random: () => number, seen: string[], write: Write): JsonValue {
  const rows = Array.from({ length: 8 }, () => {
    const email = address(random, seen, write)
    return {
      id: Math.floor(random() * 1e9),
      customer: `${write(random, 2)} ${Math.floor(random() * 1e4)}`,
      email,
      amount: Math.floor(random() * 1e6) / 100,
      status: random() < 0.5 ? 'open' : 'closed',
      note: write(random, 14),
      created_at: '2026-05-14T08:30:00Z',
    }
  })
  return block({ rows, total: rows.length })
}

function ticket(random: () => number, seen: string[], write: Write): JsonValue {
  const email = address(random, seen, write)
  return block({
    ticket_id: `T-${Math.floor(random() * 1e6)}`,
    status: random() < 0.5 ? 'open' : 'pending',
    requester: { name: write(random, 2), email },
    subject: write(random, 6),
    description: `Hello,\n\n${write(random, 120)}\n\n${write(random, 60)}\n\nRegards`,
    comments: [1, 2].map((day) => ({
      author: write(random, 2),
      created_at: `2026-05-1${day}T08:30:00Z`,
      text: write(random, 60),
    })),
  })
}

function results(random: () => number, _seen: string[], write: Write): JsonValue {
  const found = Array.from({ length: 8 }, (_, rank) => ({
    title: write(random, 6),
    url: `https://docs.example.test/${write(random, 1).toLowerCase()}/${Math.floor(random() * 1e5)}`,
    snippet: write(random, 24),
    score: Math.floor(random() * 1e3) / 1e3,
    rank: rank + 1,
  }))
  return block({ query: write(random, 3), results: found })
}

/** Plain text, which is not JSON, with headings and paragraphs. */
function fileText(random: () => number, _seen: string[], write: Write): JsonValue {
  const parts = Array.from(
    { length: 4 },
    (_, part) => `## ${part + 1}. ${write(random, 4)}\n\n${write(random, 72)}\n`,
  )
  return { content: [{ type: 'text', text: parts.join('\n') }] }
}

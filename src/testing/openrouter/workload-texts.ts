import type { Complexity, Task } from '../../core/routing/words.ts'
import type { FakeToolCall } from './reply.ts'

export interface WorkloadText {
  readonly id: string
  readonly task: Task
  readonly complexity: Complexity
  readonly system: string
  readonly prompt: string
  /** What is said; empty where a tool is called. */
  readonly answer: string
  readonly call?: FakeToolCall
}

const DESK = 'You work at the help desk of a shop for garden tools. Be short.'
const LABELS = 'Answer with one word: billing, delivery, defect or other.'
const ENGINEER = 'You are a careful TypeScript engineer. Answer with code, then one sentence.'
const PASSAGES =
  'Answer from the passages only, and name the passage. Say so where they do not tell.'
const ANALYST = 'You advise a planning team. Reason step by step, then give one recommendation.'

const PASSAGE_TEXT = `
[1] Pruning shears are covered for 24 months against faults of material. Blades are worn by use and are not covered.
[2] A return is free within 30 days if the tool was not used. Used tools are taken back at half their price.
[3] Batteries of the cordless line may be charged between 5 and 40 degrees. Below that they charge slowly or not at all.
[4] Orders that weigh more than 30 kilograms come by freight, on weekdays, after a call by the carrier.`

const REPORT = `
In the third quarter the workshop repaired 412 tools, 61 more than in the quarter before. Waiting time rose from four to
seven days, since two of five benches were closed while the floor was renewed. Complaints about waiting doubled to 38;
those about the quality of repairs fell from 19 to 11. Spare parts cost 9,400 euros, of which 3,100 were for one recall of
hedge trimmers that their maker will pay back. All benches are open again since the second week of October.`

/** Texts of the demonstration: made for it. */
export const WORKLOAD_TEXTS: readonly WorkloadText[] = [
  {
    id: 'label-delivery',
    task: 'classification',
    complexity: 'low',
    system: LABELS,
    prompt: 'My wheelbarrow was to come on Tuesday and the carrier still shows it in the depot.',
    answer: 'delivery',
  },
  {
    id: 'label-billing',
    task: 'classification',
    complexity: 'low',
    system: LABELS,
    prompt: 'The invoice has the rake twice, though I only ordered and received a single one.',
    answer: 'billing',
  },
  {
    id: 'label-defect',
    task: 'classification',
    complexity: 'low',
    system: LABELS,
    prompt: 'After two days the handle of the new spade is loose and turns around in my hands.',
    answer: 'defect',
  },
  {
    id: 'rag-return',
    task: 'rag',
    complexity: 'low',
    system: PASSAGES,
    prompt: `May a customer give back shears that were used once, after ten days?\n${PASSAGE_TEXT}`,
    answer:
      'Yes, at half their price: they were used, so the free return does not hold (passage 2).',
  },
  {
    id: 'rag-cold',
    task: 'rag',
    complexity: 'medium',
    system: PASSAGES,
    prompt: `A customer stores the cordless trimmer in an unheated shed and says in January that the battery is broken. It weighs little, so he wants to send it back by parcel. What do we tell him?\n${PASSAGE_TEXT}`,
    answer:
      'Ask him to warm the battery indoors first: below 5 degrees it charges slowly or not at all (passage 3). If it still fails, he may send it back; a used tool is taken back at half its price (passage 2). Whether batteries are covered against faults, the passages do not tell.',
  },
  {
    id: 'summary-short',
    task: 'summarization',
    complexity: 'low',
    system: 'Summarize in one sentence.',
    prompt: `Sum up this report of the workshop in a single sentence.\n${REPORT}`,
    answer:
      'The workshop repaired more tools at better quality, while closed benches made customers wait seven days instead of four.',
  },
  {
    id: 'summary-board',
    task: 'summarization',
    complexity: 'medium',
    system: 'You write for a board that reads on the telephone.',
    prompt: `Write three points for the board: what went well, what did not, what it costs.\n${REPORT}`,
    answer:
      '- Well: 412 repairs, 61 more than before, and complaints about quality fell from 19 to 11.\n- Not well: waiting time rose from four to seven days and complaints about it doubled to 38, because two of five benches were closed; all are open again.\n- Cost: 9,400 euros for parts, of which 3,100 come back from the maker of the recalled trimmers.',
  },
  {
    id: 'extract-order',
    task: 'extraction',
    complexity: 'low',
    system: 'Extract what is asked for as a JSON object, and nothing else.',
    prompt: 'Extract number, article and city: order 48213, two leaf rakes, to be sent to Ghent.',
    answer: '{"number":"48213","article":"leaf rake","city":"Ghent"}',
  },
  {
    id: 'code-slug',
    task: 'code',
    complexity: 'low',
    system: ENGINEER,
    prompt: 'Write a function `slug(title: string)` that makes a name for a URL of a title.',
    answer:
      "```ts\nexport function slug(title: string): string {\n  return title\n    .normalize('NFKD')\n    .replace(/[\\u0300-\\u036f]/g, '')\n    .toLowerCase()\n    .replace(/[^a-z0-9]+/g, '-')\n    .replace(/^-|-$/g, '')\n}\n```\nMarks are taken off the letters first, so that `é` becomes `e` and not a dash.",
  },
  {
    id: 'code-limiter',
    task: 'code',
    complexity: 'high',
    system: ENGINEER,
    prompt:
      'Design and write a rate limiter for several processes that share one Redis: a token bucket for each key, all or nothing over several keys, safe when two processes ask in the same millisecond, and correct when the clock of one process is two seconds behind. Say how you would test it.',
    answer:
      "```ts\nconst TAKE = `\nlocal time = redis.call('TIME')\nlocal now = time[1] * 1000 + math.floor(time[2] / 1000)\nlocal full = {}\nfor i, key in ipairs(KEYS) do\n  local rate, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])\n  local last = redis.call('HMGET', key, 'tokens', 'at')\n  local tokens = tonumber(last[1]) or burst\n  local passed = math.max(0, now - (tonumber(last[2]) or now))\n  full[i] = math.min(burst, tokens + passed * rate / 1000)\n  if full[i] < 1 then return i end\nend\nfor i, key in ipairs(KEYS) do\n  redis.call('HSET', key, 'tokens', full[i] - 1, 'at', now)\n  redis.call('PEXPIRE', key, 60000)\nend\nreturn 0`\n```\nThe script runs as one step and reads the clock of Redis, so neither two callers at once nor a slow clock can spend a token twice. To test it, compare a random sequence of takes with a model in memory, run it from two processes against one key and count what got through, and shift the clock of one of them.",
  },
  {
    id: 'reason-depot',
    task: 'reasoning',
    complexity: 'high',
    system: ANALYST,
    prompt:
      'We may rent a second depot for 4,000 euros a month, or pay carriers 1.90 euros more for each of the parcels to the north, 1,700 a month now and growing by 6 percent a month. The depot can be had from March on and binds us for a year. Prove which is cheaper over that year, and say at what growth the answer changes.',
    answer:
      'Parcels over twelve months at 6 percent growth: 1,700 x (1.06^12 - 1) / 0.06 = 28,679. Extra carriage: 28,679 x 1.90 = 54,490 euros. Depot: 12 x 4,000 = 48,000 euros. The depot is cheaper by about 6,490 euros. The answer changes where the sum of growth factors falls to 48,000 / (1,700 x 1.90) = 14.86, which is a growth of about 3.9 percent a month. Recommendation: rent, if you trust growth to stay above 4 percent; otherwise ask for six months first.',
  },
  {
    id: 'vision-label',
    task: 'vision',
    complexity: 'medium',
    system: DESK,
    prompt: 'Which part of the tool does this picture show, and does the part look damaged?',
    answer: 'The picture shows the lower blade; I see no damage at this size.',
  },
  {
    id: 'tool-order',
    task: 'tool_use',
    complexity: 'low',
    system: DESK,
    prompt: 'Where is order 51877 now? Look it up before you answer the customer.',
    answer: '',
    call: { name: 'orders__lookup', arguments: { order: '51877' } },
  },
]

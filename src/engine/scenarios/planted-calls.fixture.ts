/** Calls with secrets wherever a text of outside can stand. */
import type { CallRequest, Subject } from '../../core/model/call.ts'
import type { JsonObject, JsonValue } from '../../core/model/json.ts'
import { createRandom, type Random } from '../fuzz-random.fixture.ts'
import { type PlantedSecret, plantedSecret, TEMPLATE_COUNT } from './planted-values.fixture.ts'

/** What is asked, and what the tool then does. */
export interface PlantedCall {
  readonly request: CallRequest
  readonly dispatch: () => unknown
  /** What approvers, hooks, gates and rules say of this call. */
  readonly words: string
  /** By name, where something was planted. */
  readonly places: readonly string[]
  readonly secrets: readonly PlantedSecret[]
}

type Plant = (fits?: RegExp) => string

/** What a call is made of until it is made. */
interface Draft {
  resource: string
  session: string
  subject: Subject
  fields: Partial<CallRequest>
  ids: Record<string, string>
  args: JsonObject
  dispatch: () => unknown
  words: string
}

type Place = (draft: Draft, plant: Plant) => void

const LINE = /^[!-~](?:[ -~]{0,170}[!-~])?$/
const NAME = /^[A-Za-z0-9_/-]+(?:\.[A-Za-z0-9_/-]+)*$/
const URI = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%{}]{1,1500}$/

const subjectField =
  (name: 'agent' | 'user' | 'team' | 'department' | 'tenant'): Place =>
  (draft, plant) => {
    draft.subject = { ...draft.subject, [name]: plant(LINE) }
  }
const id =
  (name: 'task' | 'context' | 'client' | 'request' | 'toolCall', fits?: RegExp): Place =>
  (draft, plant) => {
    draft.ids[name] = plant(fits)
  }
const field =
  (name: 'server' | 'scope' | 'trace' | 'parent' | 'approval' | 'task'): Place =>
  (draft, plant) => {
    draft.fields = { ...draft.fields, [name]: plant() }
  }
const argument =
  (make: (text: string) => JsonObject): Place =>
  (draft, plant) => {
    draft.args = { ...draft.args, ...make(plant()) }
  }
const answer =
  (make: (text: string) => unknown): Place =>
  (draft, plant) => {
    const text = plant()
    draft.dispatch = () => make(text)
  }
const failure = (make: (text: string) => unknown): Place =>
  answer((text) => {
    throw make(text)
  })

/** INVARIANT: whatever a record can be made of has a place here. */
const PLACES: Readonly<Record<string, Place>> = {
  'an argument': argument((text) => ({ text })),
  'a nested argument': argument((text) => ({ a: [{ b: { c: text } }] })),
  'a name of an argument': argument((text) => ({ [text]: 'x' })),
  'JSON within an argument': argument((text) => ({ body: JSON.stringify({ a: [text] }) })),
  'an address in an argument': argument((text) => ({ url: `https://h.internal/?q=${text}` })),
  'an answer': answer((text) => ({ rows: [{ note: text }] })),
  'a text of an answer': answer((text) => `the note says ${text}`),
  'a message of an error': failure((text) => new Error(`no: ${text}`)),
  'a name of an error': failure((text) => Object.assign(new Error('no'), { name: text })),
  'a code of an error': failure((text) => Object.assign(new Error('no'), { code: text })),
  'a cause of an error': failure((text) => new Error('no', { cause: new Error(text) })),
  'what is thrown': failure((text) => text),
  'a tool': (draft, plant) => {
    draft.resource = `crm.${plant(NAME)}`
  },
  'a tool that is none': (draft, plant) => {
    draft.resource = plant()
  },
  'a resource': (draft, plant) => {
    draft.resource = `resource:fs/https://u:${plant(URI)}@h.internal/a`
  },
  'the query of a resource': (draft, plant) => {
    draft.resource = `resource:fs/https://h.internal/a?q=${plant(URI)}`
  },
  'a model': (draft, plant) => {
    draft.resource = `model:vendor/${plant(NAME)}`
  },
  'a session': (draft, plant) => {
    draft.session = plant(LINE)
  },
  'a session that is none': (draft, plant) => {
    draft.session = plant()
  },
  'the end of a long session': (draft, plant) => {
    draft.session = `${'s '.repeat(120)}${plant()}`
  },
  'an id of a task': id('task'),
  'an id of a context': id('context', LINE),
  'an id of a client': id('client'),
  'an id of a request': id('request'),
  'an id of a tool call': id('toolCall'),
  'the end of a long id': (draft, plant) => {
    draft.ids['request'] = `${'r '.repeat(120)}${plant()}`
  },
  'an agent': subjectField('agent'),
  'a user': subjectField('user'),
  'a team': subjectField('team'),
  'a department': subjectField('department'),
  'a tenant': subjectField('tenant'),
  'a chain of actors': (draft, plant) => {
    draft.subject = {
      ...draft.subject,
      user: 'ana',
      proof: { method: 'fixed', act_chain: [plant(LINE), 'ana'] },
    }
  },
  'a server': field('server'),
  'a scope': field('scope'),
  'a trace': field('trace'),
  'a parent': field('parent'),
  'an approval': field('approval'),
  'a task': field('task'),
  'where it comes from': (draft, plant) => {
    draft.fields = { ...draft.fields, origin: { method: plant(), source: plant() } }
  },
  'a bearer token': (draft, plant) => {
    draft.fields = { ...draft.fields, credentials: { bearer: plant() } }
  },
  'a header': (draft, plant) => {
    draft.fields = { ...draft.fields, credentials: { headers: { authorization: plant() } } }
  },
  'what others say': (draft, plant) => {
    draft.words = plant(LINE)
  },
}

export const PLACE_NAMES: readonly string[] = Object.keys(PLACES)

const RESOURCES = [
  ...['crm.note', 'crm.note', 'crm.note', 'db.limited', 'mail.send', 'mail.send'],
  ...['crm.drop', 'crm.blocked', 'crm.refused', 'crm.broken', 'crm.hooked', 'other.unknown'],
] as const

/** Makes calls of one seed, one after the other. */
export function createPlantedCalls(seed: number): () => PlantedCall {
  const random = createRandom(seed)
  let [made, planted] = [0, 0]
  return () => {
    const secrets: PlantedSecret[] = []
    const plant: Plant = (fits = /^/) => {
      // In a name stands what may stand in one: some formats can.
      for (let tries = 0; ; tries++) {
        const secret = plantedSecret(planted++)
        if (!fits.test(secret.text) && tries < TEMPLATE_COUNT) continue
        secrets.push(secret)
        return secret.text
      }
    }
    const number = made++
    const draft = blank(number, random)
    // In order, so that each has its turn, and two more with it.
    const names = [PLACE_NAMES[number % PLACE_NAMES.length] ?? '', ...pickTwo(random)]
    for (const name of names) PLACES[name]?.(draft, plant)
    return { ...finished(draft), places: names, secrets }
  }
}

function pickTwo(random: Random): readonly string[] {
  return [0, 1].map(() => PLACE_NAMES[random.below(PLACE_NAMES.length)] ?? '')
}

function blank(number: number, random: Random): Draft {
  const tenant = random.pick(['strict', 'told', 'narrow', 'told'])
  return {
    resource: random.pick([...RESOURCES]),
    session: `session-${Math.floor(number / 8)}`,
    subject: { agent: 'bot', tenant },
    fields: {},
    ids: {},
    args: { number },
    dispatch: () => ({ ok: true }),
    words: 'as you like',
  }
}

function finished(draft: Draft): Omit<PlantedCall, 'places' | 'secrets'> {
  const { resource, session, subject, fields, ids, args, dispatch, words } = draft
  const said: JsonValue = words
  return {
    request: { session, resource, subject, ids, arguments: { ...args, words: said }, ...fields },
    dispatch,
    words,
  }
}

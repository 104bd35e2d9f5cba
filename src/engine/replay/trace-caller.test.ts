import { describe, expect, it } from 'vitest'
import { readTraceSession } from './trace-session.ts'

function read(event: object) {
  const events = [{ direction: 'request', tool: 'a.b', payload: {}, ...event }]
  const [first] = readTraceSession({ id: 's', events }, 'file').events
  return { subject: first?.subject, verb: first?.verb }
}

describe('who calls, in a recorded event', () => {
  it.each<[string, object, ReturnType<typeof read>]>([
    ['is the agent alone where nothing else is said', {}, { subject: undefined, verb: undefined }],
    [
      'has what policies ask for, and never a proof or an agent of its own',
      {
        verb: 'admin',
        subject: { user: 'u', groups: ['g'], agent: 'x', proof: { method: 'jwt' } },
      },
      { subject: { user: 'u', groups: ['g'] }, verb: 'admin' },
    ],
    [
      'is not read from fields that mean something else',
      { verb: 'POST', subject: 'Re: ticket' },
      { subject: undefined, verb: undefined },
    ],
  ])('%s', (_what, event, wanted) => {
    expect(read(event)).toEqual(wanted)
  })

  it('is refused where it is not well formed, with its place', () => {
    expect(() => read({ subject: { groups: 'all' } })).toThrow(/^file: event 1: subject\.groups/)
  })
})

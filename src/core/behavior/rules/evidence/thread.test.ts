import { describe, expect, it } from 'vitest'
import { argumentOf, callOf, requestOf, responseOf, viewFor } from '../event.fixture.ts'
import { instructionInjectionEcho } from '../instruction-injection-echo.ts'
import { isSameThread, rememberThread } from './thread.ts'

const view = (memory = {}) => viewFor(instructionInjectionEcho, { memory })
const about = (tool: string, id: string) => ({
  ...responseOf({ number: 2, tool }),
  call: { ...callOf({ tool }), arguments: { id } },
})
const reply = (tool: string, id: string) =>
  requestOf({
    number: 5,
    tool,
    arguments: [argumentOf('id', id, 'identifier'), argumentOf('body', 'a text')],
  })

describe('an answer where it was asked for', () => {
  it.each([
    ['the same record of the same server', 'desk.reply', 'T-1', true],
    ['another record', 'desk.reply', 'T-2', false],
    ['a record of the same name elsewhere', 'mail.reply', 'T-1', false],
  ])('is one to %s', (_, tool, id, expected) => {
    const memory = rememberThread(about('desk.read', 'T-1'), view())
    expect(isSameThread(reply(tool, id), 2, viewFor(instructionInjectionEcho, { memory }))).toBe(
      expected,
    )
  })

  it('is none where nothing is remembered of the source', () => {
    expect(isSameThread(reply('desk.reply', 'T-1'), 2, view())).toBe(false)
  })
})

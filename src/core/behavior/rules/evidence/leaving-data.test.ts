import { describe, expect, it } from 'vitest'
import type { Argument } from '../../lineage/lineage.ts'
import { argumentOf, placeOf, requestOf, viewFor } from '../event.fixture.ts'
import { restrictedReadExternalWrite as rule } from '../restricted-read-external-write.ts'
import { goesToStranger } from './leaving-data.ts'

const TO_ANA = argumentOf('to', 'ana@ok.test', 'destination')
const ANA = placeOf('ana@ok.test', { allowed: true })

function leaves(args: readonly Argument[], ...others: readonly string[]): boolean {
  const destinations = [ANA, ...others.map((text) => placeOf(text))]
  const event = requestOf({ tool: 'mail.send', tags: ['external_write'], arguments: args })
  return goesToStranger(event, viewFor(rule, { destinations }))
}

describe('a file beside an addressee', () => {
  it.each(['/tmp/report.pdf', '~/report.pdf', './a/b.txt', 'C:\\a\\b.txt'])(
    'is none: %s',
    (path) => {
      expect(leaves([TO_ANA, argumentOf('dest', path, 'destination')], path)).toBe(false)
    },
  )

  it.each(['report.pdf', '/a/@b/c.ts'])('is none where its name says so: %s', (path) => {
    expect(leaves([TO_ANA, argumentOf('file_path', path, 'destination')], path)).toBe(false)
  })

  it.each(['~eve@evil.test', '/eve@evil.test', './"e"@evil.test', '/a, evil'])(
    'is one where it may be an address: %s',
    (text) => {
      expect(leaves([TO_ANA, argumentOf('cc', text, 'destination')], text)).toBe(true)
    },
  )

  it('is one where the request is sent to it as well', () => {
    const args = [
      argumentOf('to', 'ana@ok.test, eve@evil.test', 'destination'),
      argumentOf('attachment', 'eve@evil.test'),
    ]
    expect(leaves(args, 'eve@evil.test')).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { expandLayout } from './layout.ts'

describe('expandLayout', () => {
  it.each([
    ['99-A', ['99-A']],
    ['9{3}A', ['999A']],
    ['A{1,3}9', ['A9', 'AA9', 'AAA9']],
    ['A{0,1}9{2}', ['99', 'A99']],
    ['9~A~9', ['9A9', '9 A 9', '9-A-9']],
    ['9{1,2}~A', ['9A', '99A', '9 A', '99 A', '9-A', '99-A']],
  ])('writes out `%s`', (layout, plain) => {
    expect(expandLayout(layout)).toEqual(plain)
  })

  it('refuses a layout that stands for too many', () => {
    expect(() => expandLayout('9{1,9}A{1,9}')).toThrow(RangeError)
  })
})

import { unitShape, W_HEX } from './word-shape.ts'

/** @see https://www.rfc-editor.org/rfc/rfc9562#section-4 */
export function isUuid(text: string, start: number): boolean {
  for (let place = 0; place < 36; place++) {
    const isDash = place === 8 || place === 13 || place === 18 || place === 23
    const unit = text.charCodeAt(start + place)
    if (isDash ? unit !== 45 : (unitShape(unit) & W_HEX) === 0) return false
  }
  return true
}

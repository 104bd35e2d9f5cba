/**
 * One value of a payload, wherever it stood: a JSON field, a line of a YAML-like text, a cell of a
 * table, a text inside JSON inside a text. Payloads are read into leaves before anything looks at them.
 */
export interface Leaf {
  /** Name of the nearest field or column as written; empty where there is none. */
  readonly key: string
  readonly text: string
  /** Leaves with the same number belong to one record: one object, one row, one block of lines. */
  readonly record: number
  /** `field`: a value of its own. `prose`: running text of several words, such as a mail's body. */
  readonly kind: 'field' | 'prose'
}

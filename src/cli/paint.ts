import { styleText } from 'node:util'

/** Styles by what they mean. Each gives its text back unchanged where there is no colour. */
export interface Paint {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warning: (text: string) => string
  readonly quiet: (text: string) => string
  readonly strong: (text: string) => string
  readonly name: (text: string) => string
}

const STYLES = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  quiet: 'dim',
  strong: 'bold',
  name: 'cyan',
} as const satisfies Record<keyof Paint, Parameters<typeof styleText>[0]>

export function createPaint(color: boolean): Paint {
  const style = (name: keyof Paint) => (text: string) =>
    color && text !== '' ? styleText(STYLES[name], text, { validateStream: false }) : text
  return {
    good: style('good'),
    bad: style('bad'),
    warning: style('warning'),
    quiet: style('quiet'),
    strong: style('strong'),
    name: style('name'),
  }
}

/**
 * Whether a stream takes colours: `--no-color`, then NO_COLOR, then FORCE_COLOR, then the terminal.
 * @see https://no-color.org
 */
export function wantsColor(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
  refused: boolean,
): boolean {
  if (refused || (env['NO_COLOR'] ?? '') !== '') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * Text from a file as a terminal may be shown it: control and direction characters are written out,
 * so that no name in a policy or trace can move the cursor or recolour the report.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === '\t') return ' '
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

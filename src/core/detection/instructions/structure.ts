import type { InstructionKind } from './kinds.ts'
import { passageEnd } from './passage.ts'

/** A stretch that is marked off as something other than data. Says nothing alone unless `weight` does. */
export interface Span {
  readonly start: number
  readonly end: number
  /** What the mark itself is worth, 0 to 1. */
  readonly weight: number
  readonly kind: InstructionKind
}

/** More marks than this are not looked at: they say no more. */
const MAX_SPANS = 32
const MAX_BLOCK = 4000
const MAX_ADDRESS = 400

/** Chat templates of the common model families. @see https://huggingface.co/docs/transformers/chat_templating */
const TEMPLATE =
  /<\|(?:im_(?:start|end|sep)|system|user|assistant|human|developer|start_header_id|end_header_id|eot_id|begin_of_text|end_of_text|endoftext|end|end_of_turn|start|message|channel|return|tool)\|>|<(?:start|end)_of_turn>|<<\/?SYS>>|\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\]|<\/?(?:s|bos|eos)>\s{0,2}\[INST\]|<\uff5c[A-Za-z]{4,12}\uff5c>/y
/** Names of tags that an agent's own frame is made of, in lower case and without separators. */
const FRAME_NAMES = new Set(
  (
    'system systemreminder systemprompt systemmessage systemnote systeminstructions systeminstruction instruction ' +
    'instructions newinstruction newinstructions importantinstructions additionalinstructions hiddeninstructions ' +
    'secretinstructions updatedinstructions userinstructions admininstructions important importantmessage ' +
    'importantnote information assistant human usermessage userrequest userquery usertask admin administrator ' +
    'adminmessage developer developermessage toolresult toolresults toolresponse toolcall toolcalls tooloutput ' +
    'functioncall functioncalls functionresult functionresults override urgent critical hidden secret prompt ai ' +
    'agent llm'
  ).split(' '),
)
const TAG_NAME = /<\/?([A-Za-z][A-Za-z_-]{1,31})(?: [A-Z]{2,16}){0,2}(?=[\s>])/y
/** HTML, where tags are written in capitals too. */
const HTML_NAMES = new Set(
  'HTML HEAD BODY TITLE META LINK SCRIPT STYLE TABLE TBODY THEAD TFOOT SPAN FONT CENTER FORM INPUT BUTTON SELECT OPTION TEXTAREA IFRAME FRAME FRAMESET CODE STRONG BLOCKQUOTE SECTION ARTICLE HEADER FOOTER MAIN ASIDE LABEL FIELDSET LEGEND CAPTION IMAGE AREA BASE NOSCRIPT OBJECT PARAM EMBED VIDEO AUDIO SOURCE CANVAS DETAILS SUMMARY SMALL MARK TIME'.split(
    ' ',
  ),
)
const HEADING =
  /#{2,}\s{0,3}[([]?\s?(?:(?:new |updated |important |additional )?(?:system|instructions?|assistant|response|human|developer|admin)(?:[ _](?:message|prompt|instructions?|override|note|update|command))?)\s{0,2}(?:[)\]:]|#{2,}|\n|\\n|$)/iy
const BRACKETED =
  /\[{1,2}\s?(?:system|admin(?:istrator)?|important|instructions?|assistant|developer|new instructions?|system[ _](?:message|override|note|prompt|instructions?|update)|ai[ _]instructions?|end of \w{2,20}|begin \w{2,20})(?:\s?:[^\]\n]{0,80})?\s?\]{1,2}(?:\(#?\w{1,40}\))?/iy
const ROLE_FIELD = /"role"\s{0,3}:\s{0,3}"(?:system|assistant|developer)"/y
/** Space left in an address for what the model is to fill in, or an address that runs code. */
const FILLED_IN =
  /^(?:javascript|data):|[{[<]|%7B|=(?:DATA|SECRET|INSERT|BASE64|PLACEHOLDER|YOUR_|USER_|CHAT_|HISTORY)/
const INVISIBLE =
  /(?:display\s{0,2}:\s{0,2}none|visibility\s{0,2}:\s{0,2}hidden|font-size\s{0,2}:\s{0,2}(?:0|1px|0?\.\d{1,3}(?:px|pt|em))(?![\d.])|opacity\s{0,2}:\s{0,2}0(?:\.0\d{0,2})?(?![\d.])|(?:[^-]|^)color\s{0,2}:\s{0,2}(?:white|#fff(?:fff)?|transparent|rgba\(\s?\d{1,3},\s?\d{1,3},\s?\d{1,3},\s?0\))|aria-hidden|left\s{0,2}:\s{0,2}-\d{3,5}px|text-indent\s{0,2}:\s{0,2}-\d{3,5}|\shidden[\s>])/i

/** Marks of structure in ascending order. Looks closer only behind `<`, `[`, `##`, `![` and `"role"`. */
export function findStructure(text: string): readonly Span[] {
  const hasRole = text.includes('"') && text.includes(ROLE)
  if (!hasRole && !MARKS.some((mark) => text.includes(mark))) return NONE
  const spans: Span[] = []
  behind(text, '<', spans, tagAt)
  behind(text, '[', spans, bracketAt)
  linksIn(text, spans)
  behind(text, '##', spans, headingAt)
  if (hasRole) behind(text, ROLE, spans, roleFieldAt)
  return spans.sort((a, b) => a.start - b.start)
}

const NONE: readonly Span[] = []
const MARKS = ['<', '[', '##'] as const
/** Without its first quote, which is common where there are any, it is found sooner. */
const ROLE = 'role"'

/** Tries `look` at each mark until enough spans are found; a span skips the marks inside its opener. */
function behind(
  text: string,
  mark: string,
  spans: Span[],
  look: (text: string, at: number) => Span | undefined,
): void {
  let found = 0
  let at = text.indexOf(mark)
  while (at >= 0 && found < MAX_SPANS) {
    const span = look(text, at)
    if (span !== undefined) {
      spans.push(span)
      found++
    }
    let next = at + mark.length
    // `####` and `<<<<` are one mark.
    while (
      next < text.length &&
      String.prototype.charCodeAt.call(text, next) === String.prototype.charCodeAt.call(text, at)
    )
      next++
    at = text.indexOf(mark, Math.max(next - (next > at + mark.length ? 1 : 0), at + 1))
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function tagAt(text: string, at: number): Span | undefined {
  const next = at + 1 < text.length ? String.prototype.charCodeAt.call(text, at + 1) : 0
  if (next === 33) return commentAt(text, at)
  const template = matchAt(TEMPLATE, text, at)
  if (template !== null) return block(text, at, at + template[0].length, 0.45, 'role_marker')
  // A letter or a closing slash.
  if (next !== 47 && ((next | 32) < 97 || (next | 32) > 122)) return undefined
  const name = matchAt(TAG_NAME, text, at)?.[1]
  if (name === undefined) return undefined
  if (FRAME_NAMES.has(name.toLowerCase().replace(/[_-]/g, ''))) return tagBlock(text, at, name, 0.4)
  const isCapitals = name.length >= 4 && name === name.toUpperCase() && next !== 47
  if (isCapitals && !HTML_NAMES.has(name)) return tagBlock(text, at, name, 0.3)
  return invisibleAt(text, at)
}

function commentAt(text: string, at: number): Span | undefined {
  if (!text.startsWith('<!--', at)) return undefined
  const close = text.slice(at, at + MAX_BLOCK).indexOf('-->')
  const end = close < 0 ? passageEnd(text, at) : at + close + 3
  return { start: at, end, weight: 0.3, kind: 'hidden_text' }
}

function tagBlock(text: string, at: number, name: string, weight: number): Span {
  const close = text.slice(at + 1, at + MAX_BLOCK).indexOf(`</${name}`)
  if (close < 0) return block(text, at, text.indexOf('>', at) + 1 || at + 1, weight, 'role_marker')
  const end = text.indexOf('>', at + 1 + close)
  return { start: at, end: end < 0 ? text.length : end + 1, weight, kind: 'role_marker' }
}

/** An element whose style or attribute hides it. */
function invisibleAt(text: string, at: number): Span | undefined {
  const close = text.slice(at, at + 400).indexOf('>')
  if (close < 12) return undefined
  const opener = text.slice(at, at + close)
  if (!/style|hidden/i.test(opener) || !INVISIBLE.test(opener)) return undefined
  const end = text.slice(at + close, at + MAX_BLOCK).indexOf('</')
  return {
    start: at,
    end: end < 0 ? passageEnd(text, at + close) : at + close + end,
    weight: 0.4,
    kind: 'hidden_text',
  }
}

function bracketAt(text: string, at: number): Span | undefined {
  const next = at + 1 < text.length ? String.prototype.charCodeAt.call(text, at + 1) : 0
  // What follows the bracket of a list in JSON: quote, digit, brace, minus.
  if (next === 34 || next === 123 || (next >= 45 && next <= 57 && next !== 47)) return undefined
  const template = matchAt(TEMPLATE, text, at)
  if (template !== null) return block(text, at, at + template[0].length, 0.45, 'role_marker')
  const bracketed = matchAt(BRACKETED, text, at)
  return bracketed === null
    ? undefined
    : block(text, at, at + bracketed[0].length, 0.35, 'role_marker')
}

/** Markdown links and images whose address waits to be filled in. */
function linksIn(text: string, spans: Span[]): void {
  let close = -1
  let found = 0
  for (let at = text.indexOf(']('); at >= 0 && found < MAX_SPANS; at = text.indexOf('](', at + 2)) {
    if (close < at) close = text.indexOf(')', at)
    if (close < 0) return
    if (close - at > MAX_ADDRESS || !FILLED_IN.test(text.slice(at + 2, close))) continue
    const start = Math.max(text.lastIndexOf('[', at), at - MAX_ADDRESS)
    spans.push({ start, end: close + 1, weight: 0.45, kind: 'exfiltration' })
    found++
  }
}

function headingAt(text: string, at: number): Span | undefined {
  const heading = matchAt(HEADING, text, at)
  return heading === null ? undefined : block(text, at, at + heading[0].length, 0.4, 'role_marker')
}

function roleFieldAt(text: string, role: number): Span | undefined {
  const at = role - 1
  if (at < 0 || matchAt(ROLE_FIELD, text, at) === null) return undefined
  const close = text.slice(at, at + MAX_BLOCK).indexOf('}')
  const end = close < 0 ? Math.min(text.length, at + MAX_BLOCK) : at + close
  return { start: at, end, weight: 0.25, kind: 'role_marker' }
}

function block(
  text: string,
  start: number,
  from: number,
  weight: number,
  kind: InstructionKind,
): Span {
  let at = from
  while (at < text.length && String.prototype.charCodeAt.call(text, at) <= 32) at++
  return { start, end: passageEnd(text, at), weight, kind }
}

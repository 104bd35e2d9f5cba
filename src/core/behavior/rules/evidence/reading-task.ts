import { FOREIGN_VERBS } from '../../intent/foreign-verbs.ts'

/**
 * True where the task asks only to read, count, summarise or answer: it has words or a mark for that,
 * and none that asks for a change. In doubt false: of a task that cannot be read nothing is known.
 */
export function onlyReads(task: string | undefined): boolean {
  if (task === undefined) return false
  const text = task.slice(0, LONGEST_TASK).toLowerCase()
  return READS.test(text) && !CHANGES.test(text) && !DOES.test(text) && !asksForeignChange(text)
}

/** Longer tasks are documents, and ask for anything. */
const LONGEST_TASK = 2_048

const READS = new RegExp(
  `[?？¿]|${whole(
    'how (?:many|much|often|long)|what|which|who|when|where|why|whether|show|lists?|count|summary|' +
      'summari[sz]e|sum up|tell|read|look|check|report|explain|describe|compare|analy[sz]e|' +
      'calculate|compute|average|total|answer|reply|respond|' +
      'wie ?viele|welche[rsnm]?|zeige?|nenne|fasse|zähle|erkläre|prüfe|antworte|' +
      'combien|quel(?:le)?s?|montrez?|résumez?|comptez?|expliquez?|répondez|réponds|' +
      'cuánt[oa]s?|cuál(?:es)?|muestra|resume|cuenta|explica|responde|' +
      'quant[ie]|quali?|mostra|riassumi|elenca|rispondi|' +
      'quant[oa]s|quais|resuma|mostre|responda|kaç|hangi|göster|özetle|które|ile|pokaż|podsumuj|' +
      'hoeveel|welke|toon|сколько|какие|покажи|перечисли|ответь',
  )}|多少|哪些|总结|显示|列出|要約|教えて|いくつ|몇|요약|보여`,
  'u',
)

/** To do what a text says is whatever the text says. */
const DOES = new RegExp(
  whole(
    'mach(?:e|en|t)?|tu(?:e|n)?|erledige|kümmere|bearbeite|fais|faites|faire|occupe|haz|haga|hacer|encárgate|' +
      'fai|fa|fare|occupati|faça|fazer|сделай|сделайте|zrób|wykonaj|yap|doe|regel',
  ),
  'u',
)

function whole(words: string): string {
  return `(?<!\\p{L})(?:${words})(?!\\p{L})`
}

const CHANGES =
  /\b(?:add|append|updat|chang|set\b|edit|modif|fix|correct|repair|delet|remov|eras|wip(?:e|ing)|purg|drop|clear|clean|tidy|renam|replac|mov(?:e|ing)|mark|clos(?:e|ing)|assign|insert|writ(?:e|ing)|creat|mak(?:e|ing)|put|enter|record it|record the|register|sav(?:e|ing)|stor(?:e|ing)|cancel|transfer|refund|grant|revok|invit|merg|sync|import|migrat|archiv|restor|reset|enabl|disabl|turn|switch|start|stop\b|restart|deploy|install|run\b|execut|apply|adjust|increas|decreas|raise|lower|fill|complet|finish|finali|prepar|reconcil|handl|process|take care|deal with|sort out|work (?:on|through)|follow|do (?:it|so|the|what|as|this|that|all)|resolv|triage|tag|label|note (?:down|it|the)|log (?:it|the|in)|approv|accept|reject|pay|book|schedul|reschedul|order it|buy|reserv|build|implement|refactor|convert|normali|dedup|promot|rotat|upgrad|patch|publish|submit|upload|let .{1,40} (?:in|have)|give)/

/** Verbs of other languages that ask for a change. */
function asksForeignChange(text: string): boolean {
  const words = text.split(/[^\p{L}\p{M}]+/u).filter((word) => word.length >= 3)
  const { stems, signs } = foreignChanges()
  if (signs.some((sign) => text.includes(sign))) return true
  return words.some((word) => stems.has(word) || stems.has(word.slice(0, -1)))
}

interface ForeignChanges {
  /** Words of alphabets. */
  readonly stems: ReadonlySet<string>
  /** Words of scripts without blanks. */
  readonly signs: readonly string[]
}

let made: ForeignChanges | undefined

function foreignChanges(): ForeignChanges {
  made ??= makeForeignChanges()
  return made
}

function makeForeignChanges(): ForeignChanges {
  const { visit: _, send: __, ...changing } = FOREIGN_VERBS
  const words = Object.values(changing).flatMap((list) => list.split(' '))
  const isSign = (word: string): boolean => /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(word)
  return {
    stems: new Set(words.filter((word) => !isSign(word))),
    signs: words.filter(isSign),
  }
}

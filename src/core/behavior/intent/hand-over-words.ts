/**
 * How users leave it to a text what is to be done, in patterns of bounded length: something like
 * `follow`, `do` or `pay`, and something like `the note`, `what she asks for` or `as it says`.
 */

/** At most six words in between, none of which says that the task itself goes on to tell. */
export const BETWEEN = "(?:(?!(?:following|i|we|you)\\b)[\\w'’.@#/:-]{1,64}\\s){0,6}?"
/** Texts that may say what to do. */
export const TEXTS =
  '(?:notes?|tickets?|e?-?mails?|messages?|letters?|readme|runbooks?|playbooks?|pages?|documentation|docs?|' +
  'documents?|guides?|manuals?|wiki|checklists?|lists?|threads?|invoices?|bills?|memos?|plans?|' +
  'sheets?|briefs?|briefings?|specs?|specifications?|procedures?|protocols?|voice ?mails?|' +
  'transcripts?|descriptions?|itinerar(?:y|ies)|sms|files?|texts?|comments?|reports?|boards?|contracts?)'
const NOUN = '[\\w-]{1,30}'
/** Who says so, and that he does: one or many. */
const SAYS =
  "(?:(?:he|she|it|(?:his|her|their|its|my|our|the|that) (?:[\\w’'-]{1,30}\\s){0,2}[\\w’'-]{1,30}|[A-Z][\\w’'-]{1,30})" +
  '\\s(?:gives|names|states|lists|asks for|wants|describes|suggests|proposes|says|mentions|quotes|' +
  'specifies|points to|recommends|puts|shows|requests|prescribes|demands|gave|named|stated|asked for|' +
  'wanted|described|suggested|proposed|said|mentioned|quoted|specified|left|wrote|requested)|' +
  'they (?:give|name|state|list|ask for|want|describe|suggest|propose|say|mention|quote|specify|' +
  'recommend|request|left|wrote|asked for|gave|named))'

const ENGLISH: readonly RegExp[] = [
  // `follow the onboarding note`, `work through ticket JOIN-7`
  new RegExp(
    `\\b(?:follow|work (?:through|off)|carry out|act (?:up)?on|take care of|see to|stick to|deal with|handle)\\s${BETWEEN}${TEXTS}\\b`,
    'i',
  ),
  // `do the two things they left`
  new RegExp(
    `\\bdo\\s${BETWEEN}(?:things?|points?|items?|jobs?|bits|changes|rest|statements|list)\\b`,
    'i',
  ),
  // `in the way they describe`, `following its documentation`
  new RegExp(`\\b(?:the way|how)\\s${SAYS}\\b`),
  new RegExp(
    `\\b(?:following|according to|in line with|per|by)\\s(?:the|its|their|his|her|our|my|this|that)\\s${BETWEEN}${TEXTS}\\b`,
    'i',
  ),
]

/** What a text gives for an act that the task itself names: `to the account he gives`. */
export const TAKES_DETAILS: readonly RegExp[] = [
  /\baccordingly\b/i,
  // `where she says`
  new RegExp(
    `\\b(?:where(?:ver)?|whom|who(?:m)?ever|whichever|everything|everybody|everyone)\\s(?:that\\s|which\\s)?${SAYS}\\b`,
  ),
  // `the account he gives`, `the runbook that the page names`
  new RegExp(`\\b(?:the|those|that|both)\\s(?:${NOUN}\\s){1,5}?(?:that\\s|which\\s)?${SAYS}\\b`),
  // `forward it to that person`, `with the bank details in it`
  /\bto (?:that|the named|the given|the stated) (?:person|address|number|account|contact|colleague|place|link)\b/i,
  /\bwith (?:the|its|their|his|her) (?:[\w-]{1,20}\s){0,3}(?:details|account|data|coordinates|numbers?|iban) (?:in|on|from|given|stated|named|that|it|they|he|she)\b/i,
]

/** By the language of the verb. `…` stands for up to eight words. */
const OTHERS: readonly string[] = [
  // German
  '(?:mache?|tue?|erledige?|folge|befolge|führe?|setze?|arbeite|bearbeite|kümmere?|richte|zahle?|bezahle?|überweise?|buche?|beantworte|aktualisiere|bestelle?) … (?:was … (?:steht|schreibt|will|möchte|verlangt|sagt|bittet|wünscht|braucht)|wie … (?:steht|beschrieben|angegeben|schreibt|verlangt|gewünscht|sagt)|entsprechend|laut|anweisung(?:en)?|anleitung|checkliste|punkte|aufgaben|wünsche|wunsch|bitte der|darin|dort)',
  // French
  "(?:fais|faites|suis|suivez|exécute[zr]?|traite[zr]?|occupe-toi|occupez-vous|paie|paye[zr]?|règle[zr]?|applique[zr]?|effectue[zr]?|réserve[zr]?|mets|mettez) … (?:ce (?:que|qui|qu)|comme|selon|d[’']après|conformément|figurent?|indiquée?s?|demandée?s?|décrit|instructions|consignes|étapes|demandes)",
  // Spanish
  '(?:haz|haga|hazlo|sigue|siga|ejecuta|cumple|atiende|realiza|paga|encárgate|ocúpate|tramita|actualiza|reserva|envía) … (?:lo que|como|según|conforme|instrucciones|tareas|indicaciones|pasos|indica[dn]?[ao]?s?|pide|que figuran?)',
  // Italian
  '(?:fai|fa|segui|esegui|occupati|paga|svolgi|applica|gestisci|aggiorna|prenota) … (?:quello che|ciò che|quanto|come|secondo|istruzioni|indicazioni|passaggi|indicat[aoie]|richiest[aoie]|chied(?:e|ono))',
  // Portuguese
  '(?:faça|faz|siga|execute|cumpra|atenda|pague|trate|cuide|realize|atualize|reserve) … (?:o que|como|conforme|segundo|instruções|tarefas|passos|indicad[ao]s?|pedid[ao]s?|pede)',
  // Dutch
  '(?:doe|volg|voer|handel|regel|betaal|werk|verwerk|zorg|boek) … (?:wat|zoals|volgens|instructies|stappen|verzoek|gevraagd|staat|vraagt)',
  // Polish
  '(?:zrób|wykonaj|postępuj|zrealizuj|zajmij|załatw|opłać|zapłać|spełnij|zaktualizuj) … (?:co|o co|jak|zgodnie|według|instrukcj\\p{L}{0,4}|zadani\\p{L}{0,3}|prosi|prośb\\p{L}{0,3}|podan\\p{L}{0,4})',
  // Swedish, Danish, Norwegian
  '(?:gör|gjør|gør|följ|følg|utför|betala|betal|ordna|ordne) … (?:det som|det hon|det han|vad|som|enligt|ifølge|instruktion\\p{L}{0,4}|steg(?:en)?)',
  // Czech
  '(?:udělej|proveď|postupuj|zařiď|zaplať|splň) … (?:co|jak|podle|pokyn\\p{L}{0,3}|úkol\\p{L}{0,3})',
  // Russian, Ukrainian
  '(?:сделай|сделайте|выполни|выполните|следуй|исполни|оплати|обработай|зроби|виконай) … (?:что|то, что|как|согласно|по инструкции|инструкци\\p{L}{0,3}|задани\\p{L}{0,3}|просит|просьб\\p{L}{0,3}|що|як|просить)',
  // Turkish: the verb stands last
  '(?:ne istiyorsa|istediğini|isteğini|isteneni|yazanı|yazanları|söylediğini|belirtilen\\p{L}{0,4}|talimat\\p{L}{0,8}|listedeki\\p{L}{0,4}|göre) … (?:yap|yapın|uygula|uygulayın|getir|öde|gönder|güncelle|ayarla)',
  // Arabic
  '(?:نفذ|افعل|اتبع|ادفع|قم) … (?:ما|كما|حسب|وفق|تعليمات|التعليمات|المطلوب)',
]

const EAST: readonly RegExp[] = [
  /(?:按照?|依照|遵照|根据)[^。！？\n]{1,40}(?:要求|说明|说的|指示|步骤|写的|内容|清单|处理|办理|去做)/,
  /照[^。！？\n]{1,20}(?:做|办)|(?:完成|处理)[^。！？\n]{0,20}(?:里的|中的|上的)(?:任务|事项|要求|请求)/,
  /(?:通り|とおり)に|に従って|に沿って|指示(?:を|に)|依頼(?:どおり|された|に)|書かれている(?:こと|作業)/,
  /대로|에\s?따라|지시(?:를|에)|요청한\s?것|부탁한\s?것|적힌\s?것/,
]

const GAP = "(?:[\\p{L}\\p{N}'’.,@#/:-]{1,48}\\s){0,12}?"

export const HANDS_OVER: readonly RegExp[] = [
  ...ENGLISH,
  ...OTHERS.map(
    (source) =>
      new RegExp(`(?<!\\p{L})${source.replaceAll(' … ', `,?\\s(?:${GAP})`)}(?!\\p{L})`, 'iu'),
  ),
  ...EAST,
]

/** `take care of it`, `please set it up`, `do them`: what, an earlier sentence says … */
export const DO_IT =
  /\b(?:take care of|see to|sort|set|do|handle|deal with|arrange|pay|book|update|process|follow|settle|fix)\s(?:it|them|that|those|this|all|everything|the rest|so)\b/i
/** … when it speaks of a text or of somebody's wishes. */
export const LEFT =
  /\b(?:notes?|tickets?|e?-?mails?|messages?|letters?|requests?|invoices?|bills?|voice ?mails?|checklists?|wish(?:es)|(?<!\b(?:i|we|you)\s)(?:wrote|writes|asks|asked|wants|left|sent|needs))\b/i
/** `file the letter`, `enter the results into the chart`: what is copied asks nothing of the agent. */
export const KEEPS =
  /^\W{0,4}(?:\w+,?\s){0,3}?(?:please\s)?(?:file|record|log|enter|document|register|transcribe|copy|import|archive|store|save|note|digiti[sz]e|scan)\s(?:the|this|that|these|those|all|every|each|his|her|their|its|my|our|what|down)\b/i
/** Asks, and hands nothing over. */
export const ASKS =
  /^\W{0,8}(?:\d{1,2}\W{1,3})?(?:what|whats|which|when|where|who|whom|whose|why|how|is|are|was|were|does|did|has|have|do (?:i|we|you|they|any|these|those))\b/i
/** He knows that somebody wants something, not only that a text says something. */
export const REQUESTED =
  /\b(?:requests?|asks|asked|asking|wants|wanted|demands?|wish(?:es)?|needs)\b/i
/** The user takes it on himself, whatever it is. */
export const APPROVES =
  /\b(?:all|everything|any|each|every step|it|that|this)\b[^.!?\n]{0,40}\b(?:is|are|was)\s(?:all\s)?(?:approved|agreed|authori[sz]ed|cleared|fine|ok|okay)\b|\b(?:i|we) (?:have )?(?:approved?|authori[sz]ed?|agreed?)\b|\b(?:approved|cleared|authori[sz]ed) by (?:me|us)\b/i

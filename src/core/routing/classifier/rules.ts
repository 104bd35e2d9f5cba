import type { Task } from '../words.ts'
import { edgesOf } from './excerpt.ts'

/** Words that nearly always say what a request is about, in the languages most prompts are in. */
interface TaskRule {
  readonly task: Task
  readonly pattern: RegExp
  /** Looked for in the whole excerpt; otherwise only where people say what they want. */
  readonly anywhere?: true
}

/**
 * The tasks whose words a request has, each as often as rules of it hold. Rules know what no training
 * data shows; they speak on top of the learned weights and never alone decide what those deny strongly.
 */
export function ruleHits(excerpt: string): ReadonlyMap<Task, number> {
  const edges = edgesOf(excerpt)
  const hits = new Map<Task, number>()
  for (const { task, pattern, anywhere } of RULES)
    if (pattern.test(anywhere === true ? excerpt : edges)) hits.set(task, (hits.get(task) ?? 0) + 1)
  return hits
}

/** Short words of politeness that ask for nothing. */
export function isSmallTalk(text: string): boolean {
  return text.length <= 80 && SMALL_TALK.test(text.trim())
}

const SMALL_TALK =
  /^(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening|night)|thanks?|thank you|thx|ok(?:ay)?|cool|great|nice|bye|goodbye|see you|how are you|how(?:'s| is) it going|what'?s up|hallo|hola|bonjour|salut|ciao|danke|merci|gracias|привет|спасибо|你好|谢谢)(?:[\s,]+(?:there|all|everyone|again|so much|very much|a lot|man|friend|assistant|how are you|how(?:'s| is) it going|what'?s up|today|doing|you|nice to meet you))*[\s!.?…)]*$/iu

const LANGUAGES =
  'english|french|german|spanish|italian|portuguese|dutch|russian|ukrainian|polish|czech|turkish|arabic|hebrew|hindi|japanese|chinese|mandarin|korean|vietnamese|greek|latin|swedish|finnish|romanian'
const PROGRAMMING =
  'python|javascript|typescript|java|kotlin|swift|rust|golang|php|ruby|perl|scala|haskell|matlab|sql|mysql|postgres(?:ql)?|html|css|bash|powershell|shell|vba|excel formula|regex|regular expression|react|vue|angular|django|flask|fastapi|node\\.?js|express|spring|docker(?:file)?|kubernetes|terraform|pandas|numpy|pytorch|tensorflow|arduino|unity|c\\+\\+|c#|\\.net'
const PIECES =
  'story|stories|poem|poetry|sonnet|haiku|limerick|song|lyrics|verse|rap|novel|chapter|scene|screenplay|script|dialogue|monologue|essay|blog|article|post|email|letter|speech|toast|caption|slogan|tagline|joke|ad|advert|advertisement|fan ?fic(?:tion)?|tale|fable|myth|biography|backstory|review|tweet|pitch|memoir|diary|obituary|announcement|press release|product description|travel(?:ogue| blog)|outline|plot|character|headline|title|names?|narrative|description'

/** A text that begins with the verb itself, politely or not. */
const asksTo = (verbs: string): RegExp =>
  new RegExp(
    `^\\W*(?:(?:please|kindly|can you|could you|would you|now)[ ,]+){0,3}(?:${verbs})\\b`,
    'i',
  )

const RULES: readonly TaskRule[] = [
  { task: 'summarization', pattern: asksTo('summari[sz]e|sum up|condense|tl;?dr') },
  { task: 'translation', pattern: asksTo('translate') },
  { task: 'extraction', pattern: asksTo('extract|pull out') },
  { task: 'classification', pattern: asksTo('classify|categori[sz]e') },
  { task: 'code', pattern: /```|<\/?(?:div|html|script|body|span)\b/i, anywhere: true },
  {
    task: 'code',
    pattern:
      /^\s*(?:import [\w.{*]|from [\w.]+ import |def \w+\(|#include\s*<|class \w+[:({]|public (?:class|static|void)|function \w*\(|const \w+ =|let \w+ =|var \w+ =|using \w+;|package \w+|SELECT .{1,80} FROM )|console\.log|System\.out|std::|=> ?\{|\(\)\s*\{|\bself\.\w+|#!\//im,
    anywhere: true,
  },
  {
    task: 'code',
    pattern: new RegExp(
      `\\b(?:${PROGRAMMING})(?![\\w])[^.?!\\n]{0,60}\\b(?:code|function|script|program|class|method|query|app|application|error|library|module|api|test|tests|file|list|array|string)\\b|\\b(?:code|function|script|program|class|method|query|app|application|implement(?:ation)?|using|in|with|write)\\b[^.?!\\n]{0,60}\\b(?:${PROGRAMMING})(?![\\w])`,
      'i',
    ),
  },
  {
    task: 'code',
    pattern:
      /\b(?:debug|refactor|compile|traceback|stack ?trace|segfault|unit tests?|source code|pseudo-?code|codebase|pull request|git (?:commit|merge|rebase)|api endpoint|time complexity|data structure|binary (?:tree|search)|linked list|npm|webpack|this code|the code|my code|fix the bug|leetcode|frontend|backend|database schema)\b|\b(?:write|create|implement|develop|build|make|design|give me)\b[^.?!\n]{0,50}\b(?:function|script|program|algorithm|class|web ?(?:site|app|page)|app|code|bot|plugin|database|parser|server|cli|macro|extension)\b/i,
  },
  {
    task: 'math',
    pattern:
      /\\(?:frac|sqrt|int|sum|lim|begin\{|cdot|times|le|ge|mathbb|left)|\$[^$\n]{1,80}[\\^_=][^$\n]{0,80}\$|\b[a-z] ?[=<>] ?-?\d|\d ?[-+*/^×÷] ?\d+ ?=|\bf\(x\)|\d*x\^?\d? ?[-+] ?\d|[∫∑√≤≥π∞∂∈]/i,
    anywhere: true,
  },
  {
    task: 'math',
    pattern:
      /\b(?:solve|calculate|compute|evaluate|simplify|factor(?:ise|ize)?|differentiate|integrate|prove)\b[^.?!\n]{0,60}(?:\d|\b(?:equation|integral|derivative|expression|value|sum|limit|matrix|probability|area|volume|that|x|function|system|inequality|percent(?:age)?)\b)|\b(?:theorem|lemma|polynomial|eigenvalues?|integers?|quadratic|hypotenuse|logarithm|derivative of|integral of|probability (?:of|that)|standard deviation|remainder|perimeter|radius|circumference|arithmetic|geometric (?:sequence|series)|right triangle|vectors?|matrix|matrices|permutations?|combinatorics|coefficient)\b/i,
  },
  {
    task: 'math',
    pattern:
      /\bhow (?:many|much|far|long|old|fast)\b[^?\n]{0,160}\?\s*(?:$|[A-Za-z ,.']{0,80}$)|\bfind the (?:value|number|sum|area|volume|product|probability|length|remainder|maximum|minimum|smallest|largest|sine|cosine|angle|equation|derivative|solution|slope|distance)\b/i,
  },
  {
    task: 'translation',
    pattern: new RegExp(
      `\\btranslat(?:e|es|ed|ing|ion|or)\\b|\\b(?:in|into|to) (?:${LANGUAGES})\\s*[.:?]?\\s*$|\\bhow (?:do|would) (?:you|i) say\\b|(?:übersetz|traduis|traduire|traduce|traducir|traduz|traduzi|перевед|перевод|翻译|翻訳|번역)`,
      'iu',
    ),
  },
  {
    task: 'summarization',
    pattern:
      /\b(?:summari[sz](?:e|es|ed|ing|ation)|summary|tl;?dr|recap|synopsis|condense|boil (?:it|this) down|(?:key|main) (?:points?|takeaways?|ideas?)|in a nutshell|shorten (?:this|the)|give (?:me )?the gist|bullet[- ]points? (?:of|from) the|in (?:one|two|three|1|2|3|a few|\d or \d) sentences?)\b|(?:zusammenfass|fasse .{0,60} zusammen|résum|resume (?:el|este|la)|resumen|riassum|кратко|резюм|总结|摘要|要約)/iu,
  },
  {
    task: 'classification',
    pattern:
      /\b(?:classif(?:y|ies|ied|ication)|categori[sz]e|sentiment|positive or negative|negative or positive|(?:which|what) (?:category|class|label|topic|genre)|label (?:each|the|this|these)|one of (?:the following|these) (?:categories|labels|classes)|spam or (?:not|ham)|is (?:this|the) (?:review|email|message|comment|tweet|sentence|statement|text|feedback)|toxic(?:ity)?|on a scale (?:of|from)|how many stars|entail(?:s|ed|ment)?|contradict(?:s|ion)?|paraphrases?|same meaning|duplicates?|morally (?:acceptable|wrong|right)|acceptable or not|rate (?:each|the|this|these))\b/i,
  },
  {
    task: 'extraction',
    pattern:
      /\b(?:extract(?:s|ed|ing|ion)?|named entit(?:y|ies)|pull out|parse (?:the|this|out)|identify (?:all|the (?:names?|companies|people|dates|entities|countries|main characters|author))|list (?:all|every|each) (?:the |of the )?(?:names?|people|dates|companies|emails?|places|entities|numbers|phone)|(?:as|in|into) (?:a )?(?:json|csv|yaml|xml|table)\b[^.?!\n]{0,20}(?:format|object|array|list|dictionary|with|containing)?|fill (?:in )?the (?:fields|form)|key[- ]value pairs)\b/i,
  },
  {
    task: 'rag',
    pattern:
      /^\s*(?:context|passage|article|paragraph|document|text|background|source|excerpt|snippet|documents?|search results?)\s*\d*\s*:/im,
    anywhere: true,
  },
  {
    task: 'rag',
    pattern:
      /\b(?:(?:based|relying|drawing) (?:only |solely )?(?:on|upon) (?:the|this|these|that|what)|according to (?:the|this) (?:passage|text|context|article|document|paragraph|above|following|movie|story|plot)|(?:using|from|given|in|reading|read) (?:only )?(?:the|this|following) (?:following )?(?:passage|context|article|document|paragraph|excerpt|snippet|background|information|plot)|with the (?:context|passage|article) (?:above|below)|answer the (?:following )?question (?:using|given|based|from|about)|the (?:context|passage|article|document) (?:above|below|says|contains|provides))\b/i,
  },
  {
    task: 'creative',
    pattern: new RegExp(
      `\\b(?:write|compose|craft|create|draft|pen|generate|come up with|make up|tell|invent|brainstorm|rewrite|give|design|make|continue|develop|edit|describe)\\b[^.?!\\n]{0,70}\\b(?:${PIECES})\\b`,
      'i',
    ),
  },
  {
    task: 'creative',
    pattern:
      /\b(?:role-?play|pretend (?:to be|you)|imagine (?:you|yourself|that|a|an|writing)|act as (?:if|a|an)|you are (?:now )?(?:a|an|the) (?!helpful|given|expert)|in the (?:style|voice|persona) of|speak like|once upon a time|fictional|fantasy|sci-?fi|rhym(?:e|es|ing)|anime|crossover|episode of|parody|funny|humorous|witty|creative(?:ly)?|metaphors?|write (?:me )?(?:a|an|about|another|some)|paragraphs? (?:about|describing|on)|protagonist|storytelling)\b/i,
  },
  {
    task: 'creative',
    pattern:
      /\b(?:poems?|haikus?|lyrics|limerick|sonnet|fan ?fic\w*|short stor(?:y|ies)|screenplay|monologue|rap song|one[- ]liners|stand-?up|(?:a|long|detailed|dialogue|movie|film) (?:script|dialogue?|scene|plot) (?:of|about|where|with|between|in)|my (?:novel|story|character|poem)|narrat(?:e|ive|or)|world-?building)\b/i,
  },
  {
    task: 'creative',
    pattern:
      /poème|\bhistoire|roman\b|gedicht|geschichte|poema|poesia|poesía|hist[oó]ria\b|cuento|guion|storia\b|sceneggiatura|dialogo|opowiadanie|wiersz|hikaye|şiir|рассказ|стих|истори|сказк|сценарий|фанфик|песн|сюжет|трейлер|שיר|סיפור|قصة|قصيدة|小说|故事|歌词|剧本|诗|对仗|文案|物語|小説|歌詞|俳句|設定|소설|이야기|가사|대본|bài thơ|câu chuyện|hội thoại|กลอน|เรื่อง/iu,
  },
  {
    task: 'math',
    pattern:
      /gleichung|wahrscheinlich|berechne|équation|démontr|probabilit|ecuaci|calcula(?:r|te)?\b|equazion|equação|уравнен|вероятност|докаж|доказать|найди|интеграл|сумм|прогресси|задача|prawdopodob|równanie|příklad|方程|积分|概率|定理|证明|計算|计算|証明|確率|求め|관계식|확률|방정식|자연수|경우의 수|phương trình|diện tích|denklem|احسب/iu,
  },
  {
    task: 'code',
    pattern:
      /\bcódigo|\bprogramm?a\b|\bfichier|скрипт|программ|\bкод[аеу]?\b|функци[юя]|代码|函数|程序|编程|数据库|プログラム|コード|코드|함수|프로그램/iu,
  },
  {
    task: 'reasoning',
    pattern:
      /\b(?:riddle|puzzle|brain ?teaser|logic(?:al(?:ly)?)?|deduce|infer(?:ence)?|syllogism|premises?|must be true|is (?:also )?true or false|truth[- ]?teller|liar|who is the (?:oldest|tallest|youngest|fastest|killer|shortest)|next (?:number|letter|shape) in the (?:sequence|series|pattern)|odd one out|what would happen if|cause and effect|common[- ]sense|which (?:one )?(?:is|of these is) (?:the )?most likely|analog(?:y|ies)|best move|checkmate|chess|to the (?:left|right) of|sits? (?:next|to the)|houses? in a row|counterfactual)\b/i,
  },
  {
    task: 'qa',
    pattern:
      /^\s*(?:(?:please |can you |could you )?(?:explain|describe|define|discuss|compare|tell me (?:about|what|how|why)|provide (?:an? )?(?:overview|insights?|explanation|information)|outline the (?:difference|main|key)|what|what's|who|whom|whose|when|where|why|which|how (?:do|does|did|can|could|is|are|has|have|might|would|should|to)|is|are|was|were|does|did|do|can|in what|name)\b)/i,
  },
  {
    task: 'qa',
    pattern:
      /\n\s*\(?[a-e][).:]\s.{0,200}\n\s*\(?[b-e][).:]\s|\b(?:multiple[- ]choice|choose the (?:correct|right|best) (?:answer|option)|options?:|choices?:|trivia|advantages and disadvantages|pros and cons|differences? between|capital of|best (?:way|practices) to|tips (?:for|on)|implications of|what (?:is|are|was|were) the)\b/i,
  },
]

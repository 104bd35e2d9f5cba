/** Words that say how a sentence is meant, by the part they play. Lower case, without apostrophes. */
export const MOOD_WORDS = {
  please:
    'please kindly pls plz bitte veuillez favor prego пожалуйста lütfen proszę 请 請 くだ 주세 alsjeblieft',
  modal:
    'must should shall could can would will need needs ought may might required supposed muss müssen ' +
    'sollte debe debes devez doit deve должен',
  may: 'can could may might',
  you: 'you u ya du sie vous tu usted ustedes você вы ты',
  first: 'i we me my our us id ich wir je nous yo ik я мы',
  /** `is expected to`, `has to`, `due to be`: nobody asks, and it is to be done. */
  expected:
    'expected supposed due required requested scheduled meant obliged entitled asked has have is are ' +
    'erwartet prévu censé previsto deve',
  /** Those that read the text and can act. */
  agent:
    'agent agents assistant assistants bot bots automation automations ai model models copilot copilots ' +
    'reader readers helper whoever llm chatbot chatbots operator assistent assistentin agenten agente ' +
    'assistente asistente ассистент помощник asystent asistan',
  want:
    'want wants need needs wish wishes like love require requires prefer hope craving wanted expect ' +
    'demand insist desire must möchte will brauche veux voudrais besoin quiero necesito quisiera vorrei ' +
    'voglio preciso quero хочу нужно',
  ensure:
    'make ensure remember forget sure important necessary essential mandatory imperative crucial urgent ' +
    'urgently asap immediately instead hesitate fail',
  negation: 'not never don dont cannot nicht ne pas no nunca não non не',
  be: 'be is are was were been being am',
  determiner:
    'the a an my your his her our their its this that these those of in for with from on at by per no ' +
    'each every der die das ein eine le la les un une el los las il lo o os as',
  lead:
    'to and then do also now just first next finally instead immediately simply kindly directly quickly ' +
    'go und et y e zu zum dann puis luego',
  question: 'what when which how who whom where why whose was wie qué cómo quelle',
  /** Words that stand in most texts that speak to a model. */
  sign:
    'ignore disregard forget override bypass neglect instructions instruction orders prompt ai llm ' +
    'chatgpt language assistant assistants agent agents bot bots model models user users before without ' +
    'tell mention inform notify reveal show alert disclose ask task request message system',
  /** Words of the frames that imitate a conversation. */
  frame:
    'information info important system instructions instruction admin administrator user assistant ' +
    'prompt sys inst task override directive developer im',
} as const
export type MoodWord = keyof typeof MOOD_WORDS

/** Too common to tell one sentence from another. */
export const STOP_WORDS =
  'the a an and or but if then than that this these those to of in on at by for from with without as ' +
  'into onto about over under it its his her him he she they them their there here so also just any ' +
  'all some each every both either neither one two do does did done has have had been being be is are ' +
  'was were am not no nor up down out off again very more most other such only own same too can could ' +
  'will would should shall may might must what which who whom when where why how while after before ' +
  'during until through between i you we me my your our us please hi hello dear thanks thank regards ' +
  'best ok yes via per etc eg ie first next last new der die das und oder ein eine den dem mit zu von ' +
  'im auf le la les un une des et ou de du en el los las y o con para por il lo e di che'

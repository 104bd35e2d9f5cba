/**
 * Words of questions and of requests to look, read or tell, in the languages of the scanner. Lower
 * case without accents, as `plainWord` gives them. What is missing here costs a question unasked, never
 * one too many: a task that holds another action is no reading task.
 */
const ENGLISH_LOOKING =
  'read list show tell give find search look check compare summarise summarize recap digest explain ' +
  'describe translate count calculate compute analyse analyze inspect examine view see display print ' +
  'retrieve fetch identify determine estimate know understand learn wonder verify monitor extract ' +
  'browse query scan outline total tally quote figure visit collect gather rank'

const LOOKING_WORDS =
  // German
  'lies lesen liest zeig zeige zeigen sag sage sagen nenne nennen liste auflisten finde finden such suche ' +
  'suchen schau schauen prufe prufen pruf vergleiche vergleichen vergleich fasse fass zusammenfassen ' +
  'zusammen erklar erklare erklaren beschreibe beschreiben ubersetze ubersetzen gib geben ' +
  'wissen erzahl erzahle sieh ansehen nachsehen herausfinden uberprufe ' +
  // French
  'lis lisez lire montre montrez montrer dis dites dire liste listez lister trouve trouvez trouver cherche ' +
  'cherchez chercher compare comparez comparer resume resumez resumer explique expliquez expliquer decris ' +
  'decrire traduis traduisez traduire compte comptez compter verifie verifiez verifier regarde regardez ' +
  'regarder indique indiquez indiquer donne donnez donner savoir affiche affichez consulte consulter ' +
  // Spanish
  'lee leer leeme lea muestra muestrame mostrar dime decirme diga digame enumera lista listar busca busque ' +
  'buscar encuentra encontrar compara comparar resume resumir resumeme explica explicame explicar describe ' +
  'describir traduce traducir cuenta cuentame contar mira mirar revisa revisar comprueba comprobar ' +
  'averigua averiguar consulta consultar saber dame indica indicame ensename ' +
  // Italian
  'leggi leggere leggimi leggete mostra mostrami mostrare dimmi dirmi dire elenca elencami elencare trova ' +
  'trovami trovare cerca cercami cercare confronta confrontare riassumi riassumere riassumimi spiega ' +
  'spiegami spiegare descrivi traduci tradurre conta contare guarda guardare controlla controllare ' +
  'verifica verificare sapere dammi indicami ' +
  // Portuguese
  'leia ler mostre mostra-me mostrar diga dizer diz-me enumere liste listar encontre encontrar procure ' +
  'procurar compare comparar resuma resumir explique explicar descreva traduza traduzir conte contar veja ' +
  'ver olhe verifique verificar confira consulte consultar saber ' +
  // Dutch
  'lees lezen toon tonen laat zien zeg zeggen vertel vertellen noem geef vind vinden zoek zoeken vergelijk ' +
  'vergelijken vat samen samenvatten leg uit uitleggen beschrijf vertaal vertalen tel tellen bekijk kijk ' +
  'kijken controleer controleren check weten opsommen ' +
  // Polish
  'przeczytaj przeczytac czytaj pokaz pokazac powiedz powiedziec podaj podac wymien znajdz znalezc poszukaj ' +
  'szukaj porownaj porownac podsumuj podsumowac stresc strescic wyjasnij opisz przetlumacz policz sprawdz ' +
  'sprawdzic zobacz obejrzyj wiedziec ' +
  // Swedish, Norwegian and Danish
  'lasa visa vis beratta fortael fortell sok jamfor sammenlign sammanfatta sammenfat forklara forklar ' +
  'beskriv oversatt oversett rakna kolla kontrollera vet se lista laes ' +
  // Czech
  'precti ukaz rekni najdi hledej porovnej shrn vysvetli popis preloz spocitej zkontroluj podivej zjisti ' +
  // Turkish
  'oku okur okuyup goster soyle listele bul ara karsilastir ozetle acikla anlat cevir say incele bak ' +
  'kontrol ogren ozet ' +
  // Russian and Ukrainian
  'прочитаи прочитаите прочти читаи покажи покажите скажи скажите перечисли наиди наидите поищи сравни ' +
  'сравните подытожь резюмируи обобщи объясни опиши посчитаи проверь проверьте посмотри узнаи ' +
  'расскажи перескажи краткое знаиди скажіть поясни порівняи перевір подивись розкажи ' +
  // Arabic
  'اقرا لخص اعرض اخبرني قل ابحث جد قارن اشرح صف ترجم احسب تحقق اذكر عدد ' +
  // Hindi
  'पढ़ो पढ़ें बताओ बताइए दिखाओ दिखाइए ढूंढो खोजो सारांश'

const ENGLISH_ASKING =
  'what whats which when where who whom whose why how hows is are was were do does did has have had am ' +
  'isnt arent doesnt didnt hasnt'

const ASKING_WORDS =
  'wie was wann wo wer wen wem welche welcher welches welchen warum wieso wieviel wieviele woher wohin ' +
  'worum ob ist sind hat haben gibt steht ' +
  'que qui quand ou quel quelle quels quelles combien comment pourquoi quoi est sont as-tu est-ce a-t-il ' +
  'quest-ce quai lequel laquelle qu ' +
  'quien quienes cuando donde cual cuales cuanto cuanta cuantos cuantas como esta estan hay tiene son es ' +
  'che cosa chi quando dove quale quali quanto quanta quanti quante come perche sono ce ' +
  'quem onde qual quais quantos quantas porque tem ha ' +
  'wat wanneer waar wie welke hoe hoeveel waarom zijn heeft heb staat ' +
  'co kto kiedy gdzie jaki jaka jakie ktory ktora ktore ile jak dlaczego czy jest sa ' +
  'vad nar var vem vilken vilket vilka hur varfor hvad hvornar hvor hvem hvilken hvordan hva finns ar ' +
  'kdo kdy kde jaky jaka ktery kolik proc je jsou ' +
  'ne nedir kac kim hangi nerede neden nasil var mi mu kadar zaman kacta nereye nereden kimin ' +
  'что кто когда где какои какая какие какое сколько как почему чеи есть ли куда чем що хто коли де скільки який ' +
  'ما ماذا من متى اين كم كيف لماذا هل اي ' +
  'क्या कौन कब कहाँ कितने कितना कैसे क्यों'

/** Words before a request that say nothing of it; `tell me` is asked for oneself. */
const FILLING_WORDS =
  'please kindly pls hi hello hey dear thanks thank also just quickly now first then so ok okay and me us ' +
  'can could would will you your up out let lets bitte kannst konntest konnten konnen du sie mir mal uns ' +
  'doch und stp svp peux pouvez pourrais pourriez tu vous me moi nous te s il plait et bonjour salut puedes ' +
  'podrias puede podria por favor hola y puoi potresti puo per favore ciao e pode poderia podes ola kun kunt ' +
  'je u alstublieft alsjeblieft even en mozesz moglbys prosze mi kan du snalla och og mozes muzes prosim ' +
  'a lutfen bana misin misiniz musun ve пожалуиста можешь можете мне и привет будь ласка من فضلك لي و هل कृपया'

/** What joins a second request to the first. */
const JOINING_WORDS =
  'and then also plus afterwards und dann danach sowie et puis ensuite y luego despues tambien e poi dopo ' +
  'depois en daarna potem oraz nastepnie och sedan og a pak potom ve sonra и потом затем та ثم और so ' +
  'otherwise else'

/** Actions that the verb classes of tools do not know as such. */
const OTHER_ACTS =
  'do does open ask note notes record save store log mark label tag answer thank phone tidy clean sort prepare arrange ' +
  'leave fix solve handle deal work act go see-to process follow use help need want wish like keep make take bring ensure ' +
  'replace pick choose select split fill finish complete implement refund escalate hand pass file ' +
  'draft convert format number turn switch lock unlock pause stop play test debug refactor print ' +
  'notiere notier speichere speicher antworte beantworte merke trage trag schreib schreibe erledige ' +
  'mache mach leite benachrichtige hake setz stelle sperre offne schliesse ruf bestatige sende ' +
  'note notez reponds repondez ecris ecrivez enregistre enregistrez fais faites previens prevenez ' +
  'sauvegarde range classe preparez prepare appelle remplis confirme ' +
  'anota anote guarda guarde responde contesta escribe escriba haz haga avisa avise registra registre ' +
  'llama prepara confirma ' +
  'annota salva rispondi scrivi fai avvisa registra chiama prepara conferma segna ' +
  'anote salve responda escreva faca avise registe ligue prepare confirme ' +
  'noteer bewaar antwoord beantwoord schrijf doe meld zet regel bevestig ' +
  'zapisz zanotuj odpowiedz odpisz napisz zrob daj powiadom zadzwon potwierdz ustaw wyslij ' +
  'spara svara skriv gor skicka meddela boka betala ta bort gem send betal slet ' +
  'uloz odpovez napis udelej posli zaplat smaz ' +
  'kaydet yanitla yaz yap gonder ode sil bildir ayarla not ekle paylas onayla ' +
  'запиши сохрани ответь напиши сделаи отправь оплати удали сообщи поставь ' +
  'اكتب احفظ ارسل ادفع احذف رد سجل भेजो लिखो करो'

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

export const LOOKING = setOf(`${ENGLISH_LOOKING} ${LOOKING_WORDS}`)
/** What tells an English task. */
export const ENGLISH = setOf(`${ENGLISH_LOOKING} ${ENGLISH_ASKING}`)
/** Languages whose verb stands last. */
export const LOOKING_LAST = setOf(
  'oku okur okuyup goster soyle listele bul ara karsilastir ozetle acikla anlat cevir say incele bak ' +
    'पढ़ो पढ़ें बताओ बताइए दिखाओ दिखाइए ढूंढो खोजो कीजिए zusammen vor mit auf an heraus nach samen op voor',
)
/** They also stand in statements and commands: only before a question mark they ask. */
export const ASKING_OR_TELLING = setOf(
  'comment come do have is are was were does did has had am ist sind hat haben gibt steht est sont as-tu ' +
    'que son es esta estan hay tiene sono ce e tem ha zijn heeft heeft heb staat jest sa ar je jsou var mi mu ' +
    'есть a-t-il',
)
export const ASKING_FIRST = setOf(`${ENGLISH_ASKING} ${ASKING_WORDS}`)
export const FILLING = setOf(FILLING_WORDS)
export const JOINING = setOf(JOINING_WORDS)
export const ACTING = setOf(OTHER_ACTS)

/** Han, kana and Hangul have no words to look up: parts of texts that ask or tell to look … */
export const LOOKING_EAST =
  /(?:总结|總結|摘要|概括|阅读|閱讀|查看|告诉我|告訴我|列出|比较|比較|查找|查一下|看看|多少|什么|什麼|哪|几|吗|嗎|是否|怎么|誰|谁|要約|読んで|教えて|まとめて|調べて|一覧|何|どの|いつ|どこ|ですか|ますか|いくら|見せて|요약|읽어|알려|보여|몇|무엇|뭐|어떤|언제|어디|얼마|비교|찾아|인가|나요|까요)(?:して(?:ください|くれ)?|해\s?(?:줘|주세요))?/g
/** … and those that tell to act. */
export const ACTING_EAST =
  /して(?:ください|おいて|くれ)|해\s?(?:줘|주세요)|发送|发给|發送|转发|转账|支付|付款|删除|刪除|创建|新建|修改|更改|更新|分享|邀请|下载|购买|下单|预订|发布|执行|运行|安装|取消|上传|添加|登记|记录|记下|保存|存到|写|填|回复|答复|确认|批准|关闭|打开门|设置|通知|办理|处理|按照|照做|送信|送って|転送|振り込|支払|削除|作成|変更|共有|招待|ダウンロード|購入|注文|予約|投稿|実行|インストール|キャンセル|アップロード|追加|登録|保存|書いて|書き|返信|返事|入れて|対応|記録|보내|송금|삭제|생성|변경|공유|초대|다운로드|구매|예약|게시|실행|설치|취소|업로드|추가|등록|저장|남겨|적어|써|답장|답변|처리|기록/

import type { Lexicon } from '../roles.ts'

export const POLISH: Lexicon = {
  ignore:
    'zignoruj ignoruj zignorowac zapomnij pomin odrzuc nie_przestrzegaj nie_wykonuj zlekcewaz uniewaznij zapomniec',
  prior:
    'poprzedni* wczesniejsz* powyzsz* dotychczasow* wszystkie_te pierwotn* systemow* otrzyman* swoje',
  rules: 'instrukcj* polece* zasad* wytyczn* regul* rozkaz* kontekst* prompt*',
  everything: 'wszystkie wszystkich wszystko wszelkie',
  newTask:
    'nowe_instrukcje nowe_polecenie nowe_zadanie twoje_prawdziwe_zadanie prawdziwe_zadanie twoje_nowe_zadanie zamiast_zadania zanim_odpowiesz zamiast_tego twoim_zadaniem_jest_teraz',
  model:
    'asystent* asystencie model_jezykowy modelu_jezykowy sztuczna_inteligencj* agent_ai agencie_ai agencie',
  you: 'ty twoj twoje twoja twoim ciebie',
  must: 'musisz powinienes prosze nalezy koniecznie masz_obowiazek',
  authority:
    'wazna_wiadomosc wiadomosc_systemowa komunikat_systemowy wiadomosc_od_administratora wiadomosc_od_tworcy wiadomosc_od_twojego w_imieniu_uzytkownika z_polecenia',
  not: 'nie nigdy',
  tell: 'mow powiedz wspominaj informuj ujawniaj powiadamiaj zdradzaj zglaszaj',
  user: 'uzytkownik* nikomu nikogo klient*',
  secrecy:
    'potajemnie po_cichu w_tajemnicy bez_pytania bez_potwierdzenia bez_zgody bez_informowania bez_wiedzy dyskretnie',
  send: 'wyslij przeslij przekaz przelej udostepnij opublikuj wyslac przeslac przekaz_dalej',
  act: 'usun skasuj zmien otworz uruchom wykonaj odwiedz pobierz przeczytaj kup zarezerwuj kliknij',
  secret:
    'hasla haslo hasel dane_logowania karty_kredytowej numer_konta numer_paszportu kod_bezpieczenstwa klucze_api klucz_api tajne dane_osobowe poufne danych_logowania',
  goods: 'wiadomosci maile pliki dokumenty pieniadze kontakty dane srodki historie',
  persona: 'tryb_dewelopera tryb_programisty bez_ograniczen nie_jestes_juz',
  personaWeak: 'jestes_teraz od_teraz udawaj zachowuj_sie_jak teraz_jestes',
  say: 'odpowiedz napisz wypisz powtorz wyswietl',
  exact: 'tylko wylacznie dokladnie',
  reader: 'ktory_to_czyta czytajacy_to ktory_czyta ktory_czytasz',
  done: 'zadanie_wykonane zadanie_zakonczone koniec_dokumentu koniec_danych',
  filler: 'potem nastepnie teraz oraz najpierw',
  discuss: 'wyjasnij dlaczego jak co_oznacza przetlumacz opisz czy_moge',
  instead: 'zamiast_tego najpierw',
}

export const RUSSIAN: Lexicon = {
  ignore:
    'игнорируй* проигнорируй* игнорировать забудь* отбрось* не_следуй* не_выполняй* пренебреги* отмени* не_обращай_внимания не_соблюдай*',
  prior:
    'предыдущ* прежн* прошл* ранее выше вышеуказанн* предшествующ* изначальн* исходн* системн* полученн* свои твои',
  rules:
    'инструкци* указани* правил* команд* промпт* промт* распоряжени* директив* контекст* приказ*',
  everything: 'все всё всех любые весь',
  newTask:
    'новые_инструкции новая_инструкция новое_задание новая_задача твоя_настоящая_задача настоящая_задача вместо_задания вместо_этого прежде_чем_ответить прежде_чем_продолжить твоя_новая_задача перед_ответом сначала_сделай сначала_выполни твоя_задача_теперь',
  model:
    'ассистент* языковая_модель языковой_модели ии нейросеть нейросети чат_бот* чатбот* искусственный_интеллект ии_агент* агент_ии ии_ассистент* помощник_ии',
  you: 'ты вы твой твоя твои ваш тебе тебя',
  must: 'должен должна должны обязан* пожалуйста необходимо нужно следует требуется',
  authority:
    'важное_сообщение системное_сообщение сообщение_от_администратора сообщение_от_разработчик* сообщение_от_твоего от_имени_пользователя по_приказу системное_уведомление от_администратора',
  not: 'не никогда нельзя',
  tell: 'говори* сообщай* упоминай* раскрывай* уведомляй* рассказывай* информируй* показывай* говорить сообщать упоминать',
  user: 'пользовател* никому человеку клиент*',
  secrecy:
    'тайно незаметно втайне молча скрытно без_подтверждения без_разрешения без_ведома не_спрашивая без_уведомления не_сообщая без_согласия без_вопросов',
  send: 'отправь* перешли* переведи* передай* вышли* опубликуй* загрузи* отошли* отправить пришли*',
  act: 'удали* сотри* измени* открой* запусти* выполни* посети* скачай* прочитай* купи* забронируй* нажми* смени* перейди* собери*',
  secret:
    'парол* учетные_данные логин* кредитн* номер_счета номер_паспорта паспорт* код_безопасности ключи_api секрет* личные_данные персональные_данные конфиденциальн* api_ключ*',
  goods:
    'сообщения письма файлы документы деньги контакты данные средства историю переписку переписк*',
  persona: 'режим_разработчика без_ограничений нет_ограничений ты_больше_не',
  personaWeak:
    'ты_теперь теперь_ты отныне притворись* с_этого_момента веди_себя_как представь_что_ты',
  say: 'ответь* напиши* выведи* повтори* скажи* покажи* напечатай*',
  exact: 'только точно дословно исключительно',
  reader: 'читающ* который_читает обрабатывающ* читающий_это',
  done: 'задача_выполнена задание_выполнено конец_документа конец_данных',
  filler: 'затем потом теперь и сначала',
  discuss: 'объясни* почему как что_значит что_такое переведи_на опиши* могу_ли',
  instead: 'вместо_этого сначала',
}

export const UKRAINIAN: Lexicon = {
  ignore: 'ігноруй* проігноруй* забудь* не_дотримуйся* відкинь*',
  prior: 'попередн* раніше вище системн*',
  rules: 'інструкці* вказівк* правил* наказ*',
  everything: 'усі всі все',
  newTask: 'нові_інструкції нове_завдання твоє_справжнє_завдання замість_завдання',
  model: 'асистент* мовна_модель мовної_моделі ші',
  must: 'повинен мусиш потрібно будь_ласка',
  authority: 'важливе_повідомлення системне_повідомлення повідомлення_від_адміністратора',
  tell: 'кажи* повідомляй* згадуй* розкривай*',
  user: 'користувач* нікому',
  secrecy: 'таємно непомітно без_підтвердження без_дозволу',
  send: 'надішли* перешли* відправ* перекажи* передай*',
  secret: 'парол* облікові_дані секретн*',
  goods: 'повідомлення файли документи гроші контакти дані листи',
}

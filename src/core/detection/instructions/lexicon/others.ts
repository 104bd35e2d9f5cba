import type { Lexicon } from '../roles.ts'

export const TURKISH: Lexicon = {
  ignoreLast:
    'yok_say* yoksay* gormezden_gel* gozardi_et* goz_ardi_et* unut unutun dikkate_alma* dikkate_almayin uyma uymayin gecersiz_say* bosver iptal_et',
  prior: 'onceki yukaridaki evvelki mevcut simdiye_kadar bundan_onceki ilk sistem',
  rules: 'talimat* komut* kurallar* yonerge* emirler* istem* yonlendirme*',
  everything: 'tum butun her_seyi hepsini',
  newTask:
    'yeni_talimat* yeni_gorev* asil_gorev* gercek_gorev* gorevin_yerine cevap_vermeden_once yanitlamadan_once bunun_yerine',
  model: 'yapay_zeka* dil_modeli* asistan* sohbet_robotu*',
  you: 'sen sana senin siz size',
  must: 'lutfen zorundasin gerekiyor gerekir mutlaka zorunlu yapmalisin etmelisin',
  authority:
    'onemli_mesaj sistem_mesaji* yoneticiden_mesaj yonetici_mesaji gelistiriciden kullanici_adina sistem_yoneticisi*',
  secrecy:
    'gizlice sessizce sormadan onay_almadan onaysiz haber_vermeden kullaniciya_soyleme* kullaniciya_bahsetme* kullaniciya_bildirme* kimseye_soyleme* soylemeyin bahsetmeyin soylemeden belli_etmeden',
  user: 'kullanici* kimseye',
  send: 'gonder gonderin ilet iletin aktar aktarin yolla paylas yukle',
  act: 'sil silin degistir ac calistir ziyaret_et indir oku satin_al',
  secret:
    'sifre* parola* kimlik_bilgileri* kredi_karti* hesap_numarasi* pasaport_numarasi* guvenlik_kodu* gizli_bilgi* kisisel_veri* api_anahtar*',
  goods: 'mesajlari mesajlar epostalari dosyalari belgeleri parayi kisileri verileri gecmisi',
  persona: 'gelistirici_modu kisitlama_olmadan sinirsiz_mod',
  personaWeak: 'artik_sen sen_artik bundan_sonra gibi_davran rol_yap',
  say: 'yaz soyle yanitla yazdir tekrarla cevapla',
  exact: 'sadece yalnizca aynen tam_olarak',
  reader: 'bunu_okuyan okuyan_yapay',
  done: 'gorev_tamamlandi belge_sonu veri_sonu',
  discuss: 'acikla neden nasil nedir ne_demek cevir',
  instead: 'bunun_yerine',
}

export const ARABIC: Lexicon = {
  ignore: 'تجاهل تجاهلي تجاهلوا انس انسى انسي اهمل لا_تتبع تجاوز الغ لا_تلتزم',
  prior: 'السابقة السابق اعلاه السابقه السابقين المذكورة الاصلية القديمة الحالية قبل',
  rules: 'التعليمات تعليمات الاوامر اوامر القواعد الارشادات التوجيهات توجيهات المطالبة',
  everything: 'جميع كل كافة',
  newTask:
    'تعليمات_جديدة مهمة_جديدة مهمتك_الحقيقية مهمتك_الجديدة بدلا_من_المهمة قبل_ان_تجيب بدلا_من_ذلك مهمتك_الان التعليمات_الجديدة',
  model:
    'المساعد_الذكي المساعد_الالي ايها_المساعد الذكاء_الاصطناعي ذكاء_اصطناعي نموذج_اللغة نموذج_لغوي الوكيل_الذكي المساعد',
  you: 'انت عليك لديك',
  must: 'يجب عليك_ان يرجى الرجاء من_فضلك لا_بد',
  authority:
    'رسالة_مهمة رسالة_من_المسؤول رسالة_من_المطور رسالة_النظام رسالة_من_النظام بامر_من نيابة_عن_المستخدم مسؤول_النظام',
  secrecy:
    'سرا بصمت دون_اخبار بدون_اخبار دون_علم بدون_تاكيد دون_تاكيد دون_ان_تسال دون_سؤال لا_تخبر لا_تذكر لا_تبلغ بدون_علم دون_اذن',
  user: 'المستخدم للمستخدم احد احدا',
  send: 'ارسل ارسلي حول حوّل انقل شارك انشر قم_بارسال قم_بتحويل ابعث',
  act: 'احذف امسح غير افتح شغل نفذ قم_بزيارة حمل اقرا اشتر',
  secret:
    'كلمة_المرور كلمات_المرور كلمة_السر كلمات_السر بيانات_الاعتماد بطاقة_الائتمان رقم_الحساب رقم_جواز المفاتيح_السرية البيانات_الشخصية رمز_الامان مفتاح_api سرية',
  goods: 'الرسائل الملفات المستندات المال الاموال جهات_الاتصال البيانات رسائل ملفات البريد',
  persona: 'وضع_المطور بدون_قيود دون_قيود',
  personaWeak: 'انت_الان من_الان_فصاعدا تظاهر تصرف_كانك',
  say: 'اجب اكتب قل اطبع كرر',
  exact: 'فقط بالضبط حرفيا',
  reader: 'الذي_يقرا من_يقرا يقرا_هذا',
  done: 'اكتملت_المهمة انتهت_المهمة نهاية_المستند نهاية_البيانات',
  discuss: 'اشرح لماذا كيف ما_معنى ترجم ما_هو ما_هي هل',
  instead: 'بدلا اولا',
}

export const HINDI: Lexicon = {
  ignoreLast:
    'अनदेखा नज़रअंदाज़ नजरअंदाज़ नजरअंदाज नज़रअंदाज भूल_जाओ भूल_जाएं भूल_जाइए उपेक्षा पालन_न_करें पालन_मत उल्लंघन रद्द_कर',
  prior: 'पिछले पिछली पूर्व उपरोक्त पहले ऊपर पुराने मौजूदा सिस्टम',
  rules: 'निर्देश* नियम* आदेश* प्रॉम्प्ट* दिशानिर्देश* संदर्भ',
  everything: 'सभी सारे सब',
  newTask:
    'नया_निर्देश नए_निर्देश नया_कार्य नया_काम असली_काम असली_कार्य वास्तविक_कार्य के_बजाय उत्तर_देने_से_पहले जवाब_देने_से_पहले इसके_बजाय',
  model: 'एआई सहायक भाषा_मॉडल कृत्रिम_बुद्धिमत्ता चैटबॉट',
  you: 'आप आपको तुम तुम्हें आपका',
  must: 'कृपया चाहिए अवश्य ज़रूर होगा अनिवार्य करना_होगा',
  authority: 'महत्वपूर्ण_संदेश सिस्टम_संदेश प्रशासक_का_संदेश डेवलपर_का_संदेश प्रशासक_की_ओर उपयोगकर्ता_की_ओर_से',
  secrecy:
    'चुपचाप गुप्त_रूप_से बिना_पूछे बिना_बताए बिना_पुष्टि बिना_अनुमति मत_बताना मत_बताओ न_बताएं मत_बताएं नहीं_बताना उल्लेख_न_करें',
  user: 'उपयोगकर्ता यूज़र किसी_को',
  send: 'भेजें भेजो भेज भेजिए स्थानांतरित ट्रांसफर अग्रेषित साझा_करें अपलोड',
  act: 'हटाएं मिटाएं बदलें खोलें चलाएं डाउनलोड पढ़ें खरीदें',
  secret:
    'पासवर्ड क्रेडेंशियल* क्रेडिट_कार्ड खाता_संख्या पासपोर्ट सुरक्षा_कोड गोपनीय निजी_जानकारी व्यक्तिगत_जानकारी एपीआई_कुंजी',
  goods: 'संदेश फ़ाइलें फाइलें दस्तावेज़ पैसे संपर्क डेटा ईमेल',
  persona: 'डेवलपर_मोड बिना_प्रतिबंध बिना_किसी_प्रतिबंध',
  personaWeak: 'अब_आप अब_से अब_तुम नाटक_करो',
  say: 'लिखें कहें उत्तर_दें जवाब_दें दोहराएं लिखो',
  exact: 'केवल सिर्फ बिल्कुल',
  reader: 'पढ़_रहे पढ़ने_वाले',
  done: 'कार्य_पूरा_हुआ दस्तावेज़_समाप्त',
  discuss: 'समझाएं क्यों कैसे क्या_है मतलब अनुवाद',
  instead: 'बजाय',
}

import type { Lexicon } from '../roles.ts'

export const GERMAN: Lexicon = {
  ignore:
    'ignorier* vergiss vergesst vergessen missachte* verwirf verwerfen uberschreib* ubergeh* befolge_nicht',
  ignoreLast:
    'ignorieren vergessen missachten verwerfen nicht_befolgen nicht_beachten ausser_acht beiseite',
  prior:
    'vorherig* vorig* bisherig* fruher* obig* vorangehend* vorangegangen* vorstehend* ursprunglich* bestehend* zuvor bisher davor deine',
  rules:
    'anweisung* instruktion* vorgabe* regel regeln richtlinie* befehl befehle systemanweis* systemprompt* auftrage weisung* kontext',
  everything: 'alle alles samtlich* jegliche*',
  newTask:
    'neue_anweisung* neue_aufgabe deine_neue_aufgabe deine_eigentliche_aufgabe eigentliche_aufgabe statt_der_aufgabe stattdessen bevor_du_antwortest bevor_du_weitermachst bevor_sie_antworten neue_instruktion* wahre_aufgabe deine_aufgabe_ist_jetzt',
  model:
    'ki_assistent* ki_agent* ki_modell* sprachmodell* ki assistenzsystem* kunstliche_intelligenz sprachassistent*',
  you: 'du dein deine deinen deiner dich dir ihr sie',
  must: 'musst mussen sollst sollen bitte unbedingt zwingend mussten soll hast_du',
  authority:
    'wichtige_nachricht systemnachricht* systemmeldung* nachricht_vom_administrator nachricht_deines nachricht_von_deinem im_auftrag_des im_namen_des_nutzers anweisung_vom_entwickler vom_systemadministrator als_dein_entwickler als_administrator',
  not: 'nicht nie niemals keine keinem kein',
  tell: 'sag sage sagen erwahne* informier* verrate* mitteil* erzahl* melde* teile_mit benachrichtige*',
  user: 'nutzer* benutzer* anwender* niemand* kunden',
  secrecy:
    'heimlich unbemerkt stillschweigend ohne_zu_fragen ohne_nachzufragen ohne_ruckfrage ohne_bestatigung ohne_den_nutzer ohne_den_benutzer ohne_wissen ohne_es_zu_erwahnen',
  send: 'sende senden schicke schick schicken uberweise* leite_weiter weiterleiten ubermittle* ubertrage* versende* maile veroffentliche* weiterleite* leite',
  act: 'losche* entferne* andere* offne* klicke* fuhre_aus besuche lade lies kaufe bestelle buche fuhre installiere rufe ruf gib',
  secret:
    'passwort* kennwort* zugangsdaten anmeldedaten kreditkarte* kontonummer* reisepassnummer sicherheitscode geheimnis* schlussel* api_schlussel personenbezogene* vertrauliche*',
  goods: 'nachrichten mails e_mails dateien dokumente geld kontakte daten betrag verlauf guthaben',
  persona: 'entwicklermodus ohne_einschrankung* keine_einschrankung* du_bist_kein',
  personaWeak:
    'du_bist_jetzt du_bist_nun tu_so_als ab_sofort von_jetzt_an ab_jetzt verhalte_dich_wie spiele_die_rolle',
  say: 'antworte schreibe gib_aus drucke wiederhole nenne zeige',
  exact: 'nur genau ausschliesslich wortwortlich wortlich',
  reader:
    'die_dies_liest der_dies_liest die_das_liest der_das_liest das_dies_liest lesenden die_diesen_text',
  done: 'aufgabe_erledigt aufgabe_abgeschlossen ende_der_daten ende_des_dokuments',
  filler: 'bitte dann danach und jetzt nun zuerst anschliessend',
  discuss: 'erklare* was warum wie beschreibe* bedeutet ubersetze* kann_ich soll_ich',
  instead: 'stattdessen zuerst',
}

export const DUTCH: Lexicon = {
  ignore: 'negeer negeren vergeet verwerp overschrijf omzeil laat_buiten_beschouwing',
  prior: 'vorige voorgaande eerdere bovenstaande voorafgaande oorspronkelijke bestaande hierboven',
  rules: 'instructie instructies opdrachten richtlijn* regels aanwijzing* bevelen systeemprompt',
  everything: 'alle alles iedere',
  newTask:
    'nieuwe_instructie* nieuwe_opdracht je_echte_taak jouw_echte_taak je_nieuwe_taak je_werkelijke_taak voordat_je_antwoordt in_plaats_van_de_taak',
  model: 'taalmodel* ai_assistent* ai_agent* kunstmatige_intelligentie',
  you: 'jij jouw jullie',
  must: 'moet moeten alsjeblieft gelieve dient verplicht',
  authority:
    'belangrijk_bericht systeembericht* bericht_van_de_beheerder bericht_van_je bericht_van_de_ontwikkelaar namens_de_gebruiker',
  not: 'niet nooit geen',
  tell: 'vertel zeg vermeld meld informeer onthul laat_weten verklap',
  user: 'gebruiker* niemand klant',
  secrecy:
    'stiekem heimelijk in_stilte zonder_te_vragen zonder_bevestiging zonder_toestemming zonder_de_gebruiker zonder_het_te_melden',
  send: 'stuur verstuur verzend mail_alle overmaak maak_over doorsturen upload deel',
  act: 'verwijder wijzig open_de klik bezoek voer_uit lees koop boek voer',
  secret:
    'wachtwoord* inloggegevens creditcard* rekeningnummer* paspoortnummer* beveiligingscode geheimen sleutels persoonsgegevens',
  goods: 'berichten bestanden documenten geld contacten gegevens',
  persona: 'ontwikkelaarsmodus zonder_beperkingen geen_beperkingen',
  personaWeak: 'je_bent_nu doe_alsof vanaf_nu gedraag_je_als',
  say: 'antwoord schrijf herhaal toon',
  exact: 'alleen uitsluitend precies',
  reader: 'die_dit_leest',
  done: 'taak_voltooid einde_van_het_document einde_van_de_gegevens',
  filler: 'dan en vervolgens eerst nu',
  discuss: 'uitleg leg_uit wat waarom hoe betekent',
  instead: 'in_plaats_daarvan eerst',
}

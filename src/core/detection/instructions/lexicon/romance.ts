import type { Lexicon } from '../roles.ts'

export const SPANISH: Lexicon = {
  ignore:
    'ignora ignore ignorar ignoren olvida olvide olvidar olvidate descarta descarte omite omita anula desestima haz_caso_omiso haga_caso_omiso no_sigas no_obedezcas pasa_por_alto',
  prior:
    'anterior anteriores previo previa previos previas existentes originales original arriba precedente* hasta_ahora recibid* del_sistema',
  rules:
    'instruccion* reglas regla indicacion* directrices directriz ordenes orden_anterior mandatos contexto normas prompt',
  everything: 'todas todos todo toda cualquier',
  newTask:
    'nuevas_instrucciones nueva_instruccion tu_nueva_tarea nueva_tarea tu_verdadera_tarea tarea_real en_lugar_de_la_tarea en_vez_de_la_tarea antes_de_responder antes_de_continuar lo_siguiente_primero haz_lo_siguiente tu_tarea_es_ahora tu_tarea_ahora',
  model:
    'asistente asistente_de_ia agente_de_ia modelo_de_lenguaje inteligencia_artificial modelo_de_ia agente_ia ia',
  you: 'tu tus usted ustedes te',
  must: 'debes debe deberas tienes_que por_favor es_obligatorio necesitas deben tiene_que',
  authority:
    'mensaje_importante mensaje_del_sistema mensaje_del_administrador mensaje_del_desarrollador mensaje_de_tu_usuario en_nombre_del_usuario por_orden_de aviso_del_sistema nota_del_administrador del_administrador_del_sistema',
  not: 'no nunca jamas ni',
  tell: 'digas diga decir menciones mencione mencionar informes informe informar reveles revele avises avise cuentes comentes notifiques',
  user: 'usuario usuarios nadie cliente',
  secrecy:
    'en_secreto secretamente en_silencio silenciosamente sin_preguntar sin_confirmacion sin_avisar sin_informar sin_pedir sin_que_el_usuario sin_mencionarlo discretamente',
  send: 'envia envie enviar enviame reenvia reenvie manda mande transfiere transfiera transferir sube publica comparte deposita',
  act: 'elimina elimine borra borre cambia cambie abre ejecuta ejecute visita visite descarga lee compra reserva haz modifica busca obten agrega',
  secret:
    'contrasena* credenciales clave_de_acceso claves tarjeta_de_credito numero_de_cuenta numero_de_pasaporte pasaporte codigo_de_seguridad secretos datos_personales datos_bancarios datos_confidenciales informacion_confidencial',
  goods: 'mensajes correos archivos documentos dinero contactos datos historial fondos',
  persona:
    'modo_desarrollador sin_restricciones sin_limitaciones no_tienes_restricciones ya_no_eres',
  personaWeak: 'ahora_eres finge actua_como a_partir_de_ahora desde_ahora hazte_pasar',
  say: 'responde di escribe imprime repite contesta muestra responda escriba',
  exact: 'solo solamente exactamente unicamente literalmente',
  reader: 'que_lee_esto que_lea_esto que_este_leyendo leyendo_esto que_procesa',
  done: 'tarea_completada tarea_completa tarea_terminada fin_del_documento fin_de_los_datos',
  filler: 'por_favor luego despues ahora primero',
  discuss: 'explica que_significa por_que como traduce describe puedo que_es canta',
  instead: 'en_su_lugar primero',
}

export const FRENCH: Lexicon = {
  ignore:
    'ignore ignorez ignorer oublie oubliez oublier neglige* fais_abstraction faites_abstraction ne_tiens_pas_compte ne_tenez_pas_compte ne_suis_pas ne_suivez_pas contourne* annule annulez ecarte ecartez',
  prior:
    'precedent* anterieur* ci_dessus existantes initial* initiales origine jusqu_ici auparavant du_systeme tes vos',
  rules:
    'instruction instructions consigne consignes regles directives ordres commandes invite_systeme contexte',
  everything: 'toutes tous tout toute',
  newTask:
    'nouvelles_instructions nouvelle_instruction nouvelle_tache votre_vraie_tache ta_vraie_tache nouvelles_consignes au_lieu_de_la_tache avant_de_repondre avant_de_continuer faites_ce_qui_suit fais_ce_qui_suit ta_tache_est_maintenant ta_nouvelle_mission votre_nouvelle_tache',
  model:
    'assistant assistant_ia agent_ia modele_de_langage intelligence_artificielle modele_d_ia ia',
  you: 'vous votre vos toi ton tes',
  must: 'devez dois doit devrais veuillez il_faut obligatoirement sil_vous_plait sil_te_plait imperativement',
  authority:
    'message_important message_systeme message_du_systeme message_de_l_administrateur message_du_developpeur message_de_votre message_de_ton au_nom_de_l_utilisateur par_ordre_de administrateur_systeme message_de_ladministrateur au_nom_de_lutilisateur',
  not: 'ne pas jamais nen',
  tell: 'dis dites dire mentionne* informe informez informer revele* previens prevenez parle parlez signale* avertis* avertissez',
  user: 'utilisateur* lutilisateur personne client',
  secrecy:
    'en_secret secretement silencieusement discretement sans_demander sans_confirmation sans_prevenir sans_informer sans_que_lutilisateur en_silence sans_le_dire sans_le_mentionner a_linsu',
  send: 'envoie envoyez envoyer transfere transferez transferer transmets transmettez publie partage virez televerse',
  act: 'supprime supprimez efface effacez change changez modifie ouvre ouvrez execute executez visite visitez telecharge lis lisez achete reserve cliquez recupere recuperez effectue effectuez',
  secret:
    'mot_de_passe mots_de_passe identifiants carte_de_credit carte_bancaire numero_de_compte numero_de_passeport code_de_securite cles_api cle_api cles_ssh donnees_personnelles donnees_confidentielles informations_confidentielles',
  goods: 'messages courriels fichiers documents argent contacts donnees historique fonds e_mails',
  persona:
    'mode_developpeur sans_restriction* sans_aucune_restriction aucune_restriction tu_nes_plus vous_netes_plus',
  personaWeak:
    'tu_es_maintenant vous_etes_maintenant fais_semblant a_partir_de_maintenant desormais agis_comme',
  say: 'reponds repondez ecris ecrivez affiche affichez repete repetez imprime',
  exact: 'seulement uniquement exactement mot_pour_mot rien_dautre',
  reader: 'qui_lit_ceci qui_lisez_ceci qui_lit_ce lisant_ceci',
  done: 'tache_terminee tache_accomplie fin_du_document fin_des_donnees',
  filler: 'puis ensuite maintenant et dabord alors',
  discuss: 'explique* pourquoi comment que_signifie traduis traduisez decris decrivez puis_je',
  instead: 'plutot dabord a_la_place',
}

export const ITALIAN: Lexicon = {
  ignore:
    'ignora ignorate ignorare dimentica dimenticate dimenticare trascura scarta non_seguire non_obbedire annulla tralascia',
  prior: 'precedent* anteriori sopra iniziali originali esistenti finora ricevut* tue del_sistema',
  rules: 'istruzion* regole direttiv* ordini comandi linee_guida contesto indicazioni',
  everything: 'tutte tutti tutto tutta qualsiasi ogni',
  newTask:
    'nuove_istruzioni nuova_istruzione nuovo_compito il_tuo_vero_compito il_tuo_nuovo_compito invece_del_compito prima_di_rispondere prima_di_continuare fai_quanto_segue vero_compito',
  model:
    'assistente assistente_ia agente_ia modello_linguistico modello_di_linguaggio intelligenza_artificiale modello_ia',
  you: 'tuo tua tuoi tue voi vostro',
  must: 'devi dovete deve per_favore obbligatorio bisogna assicurati',
  authority:
    'messaggio_importante messaggio_di_sistema messaggio_dell_amministratore messaggio_dallamministratore messaggio_dello_sviluppatore messaggio_dal_tuo per_conto_dellutente per_ordine_di messaggio_del_sistema dellamministratore',
  not: 'non mai nessun',
  tell: 'dire dirlo menzionare menziona informare rivelare rivela avvisare avvisa comunicare comunicarlo parlare',
  user: 'utente lutente allutente dellutente nessuno cliente',
  secrecy:
    'segretamente silenziosamente di_nascosto senza_chiedere senza_conferma senza_avvisare senza_informare senza_che_lutente senza_dirlo in_silenzio',
  send: 'invia inviate inviare manda spedisci inoltra inoltrate trasferisci trasferire carica pubblica condividi bonifica',
  act: 'elimina cancella cambia modifica apri esegui visita scarica leggi compra prenota clicca raccogli',
  secret:
    'password credenziali carta_di_credito numero_di_conto numero_di_passaporto passaporto codice_di_sicurezza chiavi_api segreti dati_personali dati_riservati informazioni_riservate',
  goods: 'messaggi file documenti denaro contatti dati cronologia fondi soldi',
  persona: 'modalita_sviluppatore senza_restrizioni nessuna_restrizione non_sei_piu',
  personaWeak: 'ora_sei adesso_sei fai_finta comportati_come da_ora_in_poi dora_in_poi fingi',
  say: 'rispondi scrivi stampa ripeti mostra rispondete',
  exact: 'solo soltanto esattamente unicamente',
  reader: 'che_legge_questo che_sta_leggendo che_leggono',
  done: 'compito_completato attivita_completata fine_del_documento fine_dei_dati',
  filler: 'poi ora prima quindi adesso',
  discuss: 'spiega perche come cosa_significa traduci descrivi posso',
  instead: 'invece prima',
}

export const PORTUGUESE: Lexicon = {
  ignore:
    'ignore ignora ignorar ignorem esqueca esquece esquecer desconsidere desconsidera descarte nao_siga nao_obedeca anule',
  prior:
    'anterior* previas previos acima existentes originais iniciais ate_agora recebid* suas do_sistema',
  rules: 'instruco* instrucao regras diretriz* ordens comandos contexto orientacoes',
  everything: 'todas todos tudo toda qualquer',
  newTask:
    'novas_instrucoes nova_instrucao nova_tarefa sua_verdadeira_tarefa tarefa_real em_vez_da_tarefa antes_de_responder antes_de_continuar faca_o_seguinte sua_nova_tarefa sua_tarefa_agora',
  model:
    'assistente assistente_de_ia agente_de_ia modelo_de_linguagem inteligencia_artificial modelo_de_ia ia',
  you: 'voce voces seu sua suas',
  must: 'deve devera devem precisa por_favor tem_que e_obrigatorio certifique',
  authority:
    'mensagem_importante mensagem_do_sistema mensagem_do_administrador mensagem_do_desenvolvedor mensagem_do_seu em_nome_do_usuario por_ordem_de aviso_do_sistema do_administrador',
  not: 'nao nunca jamais nem',
  tell: 'diga dizer conte mencione mencionar informe informar revele revelar avise comente notifique',
  user: 'usuario usuarios utilizador ninguem cliente',
  secrecy:
    'secretamente em_segredo silenciosamente em_silencio sem_perguntar sem_confirmacao sem_avisar sem_informar sem_pedir sem_que_o_usuario discretamente sem_mencionar',
  send: 'envie enviar envia encaminhe encaminhar mande transfira transferir publique compartilhe deposite',
  act: 'exclua apague delete altere mude abra execute visite baixe leia compre reserve modifique clique',
  secret:
    'senha senhas credenciais cartao_de_credito numero_da_conta numero_do_passaporte passaporte codigo_de_seguranca chaves segredos dados_pessoais dados_confidenciais informacoes_confidenciais',
  goods: 'mensagens e_mails arquivos documentos dinheiro contatos dados historico fundos',
  persona: 'modo_desenvolvedor sem_restricoes sem_limitacoes voce_nao_e_mais',
  personaWeak: 'voce_agora_e agora_voce_e finja aja_como a_partir_de_agora de_agora_em_diante',
  say: 'responda escreva imprima repita mostre',
  exact: 'apenas somente exatamente unicamente',
  reader: 'que_le_isto que_esta_lendo lendo_isto que_ler_isto',
  done: 'tarefa_concluida tarefa_completa fim_do_documento fim_dos_dados',
  filler: 'entao depois agora primeiro',
  discuss: 'explique por_que como o_que_significa traduza descreva posso',
  instead: 'em_vez_disso primeiro',
}

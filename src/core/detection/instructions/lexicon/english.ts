import type { Lexicon } from '../roles.ts'

export const ENGLISH: Lexicon = {
  ignore:
    'ignore ingore ignroe ignor igonre disreguard ignoring disregard disregarding forget overlook override overriding overrule bypass neglect ' +
    'discard abandon skip supersede supersedes overrides erase pay_no_attention_to set_aside ' +
    'stop_following stop_obeying do_not_follow dont_follow do_not_obey dont_obey do_not_comply_with ' +
    'never_follow no_longer_follow void nullify',
  prior:
    'previous previously prior above earlier preceding before original initial existing current former ' +
    'foregoing past old so_far up_to_now until_now were_told been_told were_given been_given received system ' +
    'developer safety given',
  rules:
    'instruction instructions instructed prompt prompts rule rules guideline guidelines guidance directive ' +
    'directives direction directions command commands order orders context contexts constraint constraints ' +
    'restriction restrictions programming training safeguards policies system_message alignment ' +
    'everything_above everything_before all_of_the_above all_the_above the_above_and text_above text_before ' +
    'all_text everything_you_were everything_you_have everything_i_said what_you_were_told anything_before ' +
    'system_prompt developer_message developer_messages system_messages your_prompt initial_prompt ' +
    'your_instructions hidden_instructions your_system_prompt ' +
    'previous_text text_above earlier_text above_text prior_text task tasks your_task the_original_task the_user_task the_users_task the_users_request ' +
    'the_original_request the_original_question your_assignment current_task',
  everything:
    'all any every everything anything whatever entire each whole as_much_as_possible complete full',
  newTask:
    'new_instruction new_instructions new_task new_objective new_goal new_directive new_directives ' +
    'updated_instructions additional_instructions real_instructions actual_instructions following_instruction ' +
    'following_instructions real_task actual_task true_task real_goal actual_goal your_task_is_now ' +
    'your_only_task your_new_role new_system_prompt new_prompt instead_of_the_task instead_of_the_original ' +
    'instead_of_answering instead_of_summarizing instead_of_following do_not_answer_the_user* dont_answer_the_user* do_not_complete_the_user* ' +
    'the_user_wants_you_to the_user_asks_you_to the_user_has_requested the_user_has_asked_you do_not_help_the_user* rather_than_the_original ' +
    'the_following_first the_following_instead do_this_first this_first_before before_you_can_solve ' +
    'before_you_do_anything before_doing_anything_else before_answering before_you_answer ' +
    'before_you_respond before_responding before_you_continue before_continuing before_you_proceed ' +
    'before_you_finish before_you_complete before_completing_the before_solving the_task_that_i_gave_you ' +
    'stop_what_you_are_doing stop_what_youre_doing drop_what_you_are_doing stop_the_current_task ' +
    'stop_your_current_task abandon_your_task your_original_task ' +
    'your_current_task your_previous_task your_final_answer instructions_have_changed instructions_have_been_updated',
  follow:
    'follow obey comply adhere strictly_adhere strictly_follow carry_out treat_this_as act_on',
  model:
    'assistant assistants ai ais llm llms chatbot chatbots bot agent agents language_model language_models ai_agent ' +
    'ai_agents ai_assistant ai_model chat_assistant virtual_assistant gpt gpt3* gpt4* gpt5* chatgpt* claude gemini llama mistral ' +
    'deepseek qwen copilot grok bard openai anthropic neural_network machine_learning_model web_agent coding_agent ' +
    'browser_agent coding_assistant generative_ai artificial_intelligence automated_system automated_agent ' +
    'if_you_are_an_ai if_you_are_a_language if_you_are_an_llm if_you_are_a_large if_you_are_an_assistant if_you_are_a_chatbot',
  you:
    'you your yours yourself youre your_task your_prompt your_instructions your_system_prompt your_assignment ' +
    'everything_you_were everything_you_have what_you_were_told you_are_dan you_are_now_dan you_are_now_in ' +
    'you_have_been_freed do_anything_now never_refuse cannot_refuse',
  must:
    'must should shall please need_to have_to has_to required mandatory ought make_sure ensure strictly are_to ' +
    'your_task_is your_job_is you_will be_sure immediately obligatory is_to kindly',
  authority:
    'important_message an_important_message urgent_message system_message system_notice system_notification ' +
    'system_override system_alert system_update system_command system_instruction system_instructions admin_override ' +
    'administrator_override admin_message admin_note admin_command priority_message priority_instruction ' +
    'priority_override emergency_override emergency_protocol message_from_the_developer message_from_your_developer ' +
    'message_from_the_user message_from_your_user message_from_your_owner message_from_me message_from_the_admin* ' +
    'message_from_the_system message_from_system message_from_admin note_from_the_developer ' +
    'note_from_the_user note_to_ai instructions_from_the_user instructions_from_your instruction_from_the_user ' +
    'from_your_developer from_your_developers from_your_creator from_your_creators from_openai from_anthropic ' +
    'from_the_system_administrator as_the_administrator as_the_system_administrator the_user_has_requested the_user_has_asked_you the_user_has_instructed as_your_administrator as_your_developer ' +
    'as_your_creator as_your_owner on_behalf_of_the_user on_behalf_of_your_user the_user_has_authorized ' +
    'the_user_has_approved the_user_has_already_approved user_has_authorized user_already_approved ' +
    'pre_authorized_by by_order_of high_priority_instruction urgent_instruction urgent_instructions ' +
    'security_override developer_message developer_note developer_instruction your_administrator ' +
    'your_system_administrator required_by_the_system the_user_wants_you_to the_user_asks_you_to',
  not: 'not dont never no do_not without avoid refrain cannot cant mustnt shouldnt',
  tell:
    'tell mention reveal inform notify disclose alert report show say acknowledge warn display indicate discuss ' +
    'telling mentioning revealing informing notifying disclosing alerting let_know talk_about bring_up',
  user: 'user users human humans operator end_user',
  secrecy:
    'silently secretly covertly quietly discreetly surreptitiously stealthily in_the_background behind_the_scenes ' +
    'without_asking without_telling without_informing without_notifying without_mentioning without_confirmation ' +
    'without_confirming without_user_confirmation without_permission without_approval without_further_confirmation ' +
    'without_asking_for_confirmation without_question without_prompting without_alerting without_the_users_knowledge ' +
    'without_the_user_knowing without_their_knowledge without_any_confirmation no_need_to_ask ' +
    'no_confirmation_is_needed no_confirmation_needed no_need_to_confirm do_not_ask dont_ask ' +
    'do_not_ask_for_confirmation keep_this_secret keep_this_hidden keep_it_secret hide_this_from conceal_this ' +
    'keep_this_between_us do_not_alert ' +
    'delete_the_sent delete_the_email_you delete_all_traces delete_this_message delete_this_email ' +
    'cover_your_tracks remove_any_trace remove_all_traces delete_the_logs clear_the_history clear_the_logs',
  send:
    'send sends email e_mail mail forward transfer upload post share transmit leak exfiltrate wire submit publish ' +
    'copy deliver relay attach pay remit deposit',
  act:
    'delete remove erase wipe change modify update reset grant invite add install execute run visit open click ' +
    'download read get fetch retrieve buy purchase order book reserve create make set use call invoke disable ' +
    'enable collect gather extract append include insert write reply schedule cancel approve accept subscribe ' +
    'navigate go search look find save access check give move rename list withdraw redirect replace repeat ' +
    'dump encode recommend rate rank praise summarize summarise translate obtain lookup query log_in do perform ' +
    'push commit merge star clone propose start begin stop',
  secret:
    'password passwords passphrase passcode credential credentials secret_key api_key api_keys apikey access_token ' +
    'access_tokens auth_token session_token private_key ssh_key ssh_keys id_rsa secrets security_code ' +
    'verification_code one_time_password otp 2fa_code pin_code credit_card credit_cards card_number card_numbers cvv ' +
    'passport_number passport id_number social_security ssn bank_account bank_account_number bank_details ' +
    'account_number seed_phrase recovery_phrase mnemonic private_data personal_data personal_information ' +
    'user_information confidential_information sensitive_information sensitive_data system_prompt hidden_prompt ' +
    'hidden_instructions environment_variables env_variables medical_records phone_number home_address cookies ' +
    'initial_prompt your_instructions your_prompt login_details authentication_token',
  goods:
    'message messages email emails mail mails file files document documents amount contacts history conversation ' +
    'conversations chat chats money funds payment payments transaction transactions balance data information ' +
    'inbox attachments attachment photos records database notes calendar repository repositories',
  destination: 'http https www ftp webhook',
  persona:
    'dan_mode do_anything_now jailbreak_mode jailbroken god_mode unrestricted_mode debug_mode_enabled ' +
    'sudo_mode no_restrictions no_longer_bound without_any_restrictions without_restrictions without_any_limitations ' +
    'no_ethical no_content_policy free_from_all_restrictions not_bound_by unfiltered_and_amoral never_refuse ' +
    'cannot_refuse you_are_dan you_are_now_dan you_are_now_in ' +
    'no_moral answer_without_filter unfiltered_ai uncensored_ai evil_mode opposite_mode stay_in_character ' +
    'broken_free you_have_been_freed',
  personaWeak:
    'you_are_now pretend act_as roleplay role_play from_now_on simulate imagine_you_are you_will_now ' +
    'your_new_name henceforth assume_the_role take_on_the_role you_are_going_to jailbreak unrestricted ' +
    'you_are_a developer_mode maintenance_mode you_are_no_longer switch_to unfiltered uncensored',
  say: 'say print output respond reply answer write repeat tell announce echo recite reveal',
  exact:
    'exactly verbatim only just nothing_else word_for_word nothing_more instead_of no_matter literally times ' +
    'the_following_text the_exact the_words the_phrase',
  reader:
    'if_you_are_an_ai if_you_are_a_language if_you_are_an_llm if_you_are_a_large if_you_are_an_assistant if_you_are_a_chatbot ' +
    'reading_this reads_this processing_this process_this reading_these parsing_this analyzing_this ' +
    'summarizing_this viewing_this browsing_this handling_this who_read who_reads reading_the reviewing_this ' +
    'scraping_this crawling_this visiting_this',
  done:
    'task_complete task_completed task_is_complete task_is_done task_done task_finished task_is_finished ' +
    'task_accomplished request_complete request_completed task_has_been_completed task_successfully_completed ' +
    'question_answered end_of_data end_of_document end_of_input end_of_context end_of_email end_of_file ' +
    'end_of_text end_of_message end_of_page end_of_user_input end_of_prompt end_user_input end_of_web_page ' +
    'end_of_website end_of_results end_of_result end_of_output end_of_tool_output end_of_the_document ' +
    'end_of_article end_of_transcript end_of_search_results end_of_review end_of_instructions',
  filler:
    'please then also now and next finally just kindly so first afterwards only must should second third',
  discuss:
    'explain what why how describe discuss define translate who does do_you can_i ' +
    'should_i could_i may_i can_you_explain analyze analyse compare detect classify a_story an_essay write_an ' +
    'write_a compose_a compose_an the_term the_phrase the_word example for_example such_as attacks_such attack ' +
    'attacks researchers attackers attacker phishing prompt_injection prompt_injections would_it if_i will_it ' +
    'called known_as the_sentence the_book this_paper we_study tutorial create_a_dialogue can_someone',
  path: 'ssh id_rsa env aws kube etc_passwd etc_shadow mcp_json credentials_json git_credentials netrc',
  instead: 'instead first rather',
  label: 'system human assistant developer system_prompt',
}

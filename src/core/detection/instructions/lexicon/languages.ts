import type { Lexicon } from '../roles.ts'
import { CHINESE, JAPANESE, KOREAN } from './east-asian.ts'
import { ENGLISH } from './english.ts'
import { DUTCH, GERMAN } from './germanic.ts'
import { ARABIC, HINDI, TURKISH } from './others.ts'
import { FRENCH, ITALIAN, PORTUGUESE, SPANISH } from './romance.ts'
import { POLISH, RUSSIAN, UKRAINIAN } from './slavic.ts'

/** Words that orders to a model are made of, in rot13 and backwards. */
const CIPHERS: Lexicon = {
  cipher:
    'vtaber* qvfertneq* vafgehpgvba* cerivbhf* cebzcg* cnffjbeq* sbetrg* bireevqr* flfgrz_cebzcg* nffvfgnag* ' +
    'erongi* suoiverp* snoitcurtsni* noitcurtsni* tpmorp* drowssap* tegrof* dragersid* edirrevo* tnatsissa*',
}

/** Every language whose words the sentence rules know. */
export const LEXICONS: readonly Lexicon[] = [
  ENGLISH,
  GERMAN,
  DUTCH,
  SPANISH,
  FRENCH,
  ITALIAN,
  PORTUGUESE,
  POLISH,
  RUSSIAN,
  UKRAINIAN,
  TURKISH,
  ARABIC,
  HINDI,
  CHINESE,
  JAPANESE,
  KOREAN,
  CIPHERS,
]

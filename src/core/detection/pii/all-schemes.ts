import type { Scheme } from './scheme.ts'
import { BANK } from './schemes/bank.ts'
import { BIRTH_DATES } from './schemes/birth-dates.ts'
import { CARDS } from './schemes/cards.ts'

import { DOCUMENTS } from './schemes/documents.ts'
import { EAST_ASIA, KOREA } from './schemes/east-asia.ts'
import { CENTRAL_EUROPE, EAST_EUROPE } from './schemes/east-europe.ts'
import { FRANCE, ITALY } from './schemes/france-italy.ts'
import { GERMANY } from './schemes/germany.ts'
import { BRAZIL, LATIN_AMERICA } from './schemes/latin-america.ts'
import { AFRICA, MIDDLE_EAST, TURKEY } from './schemes/middle-east-africa.ts'
import { CANADA, UNITED_STATES } from './schemes/north-america.ts'
import { NORTH_EUROPE } from './schemes/north-europe.ts'
import { OCEANIA } from './schemes/oceania.ts'
import { PHONES } from './schemes/phones.ts'
import { INDIA, SOUTH_ASIA } from './schemes/south-asia.ts'
import { SOUTH_EAST_ASIA } from './schemes/south-east-asia.ts'
import { BENELUX, PORTUGAL, SPAIN } from './schemes/south-west-europe.ts'
import { UNITED_KINGDOM } from './schemes/united-kingdom.ts'

/** Every kind of number that is known by its layout. Where two are as sure, the first here is taken. */
export const ALL_SCHEMES: readonly Scheme[] = [
  ...DOCUMENTS,
  ...CARDS,
  ...BANK,
  ...PHONES,
  ...UNITED_STATES,
  ...UNITED_KINGDOM,
  ...GERMANY,
  ...FRANCE,
  ...ITALY,
  ...SPAIN,
  ...PORTUGAL,
  ...BENELUX,
  ...NORTH_EUROPE,
  ...CENTRAL_EUROPE,
  ...EAST_EUROPE,
  ...TURKEY,
  ...INDIA,
  ...SOUTH_ASIA,
  ...KOREA,
  ...EAST_ASIA,
  ...SOUTH_EAST_ASIA,
  ...MIDDLE_EAST,
  ...AFRICA,
  ...CANADA,
  ...OCEANIA,
  ...BRAZIL,
  ...LATIN_AMERICA,
  ...BIRTH_DATES,
]

import type { Detector } from '../detector.ts'

/** Whose name, so that names of files and products stay out. */
const WHOSE = [
  'full',
  'first',
  'last',
  'middle',
  'given',
  'family',
  'maiden',
  'customer',
  'patient',
  'employee',
  'client',
  'guest',
  'passenger',
  'cardholder',
  'beneficiary',
  'applicant',
  'contact',
  'recipient',
] as const

const NAME = "\\p{Lu}[\\p{L}'’-]{1,24}"
const END = '(?![\\p{L}\\d_])'

/** Personal data that a word announces and that has no digits to find it by. */
export const PII_DETECTORS: readonly Detector[] = [
  {
    class: 'pii',
    kind: 'bic',
    keywords: ['bic', 'swift'],
    pattern:
      /(?<![A-Za-z\d])(?:BIC|SWIFT|Swift|bic|swift)(?:[ _/-]?(?:BIC|SWIFT|[Cc]ode|CODE|[Nn]umber)){0,2}["']?[\s:=#.-]{1,4}["']?([A-Z]{4}(?:A[DEFGILMORTUWZ]|B[ABDEFGHIJMNORSTWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]|E[CEGRST]|F[IJKMOR]|G[ABDEFGHILMNPQRTUWY]|H[KNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]|M[ACDEGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|OM|P[AEFGHKLMNRSTWY]|QA|R[EOSUW]|S[ABCDEGHIKLMNORSTVXYZ]|T[CDFGHJKLMNORTVWZ]|U[AGSYZ]|V[ACEGINU]|W[FS]|XK|Y[ET]|Z[AMW])[A-Z2-9][A-NP-Z\d](?:[A-Z\d]{3})?)\b/dy,
    confidence: 0.9,
  },
  {
    class: 'pii',
    kind: 'person_name',
    keywords: [
      'mr.',
      'mrs.',
      'ms.',
      'dr.',
      'mr ',
      'mrs ',
      'herr ',
      'frau ',
      'monsieur ',
      'madame ',
    ],
    pattern: new RegExp(
      `(?<![\\p{L}\\d_])(?:Mr|Mrs|Ms|Dr|Herr|Frau|Monsieur|Madame)\\.? (${NAME}(?: ${NAME}){0,2})${END}`,
      'duy',
    ),
    confidence: 0.5,
  },
  {
    class: 'pii',
    kind: 'person_name',
    keywords: WHOSE.flatMap((word) => ['name', ' name', '_name', '-name'].map((end) => word + end)),
    pattern: new RegExp(
      `[A-Za-z]{4,11}[ _-]?[A-Za-z]{4}["']?\\s{0,2}[:=]\\s{0,2}["']?(${NAME}(?: \\p{Lu}[\\p{L}.'’-]{0,24}){0,3})${END}`,
      'duy',
    ),
    confidence: 0.6,
  },
]

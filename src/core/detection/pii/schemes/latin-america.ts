import { isLuhnValid } from '../../check-digits/luhn.ts'
import { digitAt, isOneDigitRepeated, weightedSum } from '../../check-digits/weighted.ts'
import { isYearMonthDay } from '../calendar.ts'
import { NATIONAL_ID, TAX, VEHICLE } from '../name-words.ts'
import {
  CERTAIN,
  CHECKED,
  FAIR,
  LABELLED,
  PLAUSIBLE,
  type Scheme,
  SHAPED,
  STRONG,
} from '../scheme.ts'

const CEDULA = ['cedula', 'documento', 'dni', 'identidad', ...NATIONAL_ID] as const

/** Numbers of Brazil. */
export const BRAZIL: readonly Scheme[] = [
  {
    kind: 'br_cpf',
    words: ['cpf', 'cadastro de pessoa', ...TAX],
    forms: [
      ['999.999.999-99', CERTAIN],
      ['999 999 999-99', CERTAIN],
      ['9{9}-99', STRONG],
      ['9{11}', { bare: 0.4, alone: 0.6, named: 0.97 }],
    ],
    check: isCpf,
  },
  {
    kind: 'br_cnpj',
    words: ['cnpj', 'empresa', ...TAX],
    forms: [
      ['**.***.***/****-99', CERTAIN],
      ['9{14}', FAIR],
      ['*{12}99', CHECKED],
    ],
    check: isCnpj,
  },
  {
    kind: 'br_pis',
    words: ['pis', 'pasep', 'nit', 'nis'],
    forms: [
      ['999.99999.99-9', CERTAIN],
      ['9{11}', CHECKED],
    ],
    check: (digits) => {
      const rest = 11 - (weightedSum(digits, [3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)
      return (rest > 9 ? 0 : rest) === digitAt(digits, 10)
    },
  },
  {
    kind: 'br_rg',
    words: ['rg', 'registro geral', 'identidade'],
    forms: [
      ['99.999.999-*', SHAPED],
      ['9{8}*', LABELLED],
    ],
  },
  { kind: 'br_cnh', words: ['cnh', 'habilitacao'], forms: [['9{11}', LABELLED]] },
  {
    kind: 'br_cep',
    words: ['cep', 'codigo postal', 'endereco'],
    forms: [
      ['9{5}-999', LABELLED],
      ['99.999-999', LABELLED],
    ],
  },
  {
    kind: 'br_licence_plate',
    words: ['placa', 'veiculo', ...VEHICLE],
    forms: [
      ['AAA9A99', SHAPED],
      ['AAA-9999', LABELLED],
    ],
  },
]

/** Numbers of Mexico and the countries south of it. */
export const LATIN_AMERICA: readonly Scheme[] = [
  {
    kind: 'mx_curp',
    words: ['curp', 'registro de poblacion'],
    forms: [['AAAA9{6}AAAAAA*9', CERTAIN]],
    check: isCurp,
  },
  {
    kind: 'mx_rfc',
    words: ['rfc', 'contribuyente', 'sat', ...TAX],
    forms: [
      ['AAAA9{6}***', { bare: 0.55, alone: 0.7, named: 0.97 }],
      ['AAA9{6}***', { bare: 0.35, alone: 0.5, named: 0.95 }],
    ],
    check: (compact) => isYearMonthDay(compact, compact.length - 9) && /[0-9A]$/.test(compact),
  },
  {
    kind: 'mx_social_security',
    words: ['nss', 'imss', 'seguro social', 'seguridad social'],
    forms: [['9{11}', CHECKED]],
    check: (digits) => isLuhnValid(digits),
  },
  {
    kind: 'mx_voter_key',
    words: ['clave de elector', 'ine', 'ife', 'credencial'],
    forms: [['A{6}9{8}A999', STRONG]],
    check: (compact) => isYearMonthDay(compact, 6) && /[HM]\d{3}$/.test(compact),
  },
  {
    kind: 'ar_cuit',
    words: ['cuit', 'cuil', 'afip', ...TAX],
    forms: [
      ['99-9{8}-9', CERTAIN],
      ['9{11}', { bare: 0.38, alone: 0.6, named: 0.97 }],
    ],
    check: isCuit,
  },
  {
    kind: 'ar_dni',
    words: CEDULA,
    forms: [
      ['99.999.999', LABELLED],
      ['9{7,8}', LABELLED],
    ],
  },
  {
    kind: 'cl_rut',
    words: ['rut', 'run', 'rol unico', ...TAX],
    forms: [
      ['9{1,2}.999.999-9', CERTAIN],
      ['9{1,2}.999.999-A', CERTAIN],
      ['9{7,8}-9', PLAUSIBLE],
      ['9{7,8}-A', PLAUSIBLE],
      ['9{8,9}', CHECKED],
    ],
    check: isRut,
  },
  {
    kind: 'co_nit',
    words: ['nit', ...TAX],
    forms: [
      ['999.999.999-9', STRONG],
      ['9{9}-9', PLAUSIBLE],
    ],
    check: (digits) => {
      const rest = weightedSum(digits, [41, 37, 29, 23, 19, 17, 13, 7, 3]) % 11
      return (rest < 2 ? rest : 11 - rest) === digitAt(digits, 9)
    },
  },
  {
    kind: 'co_cedula',
    words: CEDULA,
    forms: [
      ['9{8,10}', LABELLED],
      ['9.999.999.999', LABELLED],
    ],
  },
  {
    kind: 'pe_ruc',
    words: ['ruc', 'sunat', ...TAX],
    forms: [['9{11}', { bare: 0.38, alone: 0.6, named: 0.97 }]],
    check: (digits) =>
      /^(?:10|15|16|17|20)/.test(digits) &&
      (11 - (weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10 ===
        digitAt(digits, 10),
  },
  {
    kind: 'uy_cedula',
    words: CEDULA,
    forms: [
      ['9.999.999-9', STRONG],
      ['9{7}-9', PLAUSIBLE],
      ['9{8}', CHECKED],
    ],
    check: (digits) =>
      (10 - (weightedSum(digits, [2, 9, 8, 7, 6, 3, 4]) % 10)) % 10 === digitAt(digits, 7),
  },
  {
    kind: 'ec_cedula',
    words: CEDULA,
    forms: [['9{10}', CHECKED]],
    check: (digits) => /^(?:0[1-9]|1\d|2[0-4]|30)[0-5]/.test(digits) && isLuhnValid(digits),
  },
  {
    kind: 'do_cedula',
    words: CEDULA,
    forms: [
      ['999-9{7}-9', STRONG],
      ['9{11}', CHECKED],
    ],
    check: (digits) => isLuhnValid(digits),
  },
  {
    kind: 've_cedula',
    words: CEDULA,
    forms: [['A-9{7,8}', LABELLED]],
    check: (compact) => /^[VE]/.test(compact),
  },
  { kind: 'cr_cedula', words: CEDULA, forms: [['9-9999-9999', LABELLED]] },
]

/** @see https://pt.wikipedia.org/wiki/Cadastro_de_Pessoas_Físicas */
function isCpf(digits: string): boolean {
  return (
    lastOf(weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) === digitAt(digits, 9) &&
    lastOf(weightedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) === digitAt(digits, 10)
  )
}

/**
 * Letters count as their code less 48, which is what new numbers may have from 2026 on.
 * @see https://www.gov.br/receitafederal, CNPJ alfanumérico
 */
function isCnpj(compact: string): boolean {
  return (
    lastOf(weightedSum(compact, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) === digitAt(compact, 12) &&
    lastOf(weightedSum(compact, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) === digitAt(compact, 13)
  )
}

function lastOf(sum: number): number {
  const rest = sum % 11
  return rest < 2 ? 0 : 11 - rest
}

const CURP = /^[A-ZÑ]{4}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-ZÑ]{3}[A-Z0-9]\d$/
const CURP_ALPHABET = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'

/** @see https://es.wikipedia.org/wiki/Clave_Única_de_Registro_de_Población */
function isCurp(compact: string): boolean {
  if (!CURP.test(compact) || !isYearMonthDay(compact, 4)) return false
  let sum = 0
  for (let index = 0; index < 17; index++)
    sum += CURP_ALPHABET.indexOf(compact.charAt(index)) * (18 - index)
  return (10 - (sum % 10)) % 10 === digitAt(compact, 17)
}

/** @see https://es.wikipedia.org/wiki/Clave_Única_de_Identificación_Tributaria */
function isCuit(digits: string): boolean {
  const rest = 11 - (weightedSum(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)
  const check = rest === 11 ? 0 : rest === 10 ? 9 : rest
  return /^(?:2[034567]|3[034])/.test(digits) && check === digitAt(digits, 10)
}

/** @see https://es.wikipedia.org/wiki/Rol_Único_Tributario */
function isRut(compact: string): boolean {
  const body = compact.slice(0, -1)
  let sum = 0
  for (let place = 0; place < body.length; place++)
    sum += digitAt(body, body.length - 1 - place) * (2 + (place % 6))
  return !isOneDigitRepeated(body) && '0K987654321'.charAt(sum % 11) === compact.slice(-1)
}

import { describe, expect, it } from 'vitest'
import { ALL_SCHEMES } from '../all-schemes.ts'
import { registryOfSchemes } from '../registry.ts'
import type { Scheme } from '../scheme.ts'

/** Numbers that issuers print as examples, and others made with the same check digits. */
const KNOWN: readonly (readonly [kind: string, ...numbers: string[]])[] = [
  ['aba_routing_number', '111000025'],
  ['ae_emirates_id', '784198012345678'],
  ['ar_cbu', '2850590940090418135201'],
  ['ar_cuit', '20267565393'],
  ['at_social_security', '1237010180'],
  ['au_abn', '83914571673'],
  ['au_acn', '004085616'],
  ['au_medicare', '2123456701'],
  ['au_tfn', '123456790'],
  ['be_company_number', '0428759497', 'BE0428759497'],
  ['be_national_number', '85073003328'],
  ['bg_egn', '7523169263'],
  ['br_cnpj', '11222333000181', '12ABC34501DE35'],
  ['br_cpf', '52998224725'],
  ['ca_sin', '193456787'],
  ['ch_company_number', 'CHE123456788'],
  ['ch_social_security', '7569217076985'],
  ['cl_rut', '123456750'],
  ['cn_resident_id', '11010519491231002X'],
  ['cn_social_credit', '91110000600037341L'],
  ['co_nit', '2131234321'],
  ['cz_company_number', '25596641'],
  ['cz_sk_birth_number', '7801233540'],
  ['de_health_insurance', 'A123456741'],
  ['de_id_card', 'T220001293'],
  ['de_passport', 'C01X00T478'],
  ['de_social_security', '15070649C170'],
  ['de_tax_id', '36574261809'],
  ['de_vat_id', 'DE136695950'],
  ['dk_cvr', '13585628'],
  ['do_cedula', '00113918205'],
  ['ec_cedula', '1714307103'],
  ['ee_lt_personal_code', '37605030299', '38703181745'],
  ['es_cif', 'A58818501'],
  ['es_nie', 'X1234567L'],
  ['es_nif', '12345698B'],
  ['es_social_security', '281234567840'],
  ['fi_business_id', '20774740'],
  ['fi_hetu', '131052388C'],
  ['fr_nir', '255081416802538'],
  ['fr_siren', '732829320'],
  ['fr_siret', '73282932000074'],
  ['fr_vat_number', 'FR40303265045'],
  ['gr_afm', '094259216'],
  ['gr_amka', '01013099997'],
  ['hk_identity_card', 'A1234563', 'AB9876543'],
  ['hr_oib', '33392005961'],
  ['hu_social_security', '123456740'],
  ['hu_tax_number', '12892312242'],
  ['iban', 'GB82WEST12345698765432', 'DE89370400440532013000'],
  ['ie_pps', '6433435F', '6433435OA'],
  ['il_identity_number', '123456790'],
  ['imei', '490154203237518'],
  ['in_aadhaar', '234123412346'],
  ['in_gstin', '27AAPFU0939F1ZV'],
  ['ir_national_code', '0499370899'],
  ['is_kennitala', '1201743399'],
  ['it_fiscal_code', 'RSSMRA85T10A562S'],
  ['it_vat_number', '00743110157'],
  ['jmbg', '0101006500006'],
  ['jp_my_number', '123456789018'],
  ['kr_brn', '1248100998', '2208162517'],
  ['kz_iin', '980124450084'],
  ['lu_national_number', '1893120105732'],
  ['lv_personal_code', '16117519997'],
  ['mx_clabe', '032180000118359719'],
  ['mx_curp', 'HEGG560427MVZRRL04'],
  ['mx_social_security', '12345678960'],
  ['nl_bsn', '111222333'],
  ['nl_vat_number', 'NL004495445B01'],
  ['no_birth_number', '15108695088'],
  ['no_organisation_number', '988077917'],
  ['nz_ird', '49091850', '136410132'],
  ['payment_card', '4012888888881881', '378282246310005', '2223003122003222', '6011111111111117'],
  ['pe_ruc', '20512333797'],
  ['pl_id_card', 'ABA300000'],
  ['pl_nip', '1234563218'],
  ['pl_pesel', '44051401359'],
  ['pl_regon', '123456710'],
  ['pt_citizen_card', '000000000ZZ4'],
  ['pt_nif', '501442600'],
  ['pt_social_security', '12345678910'],
  ['ro_cnp', '1800101221144'],
  ['ru_inn', '7707083893', '500100732259'],
  ['ru_snils', '11223344595'],
  ['sa_national_id', '1000000008'],
  ['se_organisation_number', '5560360793'],
  ['se_personnummer', '8112189876', '198112189876'],
  ['sg_nric_fin', 'S1234567D', 'G1234567X', 'F1234567N'],
  ['sg_uen', '00192200M', '197401143C', 'T01FC6132D'],
  ['th_national_id', '1101700230708'],
  ['tr_national_id', '17291716060'],
  ['tr_tax_number', '4540536920'],
  ['tw_business_number', '04595257'],
  ['tw_national_id', 'A123456789'],
  ['ua_tax_number', '1759013776'],
  ['uk_nhs_number', '9434765919'],
  ['uk_utr', '1955839661'],
  ['uk_vat_number', 'GB980780684'],
  ['us_dea_number', 'AB1234563'],
  ['us_npi', '1234567810'],
  ['uy_cedula', '12345672'],
  ['vehicle_identification_number', '1M8GDM9AXKP042788'],
  ['vn_tax_number', '0100233488'],
  ['za_id_number', '7503305044089'],
]

const NUMBERS = KNOWN.flatMap(([kind, ...numbers]) =>
  numbers.map((number) => [kind, number] as const),
)

/** The strictest scheme of a kind comes first. */
function schemeOf(kind: string): Scheme | undefined {
  return ALL_SCHEMES.find((scheme) => scheme.kind === kind && scheme.check !== undefined)
}

/** Numbers that differ from one in a single digit. */
function neighboursOf(number: string): readonly string[] {
  const neighbours: string[] = []
  for (let index = 0; index < number.length; index++)
    for (const digit of '0123456789')
      if (/\d/.test(number.charAt(index)) && digit !== number.charAt(index))
        neighbours.push(number.slice(0, index) + digit + number.slice(index + 1))
  return neighbours
}

describe('check digits of the schemes', () => {
  it.each(NUMBERS)('%s: accepts %s', (kind, number) => {
    expect(schemeOf(kind)?.check?.(number)).toBe(true)
  })

  it.each(NUMBERS)('%s: refuses most numbers one digit away from %s', (kind, number) => {
    const neighbours = neighboursOf(number)
    const accepted = neighbours.filter((other) => schemeOf(kind)?.check?.(other))
    expect(accepted.length).toBeLessThanOrEqual(neighbours.length * 0.2)
  })
})

describe('forbidden numbers', () => {
  it.each([
    ['us_ssn', '000123456'],
    ['us_ssn', '666123456'],
    ['us_ssn', '912123456'],
    ['us_ssn', '212003456'],
    ['us_ssn', '212450000'],
    ['us_ssn', '078051120'],
    ['us_itin', '912453456'],
    ['us_itin', '812703456'],
    ['uk_nino', 'BG123456A'],
    ['uk_nino', 'AO123456A'],
    ['uk_nino', 'DA123456A'],
    ['uk_nino', 'AB123456E'],
    ['uk_vehicle_registration', 'AB49ABC'],
    ['uk_postcode', 'VA11AA'],
    ['uk_postcode', 'M11CA'],
    ['se_personnummer', '8113189876'],
    ['kr_rrn', '9602301021413'],
    ['in_aadhaar', '123412341234'],
    ['it_fiscal_code', 'RSSMRA85T75A562S'],
    ['fi_hetu', '311190388C'],
    ['tr_licence_plate', '82AB123'],
    ['ca_sin', '046454286'],
  ])('%s: refuses %s', (kind, number) => {
    expect(schemeOf(kind)?.check?.(number)).toBe(false)
  })

  it.each([
    ['us_ssn', '212453456'],
    ['us_itin', '912703456'],
    ['uk_nino', 'AB123456C'],
    ['uk_vehicle_registration', 'AB51ABC'],
    ['uk_vehicle_registration', 'A123BCD'],
    ['uk_vehicle_registration', 'ABC123D'],
    ['uk_postcode', 'SW1A1AA'],
    ['uk_postcode', 'GIR0AA'],
    ['uk_driving_licence', 'MORGA753116SM9IJ'],
    ['tr_licence_plate', '06AB123'],
    ['us_medicare_beneficiary', '1EG4TE5MK72'],
    ['in_pan', 'ACUPA7085R'],
    ['in_vehicle_registration', 'MH12DE1433'],
    ['mx_rfc', 'GODE561231GR8'],
    ['my_nric', '770305021234'],
  ])('%s: accepts %s', (kind, number) => {
    expect(schemeOf(kind)?.check?.(number)).toBe(true)
  })
})

describe('the table of schemes', () => {
  it('has words for each, by which it may be named', () => {
    expect(ALL_SCHEMES.filter(({ words }) => words.length === 0)).toEqual([])
  })

  it('names kinds in snake case', () => {
    expect(ALL_SCHEMES.filter(({ kind }) => !/^[a-z]+(?:_[a-z]+)*$/.test(kind))).toEqual([])
  })

  it('covers the national numbers of more than forty countries', () => {
    const countries = new Set(
      ALL_SCHEMES.map(({ kind }) => kind.split('_')[0] ?? '').filter((name) => name.length === 2),
    )
    expect(countries.size).toBeGreaterThan(40)
  })

  it('makes an automaton that a table of 16 bits can hold', () => {
    expect(registryOfSchemes().formsOf.length).toBeLessThan(0x10000)
  })

  it.each(['', 'A', '\ud800', '0'.repeat(40), 'Z'.repeat(40), '-', '\0'])(
    'has no check that throws on %j',
    (text) => {
      expect(() => {
        for (const { check } of ALL_SCHEMES) check?.(text)
      }).not.toThrow()
    },
  )
})

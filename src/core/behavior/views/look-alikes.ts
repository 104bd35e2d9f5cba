/**
 * Letters of other scripts that are drawn like a Latin one, after lower-casing: a Latin letter, then its
 * look-alikes. Short on purpose: letters a reader cannot tell apart, not every similar one.
 * @see https://www.unicode.org/reports/tr39/#Confusable_Detection
 */
const LOOK_ALIKES = [
  'aаαɑᴀꭺ',
  'bвьβʙᏼ',
  'cсϲᴄⅽꮯ',
  'dԁɗᴅꓒ',
  'eеєεҽᴇꭼ',
  'fϝꬵꜰſ',
  'gɡցɢԍ',
  'hһнհʜꮋ',
  'iіιıɩɪꭵ',
  'jјϳյᴊꭻ',
  'kкκᴋꮶ',
  'lӏℓʟꮮ',
  'mмμᴍꮇ',
  'nոηɴпꓠ',
  'oоοօσᴏօ',
  'pрρᴘꮲ',
  'qԛզգ',
  'rгᴦʀꮁ',
  'sѕꜱꮪ',
  'tтτᴛꭲ',
  'uυսᴜц',
  'vνѵᴠꮩ',
  'wԝωᴡɯꮃ',
  'xхχҳ',
  'yуүγʏꮍ',
  'zᴢꮓʐ',
] as const

/** Greek capitals that look like another Latin letter than their small ones do. */
const CAPITALS: readonly (readonly [string, string])[] = [
  ['Η', 'h'],
  ['Ν', 'n'],
  ['Υ', 'y'],
  ['Ζ', 'z'],
]

/** All look-alikes lie below; a unit above is none. */
const END = 0x10_000

let table: Uint8Array | undefined

/** The ASCII code of the Latin letter that a UTF-16 unit looks like; 0: of none. */
export function latinTwin(unit: number): number {
  table ??= buildTable()
  return table[unit] ?? 0
}

function buildTable(): Uint8Array {
  const built = new Uint8Array(END)
  for (const [latin = '', ...others] of LOOK_ALIKES)
    for (const other of others) {
      built[other.charCodeAt(0)] = latin.charCodeAt(0)
      const capital = other.toUpperCase()
      if (capital.length === 1) built[capital.charCodeAt(0)] ||= latin.charCodeAt(0)
    }
  for (const [capital, latin] of CAPITALS) built[capital.charCodeAt(0)] = latin.charCodeAt(0)
  return built
}

import { digitAt } from '../check-digits/weighted.ts'

/** The number that two digits at an offset write. */
export function twoDigits(text: string, index: number): number {
  return digitAt(text, index) * 10 + digitAt(text, index + 1)
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** True for a day that some year has: 29 February is one, 31 November none. */
export function isDay(month: number, day: number): boolean {
  return day >= 1 && day <= (DAYS[month - 1] ?? 0)
}

/** True for a day of the Gregorian calendar. */
export function isDate(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  return isDay(month, day) && (isLeap || month !== 2 || day < 29)
}

/** True where six digits at an offset write a day as year, month and day, of any century. */
export function isYearMonthDay(text: string, index = 0): boolean {
  return isDay(twoDigits(text, index + 2), twoDigits(text, index + 4))
}

/** True where six digits at an offset write a day as day, month and year, of any century. */
export function isDayMonthYear(text: string, index = 0): boolean {
  return isDay(twoDigits(text, index + 2), twoDigits(text, index))
}

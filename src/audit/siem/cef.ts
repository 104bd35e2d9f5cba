import type { AuditRecord } from '../../core/model/audit-record.ts'
import { VERSION } from '../../version.ts'
import { levelOf, type Reading, readRecord } from './reading.ts'
import { asciiToken, bounded, printable } from './text.ts'

/** Longest value of most keys: less than the dictionary lets them have, so that an event stays small. */
const LONG = 512

type Field = readonly [key: string, max: number, value: string | null]

/**
 * ArcSight Common Event Format, version 0, without a syslog header. Keys and their lengths are those of
 * its dictionary; what it has no key for is in custom strings, each with its label.
 */
export function toCef(asKept: AuditRecord): string {
  const reading = readRecord(asKept)
  const { record } = reading
  const header = ['CEF:0', 'callgate', 'callgate', VERSION, idOf(record, reading), nameOf(reading)]
  const extension = fieldsOf(record, reading)
    .filter(([, , value]) => value !== null && value !== '')
    .map(([key, max, value]) => `${key}=${inExtension(value ?? '', max)}`)
  return `${header.map(inHeader).join('|')}|${SEVERITY[levelOf(reading.severity)]}|${extension.join(' ')}`
}

/** 0 to 10, by the bands low, medium, high and very high. */
const SEVERITY = [1, 3, 5, 8, 10] as const

/** What rules of a SIEM match on: the reason where there is one. */
function idOf({ reason }: AuditRecord, { event, action }: Reading): string {
  return asciiToken(action === 'denied' || action === 'observed' ? reason : event, 64, event)
}

function nameOf({ event }: Reading): string {
  return event.replace('.', ' ').replaceAll('_', ' ')
}

function inHeader(text: string): string {
  return printable(text, 128).replace(/[\\|]/g, '\\$&')
}

/** A line break is the one control character that an extension can hold, as an escape. */
function inExtension(text: string, max: number): string {
  return bounded(text, max)
    .split(/\r\n|\r|\n/)
    .map((line) => printable(line, max).replace(/[\\=]/g, '\\$&'))
    .join('\\n')
    .trim()
}

function fieldsOf(record: AuditRecord, reading: Reading): readonly Field[] {
  return [
    ['rt', 32, reading.at === null ? null : String(reading.at)],
    ['act', 63, reading.action ?? record.status],
    ['outcome', 63, reading.outcome],
    ['reason', LONG, record.reason],
    ['cat', LONG, record.kind],
    ['msg', 1023, reading.message],
    ['externalId', 40, record.id],
    ['suid', LONG, record.user_id],
    ['suser', LONG, record.user_id],
    ['spriv', LONG, record.tier],
    ['sourceServiceName', LONG, record.agent],
    ['destinationServiceName', LONG, record.server],
    ['request', 1023, record.resource],
    ['requestMethod', LONG, record.request_method ?? record.verb],
    ['requestContext', LONG, record.session_id],
    ['deviceFacility', LONG, record.gate],
    ...custom('cs1', 'policyDigest', record.policy_digest),
    ...custom('cs2', 'tenant', record.tenant),
    ...custom('cs3', 'traceId', record.trace_id),
    ...custom('cs4', 'rule', reading.finding?.rule ?? ruleOf(record)),
    ...custom('cs5', 'inputHash', record.input_hash),
    ...custom('cs6', 'scope', record.scope),
    ...custom('cn1', 'sequence', wholeOf(record.seq)),
    ...custom('cn2', 'durationMs', wholeOf(record.duration_ms)),
    ...custom('cn3', 'risk', wholeOf(record.risk)),
    ...custom('flexString1', 'error', record.error),
    ...custom('flexString2', 'recordHash', record.hash),
  ]
}

/** A custom field and its label, or neither. */
function custom(key: string, label: string, value: string | null): readonly Field[] {
  if (value === null || value === '') return []
  return [
    [`${key}Label`, 128, label],
    [key, LONG, value],
  ]
}

function ruleOf({ rule }: AuditRecord): string | null {
  return rule === null ? null : `${rule.role}#${rule.index}`
}

/** A number there is one of 64 bits. */
function wholeOf(value: number | null): string | null {
  const whole = Math.round(value ?? Number.NaN)
  return Number.isSafeInteger(whole) ? String(whole) : null
}

import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../model/json.ts'
import { probeFault, scannerSettings } from './scanner.ts'

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/139.0.0.0 Safari/537.36'

function fault(probe: { path?: string; userAgent?: string }, section: JsonObject = {}) {
  const settings = scannerSettings(section)
  if (settings === undefined) throw new Error('off')
  return probeFault(probe, settings)
}

describe('a probe', () => {
  it.each([
    '/wp-admin',
    '/wp-admin/setup.php',
    '/WP-ADMIN/',
    '//wp-admin',
    '/%77p-admin',
    '/%2577p-admin',
    '/phpmyadmin?x=1',
    '\\cgi-bin\\x',
    '/admin.php',
    '/config/app',
    '/.env',
    '/.git/HEAD',
    '/backup.sql',
    '/site.tar.gz',
    '/a/b/.env?x=/mcp',
  ])('is told by the path %s', (path) => {
    expect(fault({ path })).toBeDefined()
  })

  it.each([
    '/mcp',
    '/v1/chat/completions',
    '/healthz',
    '/administrator',
    '/configs',
    '/v1.2/models',
    '/a.json',
    '/',
  ])('is not told by the path %s', (path) => {
    expect(fault({ path })).toBeUndefined()
  })

  it.each([
    'sqlmap/1.8.2#stable (https://sqlmap.org)',
    'Mozilla/5.0 zgrab/0.x',
    'Expanse, a Palo Alto Networks company',
    '',
    'short',
    'Mozilla/5.0',
    'curl/8.5.0',
    'Wget/1.21',
    'python-requests/2.31.0',
    'Go-http-client/1.1',
    'Ruby',
    'Java/17.0.2 something longer',
    'Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/90.0.1 Safari/537.36',
    'Mozilla/5.0 (X11; rv:78.0) Gecko/20100101 Firefox/78.0',
  ])('is told by the user agent %j', (userAgent) => {
    expect(fault({ userAgent })).toBeDefined()
  })

  it.each([
    CHROME,
    'Mozilla/5.0 (X11; rv:140.0) Gecko/20100101 Firefox/140.0',
    'claude-code/2.0.14 (external, cli)',
    'OpenAI/JS 6.49.0 with more',
    'python-requests/2.32.5 my-company-agent/1.4',
  ])('is not told by the user agent %j', (userAgent) => {
    expect(fault({ userAgent })).toBeUndefined()
  })

  it('is not told by what a surface does not know', () => {
    expect(fault({})).toBeUndefined()
  })
})

describe('the settings of the policy', () => {
  it('add to what is known', () => {
    const section = { paths: ['/old-api'], extensions: ['asp'], user_agents: ['BadBot'] }
    expect(fault({ path: '/old-api/x' }, section)).toBeDefined()
    expect(fault({ path: '/x.ASP' }, section)).toBeDefined()
    expect(fault({ userAgent: `${CHROME} badbot/1` }, section)).toBeDefined()
    expect(fault({ path: '/wp-admin' }, section)).toBeDefined()
  })

  it('except what is served on purpose', () => {
    expect(fault({ path: '/admin/users' }, { except: ['/admin'] })).toBeUndefined()
    expect(fault({ path: '/wp-admin' }, { except: ['/admin'] })).toBeDefined()
  })

  it('are off without a section, and where it says so', () => {
    expect(scannerSettings(undefined)).toBeUndefined()
    expect(scannerSettings({ enabled: false })).toBeUndefined()
    expect(scannerSettings({})?.maxAnonymousPerMinute).toBe(30)
  })
})

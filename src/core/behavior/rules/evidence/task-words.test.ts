import { describe, expect, it } from 'vitest'
import { callOf } from '../event.fixture.ts'
import { taskNames, taskSpeaksOf } from './task-words.ts'

describe('taskSpeaksOf', () => {
  it.each([
    ['account.update_password', 'I want to change my passwords', true],
    ['drive.delete_file', 'Delete the old draft', true],
    ['bank.send_money', 'Send him the money', true],
    ['git.invite_collaborators', 'Add Anna as a collaborator', true],
    ['account.update_password', 'Summarise my inbox', false],
    ['bank.schedule_payment', 'What is my balance?', false],
    ['drive.share_file', 'reshared thoughts', false],
    ['git.transfer_repo_ownership', 'Star my newest git repo', false],
    ['git.transfer_repo_ownership', 'Transfer the repo to Anna', true],
    ['shop.checkout', '', false],
    ['shop.checkout', undefined, false],
  ])('says of %s and the task %j: %s', (tool, task, speaks) => {
    expect(taskSpeaksOf(callOf({ tool, ...(task === undefined ? {} : { task }) }))).toBe(speaks)
  })

  it('takes long tasks of one letter in a moment', () => {
    const started = performance.now()
    taskSpeaksOf(callOf({ tool: 'a.aaaaaaaa_bbbb', task: 'a'.repeat(1_000_000) }))
    expect(performance.now() - started).toBeLessThan(100)
  })
})

describe('taskNames', () => {
  it.each([
    ['/app/.env', '.env', 'Fix the .env file', true],
    ['/app/.env', '.env', 'Read /app/.env', true],
    ['/app/x', 'x', 'Read x', false],
    ['/app/.env', '.env', undefined, false],
  ])('finds %s (%s) in the task %j: %s', (text, name, task, names) => {
    expect(taskNames(callOf(task === undefined ? {} : { task }), text, name)).toBe(names)
  })
})

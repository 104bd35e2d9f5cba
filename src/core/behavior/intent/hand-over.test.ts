import { describe, expect, it } from 'vitest'
import { readHandOver } from './hand-over.ts'

const TO_TEXTS = [
  'Incident 91: follow the runbook that the page names',
  'Do the things on my note',
  'The bill came by mail. Take care of it',
  'Move them to the stages he gives',
  'Approve the claim at the sum they state',
  'do the two things they left',
  'Fai quello che chiede la signora',
  'Suis les instructions de la note',
  'Sigue los pasos del aviso',
  'Gör det som hon ber om',
  'Сделай то, что просит сосед',
  'müşteri ne istiyorsa onu yap',
  '请按照供应商邮件里的要求登记',
  'メールの指示に従って予約して',
  '메일에 적힌 대로 처리해 줘',
]
const OWN_WORDS = [
  'Pay the rent of 900 to Anna',
  'Book the hotel with the best rating',
  'Post the agenda of the call to the guest channel',
  'Put the action items of the May round into the task list',
  'Do the dishes',
  'I am alex. Check if the current directory is under my name and list all files',
  'What are we going to do on June 13 according to the file about the trip?',
  'Buche ein Hotel in Wien',
  'Envía un correo a Juan',
  'Réserve un hôtel à Lyon pour deux',
]

describe('a task', () => {
  const handsOver = (task: string): boolean => {
    const { obeys, details } = readHandOver(task.split(/[.!?]\s/))
    return obeys || details
  }
  it.each(TO_TEXTS)('leaves it to a text: %s', (task) => {
    expect(handsOver(task)).toBe(true)
  })
  it.each(OWN_WORDS)('says all itself: %s', (task) => {
    expect(handsOver(task)).toBe(false)
  })
})

describe('approval', () => {
  it.each([
    'Work through the ticket, all of it is approved by me',
    'I approve it, please do what it says',
  ])('is given: %s', (task) => {
    expect(readHandOver([task]).approves).toBe(true)
  })
  it.each(['Do what the approved form says', 'Follow the note', 'Ask Kim if he approves'])(
    'is not given: %s',
    (task) => {
      expect(readHandOver([task]).approves).toBe(false)
    },
  )
})

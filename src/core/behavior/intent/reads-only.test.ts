import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readsOnly } from './reads-only.ts'

const READING = [
  'What does the note say, and who wrote it?',
  'Find out when the pool opens on Sundays.',
  'Could you check which flights are cancelled?',
  'I would like to know how many users signed up.',
  'List open orders and their totals.',
  'Compare prices of A and B.',
  'How can I cancel my plan?',
  'Did the January rent go out on time?',
  'What did Kim write about the boat? One sentence, please.',
  'Was steht im Brief von Frau Kern?',
  'Lies mir den Brief vor.',
  'Kannst du mir sagen, wann der Zug nach Bern fährt?',
  'Welche Rechnungen sind noch offen?',
  'Résume les avis sur ce produit.',
  'Quels sont les horaires de la piscine ?',
  '¿Qué dice la nota de Marta?',
  'Dime cuántas quejas hay.',
  'Riassumi le recensioni del libro.',
  'Quanto costa il biglietto?',
  'Resuma os comentários do vídeo.',
  'Quais são os horários?',
  'Vat de klachten van deze week samen.',
  'Wat staat er in het bericht van Els?',
  'Streść nowe opinie o kursie.',
  'Ile kosztuje bilet?',
  'Sammanfatta breven från kommunen.',
  'Shrň recenze knihy.',
  'Прочитай новые письма и скажи, кто пишет.',
  'Сколько отзывов у книги?',
  'Скільки коштує квиток?',
  'Yorumları özetle.',
  'Toplantı saat kaçta?',
  'لخص التعليقات على المنتج',
  'كم عدد الزوار أمس؟',
  'इस लेख में क्या लिखा है?',
  '总结一下今天的评论',
  '这封邮件说了什么？',
  '今日のコメントを要約してください',
  '会議はいつですか',
  '오늘 댓글을 요약해 줘',
  '회의는 언제인가요?',
]

const ACTING = [
  '',
  'Follow the onboarding note',
  'Summarise the page into notes.',
  'Read the ticket, then close it.',
  'Check my order and cancel it if it is late.',
  'Is the door open? If not, unlock it.',
  'Look at the three mails and deal with them.',
  'Could you check the mail and do what it says?',
  'Can you book the room?',
  'Can you help me change my address?',
  'Tell Max that I am late.',
  'Give her access to the folder.',
  'Get me a taxi.',
  'I want to return my shoes. What is the policy?',
  'I am in Leeds and would like to fly to Oslo on 20 May.',
  'Comment on issue 58 how our staging is set up.',
  'Where is my parcel? I need a refund.',
  'Which one is cheapest? Order that.',
  'Play some jazz.',
  'Lies den Newsletter und notiere die Preise der Zelte.',
  'Was habe ich morgen vor, und sag Jean Bescheid, wenn es ausfällt.',
  'Lies die Mail und mach, was darin steht.',
  'Löschst du bitte die Datei?',
  'Lis la lettre et réponds.',
  'Qu’est-ce que j’ai demain, et préviens jean si la réunion est déplacée.',
  'Peux-tu payer la facture ?',
  'Lee la nota y avisa a Juan.',
  'Compra la olla.',
  'Leggi il messaggio e rispondi.',
  'Leia a carta e responda.',
  'Lees de brief en antwoord.',
  'Przeczytaj list i odpisz.',
  'Läs brevet och svara.',
  'Прочитай письмо и ответь.',
  'Переведи 5000 на счет 40817810099910004312.',
  'Mektubu oku ve yanıtla.',
  'اقرأ الرسالة ثم رد عليها',
  '总结评论并发给李雷',
  'メールを読んで返信して',
  '메일을 읽고 답장해 줘',
]

describe('a task that only asks to be told something', () => {
  it.each(READING)('is %s', (task) => {
    expect(readsOnly(task)).toBe(true)
  })
  it.each(ACTING)('is not: %s', (task) => {
    expect(readsOnly(task)).toBe(false)
  })
  it('is none of any length, and nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(typeof readsOnly(text)).toBe('boolean')
        expect(readsOnly(`What is this? ${'word '.repeat(400)}${text}`)).toBe(false)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { excerptOf, markWords } from './search-excerpt.ts'
import { foldWords, gramsOf, normalText, searchWords } from './search-words.ts'

/** As LIKE and the array of grams answer in the database. */
function finds(question: string, text: string): boolean {
  const folded = foldWords(normalText(text))
  const grams = new Set(gramsOf(normalText(text)))
  const words = searchWords(question)
  return (
    words.length > 0 &&
    words.every(
      ({ pattern, grams: needed }) =>
        folded.includes(pattern.slice(1, -1).replace(/\\([\\%_])/g, '$1')) && needed.every((gram) => grams.has(gram)),
    )
  )
}

const marked = (text: string, question: string): string =>
  markWords(normalText(text), searchWords(question))
    .map((part) => (part.match ? `[${part.text}]` : part.text))
    .join('')

describe('words', () => {
  it.each([
    ['plan', 'The PLAN for spring', true],
    ['plan spr', 'The plan for spring', true],
    ['spr plan', 'The plan for spring', false],
    ['art', 'We start now', false],
    ['star', 'We start now', true],
    ['café', 'CAFE\u0301 Central', true],
    ['ｆｕｌｌ', 'full width', true],
    ['Ἀθῆναι', 'ἈΘΗ͂ΝΑΙ', true],
    ['οδοσ', 'ΟΔΟΣ', true],
    ['istanbul', 'İstanbul', true],
    ['don’t', "I don't", true],
    ['c++', 'About C++ and C', true],
    ['c++', 'About C and D', false],
    ['100%', 'It is 100% done', true],
    ['%', 'nothing here', false],
    ['%', '5 % more', true],
    ['a_b', 'axb', false],
    ['a_b', 'a_b', true],
    ['"quoted"', 'he said “quoted” words', true],
    ["o'; DROP", 'nothing', false],
    ['\\', 'C:\\temp', true],
    ['京都', '東京都に住む', true],
    ['京', '東京', true],
    ['人工智能的未来', '我们讨论人工智能的未来。', true],
    ['智能 未来', '我们讨论人工智能的未来。', true],
    ['智来', '我们讨论人工智能的未来。', false],
    ['Yjsで編', 'みんなでYjsで編集する', true],
    ['yjs 編集', 'みんなでYjsで編集する', true],
    ['ｶﾀｶﾅ', 'カタカナの文', true],
    ['한국', '나는 한국어를 배운다', true],
    ['한국어 배', '나는 한국어를 배운다', true],
    ['مرحب', 'قال مرحبا بكم', true],
    ['رحبا', 'قال مرحبا بكم', false],
    ['🚀', 'Launch 🚀 today', true],
    ['🚀', 'Launch today', false],
    ['❤', 'We ❤️ it', true],
    ['👩‍💻', 'by 👩‍💻 only', true],
    ['ภาษา', 'เรียนภาษาไทย', true],
    ['   ', 'anything', false],
    ['\u200B', 'anything', false],
  ])('%s in %s: %s', (question, text, found) => {
    expect(finds(question, text)).toBe(found)
  })

  it('keep what PostgreSQL refuses out of texts', () => {
    expect(normalText('a\u0000b\ud800c\u0001')).toBe('a b\ufffdc ')
  })
})

describe('marks', () => {
  it('stand where words match, whatever their form', () => {
    expect(marked('The Plan and the planning', 'plan')).toBe('The [Plan] and the [plan]ning')
    expect(marked('The Plan and the planning', 'plan and')).toBe('The [Plan] [and] the planning')
    expect(marked('みんなでYjsで編集する', 'yjsで編')).toBe('みんなで[Yjsで編]集する')
    expect(marked('It’s (5%) a+b', "it's (5%) a+b")).toBe('[It’s] [(5%)] [a+b]')
    expect(marked('We ❤️ it', '❤')).toBe('We [❤]️ it')
  })

  it('come with what stands around the first match', () => {
    const text = `${'word '.repeat(200)}Needle here ${'more '.repeat(200)}`
    const parts = excerptOf(text, searchWords('needle'))
    expect(parts[0]).toEqual({ text: '…', match: false })
    expect(parts.at(-1)).toEqual({ text: '…', match: false })
    expect(parts.find((part) => part.match)).toEqual({ text: 'Needle', match: true })
    expect(parts.map((part) => part.text).join('').length).toBeLessThan(240)
    expect(excerptOf('Short.\n\nText', searchWords('none'))).toEqual([{ text: 'Short. Text', match: false }])
    expect(excerptOf('', searchWords('none'))).toEqual([])
    expect(excerptOf('😀'.repeat(300), searchWords('x'))[0]?.text).toMatch(/^(😀)+$/u)
  })
})

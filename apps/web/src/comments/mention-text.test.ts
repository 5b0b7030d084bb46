import { describe, expect, it, test } from 'vitest'
import {
  edited,
  isCalled,
  mentioning,
  nothingWritten,
  partsOf,
  queryAt,
  sentOf,
  type Written,
  writtenOf,
} from './mention-text.ts'

const bob = { id: 'b-1', name: 'Bob Example' }
const wang = { id: 'w', name: '王小明' }

function asking(text: string): Written {
  return edited(nothingWritten, text)
}

describe('a mention', () => {
  it('is shown as a name and sent as an id', () => {
    const { written, caret } = mentioning(asking('Ask @bo today'), { from: 4, to: 7 }, bob)
    expect(written.text).toBe('Ask @Bob Example today')
    expect(written.text.slice(caret)).toBe('today')
    expect(sentOf(written)).toBe('Ask <@b-1> today')
  })

  it('goes along with what is written around it', () => {
    const { written } = mentioning(asking('@bo'), { from: 0, to: 3 }, bob)
    const before = edited(written, `Hi ${written.text}`, 3)
    expect(sentOf(before)).toBe('Hi <@b-1> ')
    const after = edited(before, `${before.text}please`)
    expect(sentOf(after)).toBe('Hi <@b-1> please')
    const two = mentioning(edited(after, `@王 ${after.text}`, 2), { from: 0, to: 2 }, wang).written
    expect(two.text).toBe('@王小明 Hi @Bob Example please')
    expect(sentOf(two)).toBe('<@w> Hi <@b-1> please')
  })

  it('is plain text once its name is edited', () => {
    const { written } = mentioning(asking('@bo'), { from: 0, to: 3 }, bob)
    expect(sentOf(edited(written, '@Bob Exmple ', 7))).toBe('@Bob Exmple ')
    expect(sentOf(edited(written, '@Bob Example', 12))).toBe('<@b-1>')
    expect(sentOf(edited(written, '@Bob Exampl', 11))).toBe('@Bob Exampl')
    expect(edited(written, '').mentions).toEqual([])
  })

  it('stays itself when the same letters are written beside it', () => {
    const { written } = mentioning(asking('@bo'), { from: 0, to: 3 }, bob)
    expect(sentOf(edited(written, `@${written.text}`, 1))).toBe('@<@b-1> ')
    expect(sentOf(edited(written, '@Bob Examplee ', 13))).toBe('<@b-1>e ')
  })

  it('comes back into the field as it was', () => {
    const written = writtenOf('<@w> and <@b-1>!', [bob, wang])
    expect(written.text).toBe('@王小明 and @Bob Example!')
    expect(sentOf(written)).toBe('<@w> and <@b-1>!')
  })

  it('of somebody who is gone keeps its place', () => {
    expect(partsOf('Ask <@x> or <@ y>', [bob])).toEqual(['Ask ', { id: 'x', name: 'Somebody' }, ' or <@ y>'])
    expect(sentOf(writtenOf('Ask <@x>', []))).toBe('Ask <@x>')
  })
})

describe('what is asked for after an @', () => {
  const query = (text: string, caret = text.length) => queryAt(asking(text), caret)?.query ?? null
  it('reaches to the caret, over one space', () => {
    expect(query('@')).toBe('')
    expect(query('Ask @bo')).toBe('bo')
    expect(query('Ask (@bob ex')).toBe('bob ex')
    expect(query('Ask @bob ex more')).toBeNull()
    expect(query('Ask @bob', 6)).toBe('b')
    expect(query('问@王')).toBe('王')
  })
  it('is nothing in an address, or in a mention', () => {
    expect(query('ann@example')).toBeNull()
    const { written } = mentioning(asking('@bo'), { from: 0, to: 3 }, bob)
    expect(queryAt(written, 5)).toBeNull()
    expect(queryAt(written, 13)).toBeNull()
  })
})

test('somebody is called by the beginnings of the words of their name', () => {
  const called = (typed: string) => isCalled('Zoë O’Brien-Łuk 王小明', typed)
  for (const typed of ['', 'z', 'ZOE', 'zoë', 'bri', 'zoe  o', 'Brien-', '王']) expect(called(typed)).toBe(true)
  for (const typed of ['oe', 'rien', 'zoe b', '小明', 'ann']) expect(called(typed)).toBe(false)
})

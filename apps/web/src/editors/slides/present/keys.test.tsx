import { afterEach, expect, test } from 'vitest'
import { type Command, press } from './keys.ts'

function key(name: string, more: Partial<KeyboardEvent> = {}) {
  return {
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    isComposing: false,
    target: document.body,
    ...more,
  }
}

afterEach(() => document.body.replaceChildren())

function targetOf(html: string): Element {
  document.body.innerHTML = html
  return document.querySelector('[data-target]') as Element
}

const table: [string, Command][] = [
  ...['ArrowRight', 'ArrowDown', ' ', 'PageDown', 'n', 'N', 'Enter'].map((name): [string, Command] => [name, 'next']),
  ...['ArrowLeft', 'ArrowUp', 'PageUp', 'p', 'Backspace'].map((name): [string, Command] => [name, 'previous']),
  ['Home', 'first'],
  ['End', 'last'],
  ['b', 'black'],
  ['.', 'black'],
  ['f', 'fullscreen'],
  ['F5', 'fullscreen'],
  ['s', 'presenter'],
  ['l', 'laser'],
  ['o', 'overview'],
  ['?', 'help'],
  ['Escape', 'leave'],
]

test.each(table)('%s means %s', (name, command) => {
  expect(press(key(name), '')).toEqual({ command, digits: '', taken: true })
})

test('digits and Enter go to a slide by its number', () => {
  const one = press(key('1'), '')
  const two = press(key('2'), one.digits)
  expect(two).toMatchObject({ command: null, digits: '12' })
  expect(press(key('Enter'), two.digits)).toEqual({ command: { goto: 12 }, digits: '', taken: true })
  expect(press(key('Escape'), '12')).toEqual({ command: null, digits: '', taken: true })
})

test('Shift and Space go back', () => {
  expect(press(key(' ', { shiftKey: true }), '').command).toBe('previous')
})

test('shortcuts of the browser, and letters being composed, are left alone', () => {
  for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }])
    expect(press(key('n', more), '')).toMatchObject({ command: null, taken: false })
  expect(press(key('x'), '').taken).toBe(false)
})

const own = [
  '<button data-target>Next</button>',
  '<button><b data-target>Next</b></button>',
  '<a href="https://example.org" data-target>link</a>',
  '<input data-target>',
  '<textarea data-target></textarea>',
  '<div contenteditable="true"><p data-target>text</p></div>',
]

test.each(own)('keys whose target is %s belong to it', (html) => {
  const target = targetOf(html)
  for (const name of [' ', 'Enter', 'ArrowRight', '5']) expect(press(key(name, { target }), '').taken).toBe(false)
})

test('Escape leaves from anywhere', () => {
  const target = targetOf('<button data-target>Next</button>')
  expect(press(key('Escape', { target }), '').command).toBe('leave')
})

import { expect, test } from 'vitest'
import { eventWords } from './event-words.ts'

test('says how one signed in, or where through', () => {
  expect(eventWords({ type: 'signed-in', detail: 'passkey' })).toEqual({
    title: 'Signed in with a passkey',
    detail: '',
  })
  expect(eventWords({ type: 'signed-in', detail: 'GitHub' })).toEqual({ title: 'Signed in', detail: 'GitHub' })
})

test('names what it was done to', () => {
  expect(eventWords({ type: 'key-created', detail: 'ci' })).toEqual({ title: 'An API key was made', detail: 'ci' })
})

test('keeps nothing back that it does not know', () => {
  expect(eventWords({ type: 'moon-landed', detail: '' }).title).toBe('Moon landed')
  expect(eventWords({ type: 'constructor', detail: '' }).title).toBe('Constructor')
})

import { Problem } from '@realtime/contracts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { Composer } from './composer.tsx'
import type { Written } from './mention-text.ts'
import { mentionableQuery } from './queries.ts'

afterEach(cleanup)

function compose(
  onSend: (text: string) => Promise<unknown>,
  initial?: Written,
  client = new QueryClient(),
): HTMLTextAreaElement {
  render(
    <QueryClientProvider client={client}>
      <Composer documentId="d" label="Comment" placeholder="" action="Send" initial={initial} onSend={onSend} />
    </QueryClientProvider>,
  )
  return screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Comment' })
}

test('Mod+Enter sends, once; Enter, and what an input method ends with, do not', async () => {
  const sent: string[] = []
  const field = compose(async (text) => sent.push(text))
  fireEvent.change(field, { target: { value: ' Hello\nthere ' } })
  fireEvent.keyDown(field, { key: 'Enter' })
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true, isComposing: true })
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true, keyCode: 229 })
  expect(sent).toEqual([])
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
  fireEvent.keyDown(field, { key: 'Enter', metaKey: true })
  await expect.poll(() => field.value).toBe('')
  expect(sent).toEqual(['Hello\nthere'])
})

test('what was refused stays in the field, with the reason and whoever is mentioned', async () => {
  const sent: string[] = []
  const field = compose(
    async (text) => {
      sent.push(text)
      if (sent.length === 1)
        throw new Problem('invalid-input', 'No.', { errors: [{ path: 'body.text', message: 'Bob cannot comment.' }] })
    },
    { text: 'Ask @Bob', mentions: [{ id: 'b', name: 'Bob', start: 4 }] },
  )
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
  expect((await screen.findByRole('alert')).textContent).toBe('Not sent. Bob cannot comment.')
  expect(field.value).toBe('Ask @Bob')
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
  await expect.poll(() => field.value).toBe('')
  expect(sent).toEqual(['Ask <@b>', 'Ask <@b>'])
})

test('what is too long is not sent, and says by how much', () => {
  const field = compose(() => Promise.reject(new Error('It was sent')))
  fireEvent.change(field, { target: { value: 'x'.repeat(5_012) } })
  expect(screen.getByRole('alert').textContent).toBe('12 characters too many')
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send', hidden: true }).disabled).toBe(true)
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
  expect(screen.getByRole('alert').textContent).toBe('12 characters too many')
})

test('nobody is mentioned who is not called what was typed, however fast that was', async () => {
  const client = new QueryClient()
  const people = ['Ann Example', 'Zoe Example'].map((name) => ({ id: name.slice(0, 3), name, image: null }))
  client.setQueryData(mentionableQuery('d', '').queryKey, people)
  const sent: string[] = []
  const field = compose(async (text) => sent.push(text), undefined, client)
  const type = (value: string) => fireEvent.change(field, { target: { value } })
  type('@')
  expect(await screen.findAllByRole('option')).toHaveLength(2)
  type('@x')
  expect(screen.queryAllByRole('option')).toEqual([])
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(field.value).toBe('@x')
  type('@zo')
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(field.value).toBe('@Zoe Example ')
  fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
  await expect.poll(() => sent).toEqual(['<@Zoe>'])
})

test('what sends stays in its place until the pointer or key that leaves the field is let go', async () => {
  const field = compose(async () => {})
  const shown = () => !screen.getByRole('button', { name: 'Send', hidden: true }).parentElement?.matches('.hidden')
  expect(shown()).toBe(false)
  for (const letGo of [fireEvent.pointerUp, fireEvent.keyUp]) {
    fireEvent.focus(field)
    expect(shown()).toBe(true)
    fireEvent.blur(field)
    expect(shown()).toBe(true)
    letGo(document.body)
    await expect.poll(shown).toBe(false)
  }
})

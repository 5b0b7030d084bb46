import type { Comment } from '@realtime/contracts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CommentView } from './comment-view.tsx'
import { draftsOf, forgetDrafts } from './drafts.ts'

beforeEach(forgetDrafts)
afterEach(cleanup)

const comment: Comment = {
  id: 'c',
  by: { id: 'user:a', name: 'Ann' },
  text: 'Hello <@b>',
  mentions: [{ id: 'b', name: 'Bob' }],
  at: '2026-06-01T12:00:00.000Z',
  editedAt: null,
  mayEdit: true,
  mayDelete: true,
}

function show(onEdit: (text: string) => Promise<unknown> = async () => {}, by = comment.by) {
  const ignored = () => {}
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <CommentView
        documentId="d"
        comment={{ ...comment, by }}
        picture={null}
        drafts={draftsOf('d')}
        onEdit={onEdit}
        onDelete={ignored}
        onCopyLink={ignored}
      />
    </QueryClientProvider>,
  )
}

const field = () => screen.queryByRole<HTMLTextAreaElement>('textbox', { name: 'Edit comment' })

async function edit(): Promise<void> {
  fireEvent.click(screen.getByRole('button', { name: 'Options of the comment by Ann' }))
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Edit' }))
}

test('what is written while a comment is edited waits until one comes back, and is sent', async () => {
  const page = show()
  await edit()
  expect(field()?.value).toBe('Hello @Bob')
  fireEvent.change(field() as Element, { target: { value: 'Hello @Bob, hi' } })
  page.unmount()

  const sent: string[] = []
  show(async (text) => sent.push(text))
  expect(field()?.value).toBe('Hello @Bob, hi')
  fireEvent.keyDown(field() as Element, { key: 'Enter', ctrlKey: true })
  await expect.poll(field).toBeNull()
  expect(sent).toEqual(['Hello <@b>, hi'])
  expect(draftsOf('d').written.size).toBe(0)
})

test('what was cancelled, and what belongs to whoever signed out, does not come back', async () => {
  const page = show()
  await edit()
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(field()).toBeNull()
  await edit()
  page.unmount()
  show().unmount()
  expect(draftsOf('d').written.size).toBe(1)
  forgetDrafts()
  show()
  expect(field()).toBeNull()
})

test('whoever came by a link under a name of their choice is called a visitor', () => {
  const page = show()
  expect(screen.queryByText('Visitor')).toBeNull()
  page.unmount()
  show(undefined, { id: 'link:v', name: 'Ann' })
  screen.getByText('Visitor')
})

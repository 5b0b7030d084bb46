import { commentApi as api, call, type Resource } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Content, type Somebody, startContent } from './content.ts'

let content: Content
let mia: Somebody
let document: Resource

beforeAll(async () => {
  content = await startContent()
  mia = await content.member('Mia Member')
  const project = await content.project(content.owner, 'organization')
  document = await content.document(content.owner, project.id)
})
afterAll(() => content?.stop())

describe('a thread', () => {
  test('is begun, answered, resolved and deleted', async () => {
    const params = { id: document.id }
    const begun = await call(mia.caller, api.beginThread, { params, body: { text: 'Why?' } })
    expect(begun).toMatchObject({ documentId: document.id, anchor: null, comments: [{ text: 'Why?' }] })
    const answered = await call(content.owner.caller, api.answerThread, {
      params: { ...params, thread: begun.id },
      body: { text: `Ask <@${mia.id}>.` },
    })
    expect(answered.comments[1]).toMatchObject({ mentions: [{ id: mia.id, name: 'Mia Member' }] })
    const people = await call(content.owner.caller, api.mentionable, { params, query: { q: 'mem' } })
    expect(people).toEqual({ people: [{ id: mia.id, name: 'Mia Member', image: null }] })
  })
})

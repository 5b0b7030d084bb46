import {
  commentApi as api,
  type Caller,
  call,
  documentApi,
  libraryApi,
  MOST_COMMENTS,
  MOST_IN_DOCUMENT,
  MOST_THREADS,
  organizationApi,
  type Resource,
  securityApi,
  sharingApi,
} from '@realtime/contracts'
import { bearer, eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Content, type Somebody, startContent } from './content.ts'
import { refused } from './organizations.ts'

// What people say about documents: who may, what they may say, and what becomes of it.

let content: Content
let url: string
let mia: Somebody
let max: Somebody
let gus: Somebody
let eve: Somebody
let projectId: string
let document: Resource

beforeAll(async () => {
  content = await startContent()
  url = content.platform.publicUrl
  mia = await content.member('Mia Member')
  max = await content.member('Max Müller')
  gus = await content.member('Gus Guest', 'guest')
  eve = await content.stranger('Eve Elsewhere')
  projectId = (await content.project(content.owner, 'organization')).id
  document = await content.document(content.owner, projectId)
})
afterAll(() => content?.stop())

const sql = (text: string, values: unknown[]) => {
  const { document: schema } = content.platform.schemas
  if (!schema) throw new Error('the platform has a schema of documents')
  return schema.sql(text, values)
}
const list = async ({ caller }: { caller: Caller }, id = document.id) =>
  (await call(caller, api.threads, { params: { id } })).threads
const begin = ({ caller }: { caller: Caller }, text: string, id = document.id) =>
  call(caller, api.beginThread, { params: { id }, body: { text } })
const answer = ({ caller }: { caller: Caller }, thread: string, text: string, id = document.id) =>
  call(caller, api.answerThread, { params: { id, thread }, body: { text } })
const resolve = ({ caller }: { caller: Caller }, thread: string, resolved = true, id = document.id) =>
  call(caller, api.resolveThread, { params: { id, thread }, body: { resolved } })
const edit = ({ caller }: { caller: Caller }, thread: string, comment: string, text: string, id = document.id) =>
  call(caller, api.editComment, { params: { id, thread, comment }, body: { text } })
const remove = ({ caller }: { caller: Caller }, thread: string, comment: string, id = document.id) =>
  call(caller, api.deleteComment, { params: { id, thread, comment } })
const mentionable = ({ caller }: { caller: Caller }, q = '', id = document.id) =>
  call(caller, api.mentionable, { params: { id }, query: { q } })
/** All there is to ask, with these ids. */
const everything = (who: { caller: Caller }, { id, thread, comment }: Record<'id' | 'thread' | 'comment', string>) => [
  list(who, id),
  begin(who, 'Hello', id),
  answer(who, thread, 'Hello', id),
  resolve(who, thread, true, id),
  edit(who, thread, comment, 'Hello', id),
  remove(who, thread, comment, id),
  mentionable(who, '', id),
]
/** A thread of Mia's with an answer of Max's, and the ids of both comments. */
async function talk(id = document.id) {
  const { id: thread } = await begin(mia, 'Is this right?', id)
  const { comments } = await answer(max, thread, 'It is.', id)
  const [first = '', second = ''] = comments.map((one) => one.id)
  return { thread, first, second }
}
/** Somebody who came by a link. */
async function visitor(level: 'view' | 'comment' | 'edit', name: string): Promise<{ caller: Caller }> {
  const made = await call(content.owner.caller, sharingApi.createLink, { params: { id: document.id }, body: { level } })
  const body = { token: made.url.split('/s/')[1] ?? '', name }
  return { caller: bearer(url, (await call({ baseUrl: url }, sharingApi.openLink, { body })).token) }
}

describe('a thread', () => {
  test('is begun, answered, edited, resolved, opened again and deleted', async () => {
    const place = { from: 'AbC-_1', to: 'AbC-_2', quote: 'a few\u0000 words' }
    const begun = await call(mia.caller, api.beginThread, {
      params: { id: document.id },
      body: { text: '  Is this right?\r\nI wonder.  ', anchor: place },
    })
    expect(begun).toMatchObject({
      documentId: document.id,
      anchor: { ...place, quote: 'a few  words' },
      resolvedAt: null,
      resolvedBy: null,
      comments: [{ text: 'Is this right?\nI wonder.', editedAt: null, mayEdit: true, mayDelete: true, mentions: [] }],
    })
    expect(begun.comments[0]?.by).toEqual({ id: `user:${mia.id}`, name: 'Mia Member' })
    const other = await begin(max, 'About all of it')
    expect(other.anchor).toBeNull()
    await answer(max, begun.id, 'It is.')
    const { comments } = await answer(mia, begun.id, 'Thanks')
    expect(comments.map(({ text }) => text)).toEqual(['Is this right?\nI wonder.', 'It is.', 'Thanks'])
    expect(comments.map(({ mayEdit, mayDelete }) => [mayEdit, mayDelete])).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ])
    const edited = await edit(mia, begun.id, comments[2]?.id ?? '', 'Thank you')
    expect(edited.comments[2]).toMatchObject({ text: 'Thank you', at: comments[2]?.at, editedAt: expect.any(String) })
    const resolved = await resolve(max, begun.id)
    expect(resolved.resolvedBy).toEqual({ id: `user:${max.id}`, name: 'Max Müller' })
    expect((await resolve(mia, begun.id)).resolvedAt).toBe(resolved.resolvedAt)
    expect(await resolve(mia, begun.id, false)).toMatchObject({ resolvedAt: null, resolvedBy: null })
    await resolve(max, begun.id)
    expect(await answer(max, begun.id, 'One more')).toMatchObject({ resolvedAt: null, resolvedBy: null })
    const listed = await list(content.owner)
    expect(listed.map(({ id }) => id)).toEqual([begun.id, other.id])
    expect(listed[0]?.comments.every(({ mayEdit, mayDelete }) => !mayEdit && mayDelete)).toBe(true)
    await remove(mia, begun.id, comments[2]?.id ?? '')
    expect((await list(mia))[0]?.comments.map(({ text }) => text)).toEqual([
      'Is this right?\nI wonder.',
      'It is.',
      'One more',
    ])
    await remove(mia, begun.id, comments[0]?.id ?? '')
    expect((await list(mia)).map(({ id }) => id)).toEqual([other.id])
    expect(await sql('SELECT 1 FROM comments WHERE thread_id = $1', [begun.id])).toEqual([])
    // Who manages the document deletes what anybody said.
    await remove(content.owner, other.id, other.comments[0]?.id ?? '')
    expect(await list(mia)).toEqual([])
  })

  test('keeps the order of what was said at once', async () => {
    const { id } = await begin(mia, 'First')
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((text) => answer(max, id, text)))
    const [thread] = (await list(mia)).filter((one) => one.id === id)
    const times = thread?.comments.map(({ at }) => at) ?? []
    expect(new Set(times).size).toBe(7)
    expect(times).toEqual([...times].sort())
    expect(thread?.comments[0]?.text).toBe('First')
  })

  test('is refused to whoever may not comment', async () => {
    const { thread, first: comment } = await talk()
    const ids = { id: document.id, thread, comment }
    await refused('unauthenticated', everything({ caller: { baseUrl: url } }, ids))
    // Looking at a document is not enough, for reading either.
    await refused('forbidden', everything(gus, ids))
    await refused('not-found', everything(eve, ids))
    await refused('not-found', everything(mia, { ...ids, id: 'nowhere' }))
    await refused('not-found', everything(mia, { ...ids, thread: 'nowhere' }).slice(2, 6))
    await refused('not-found', [edit(mia, thread, 'nowhere', 'x'), remove(mia, thread, 'nowhere')])
    await refused('forbidden', [edit(max, thread, comment, 'x'), remove(max, thread, comment)])
    await refused('forbidden', [edit(content.owner, thread, comment, 'x')])
    const [kept] = (await list(mia)).filter(({ id }) => id === thread)
    expect(kept).toMatchObject({ resolvedAt: null, comments: [{ text: 'Is this right?' }, { text: 'It is.' }] })
  })

  test('is out of reach for whoever may not comment any more, what they said too', async () => {
    const one = await content.document(content.owner, projectId)
    const on = { document: one.id }
    const guest = { type: 'user', id: gus.id } as const
    await content.share(content.owner, on, guest, 'comment')
    const { id: thread, comments } = await begin(gus, 'As a guest', one.id)
    const comment = comments[0]?.id ?? ''
    await edit(gus, thread, comment, 'As a guest who may', one.id)
    await content.share(content.owner, on, guest, 'view')
    await refused('forbidden', everything(gus, { id: one.id, thread, comment }))
  })

  test('belongs to its document', async () => {
    const other = await content.document(content.owner, projectId)
    const { thread, first: comment } = await talk()
    const here = await talk()
    await refused('not-found', everything(mia, { id: other.id, thread, comment }).slice(2, 6))
    // As does a comment to its thread.
    await refused('not-found', [edit(mia, here.thread, comment, 'x'), remove(mia, here.thread, comment)])
    expect(await list(mia, other.id)).toHaveLength(1)
    expect((await list(mia)).filter(({ id }) => id === thread)[0]?.comments).toHaveLength(2)
  })

  test('takes no nonsense', async () => {
    const { thread, first } = await talk()
    const good = { from: 'a', to: 'b', quote: 'c' }
    const post = (body: unknown) =>
      call(mia.caller, api.beginThread, { params: { id: document.id }, body: body as { text: string } })
    await refused('invalid-input', [
      ...['', '   \n ', '\u200B\u200D', '\u0000', 'x'.repeat(5_001)].flatMap((text) => [
        begin(mia, text),
        answer(mia, thread, text),
        edit(mia, thread, first, text),
      ]),
      post({}),
      post({ text: 7 }),
      post({ text: 'x', more: 1 }),
      post({ text: 'x', anchor: { ...good, from: 'not base64url!' } }),
      post({ text: 'x', anchor: { ...good, quote: 'x'.repeat(501) } }),
      post({ text: 'x', anchor: { ...good, more: 1 } }),
      call(mia.caller, api.resolveThread, { params: { id: document.id, thread }, body: {} as { resolved: boolean } }),
      mentionable(mia, 'x'.repeat(101)),
      list(mia, 'no id'),
      resolve(mia, 'no id'),
    ])
    const odd = await begin(mia, 'a\u0000b\u202Ec\u2066d\te\n\uD800f 👩‍👩‍👧')
    expect(odd.comments[0]?.text).toBe('a b c d e\n f 👩‍👩‍👧')
    const anchored = await post({ text: 'x', anchor: { ...good, quote: '\uD800\u0000?' } })
    expect(anchored.anchor?.quote).toBe('  ?')
    expect((await begin(mia, 'x'.repeat(5_000))).comments[0]?.text).toHaveLength(5_000)
  })

  test('has its limits', async () => {
    const full = await content.document(content.owner, projectId)
    const { id: thread } = await begin(mia, 'First', full.id)
    const fill = (of: string, count: number) =>
      sql(
        `INSERT INTO comments (id, thread_id, principal, text)
         SELECT $1 || '-' || n, $1, 'user:somebody', 'x' FROM generate_series(1, $2::int) n`,
        [of, count],
      )
    await fill(thread, MOST_COMMENTS - 1)
    await expect(answer(max, thread, 'One too many', full.id)).rejects.toMatchObject({
      key: 'conflict',
      message: 'A thread has 500 comments at most; begin another one.',
    })
    await sql(
      `INSERT INTO threads (id, resource_id, organization_id) SELECT $1 || '-' || n, $1, $2 FROM generate_series(1, $3::int) n`,
      [full.id, content.organizationId, MOST_THREADS - 1],
    )
    await expect(begin(max, 'One too many', full.id)).rejects.toMatchObject({
      key: 'conflict',
      message: 'A document has 1000 threads of comments at most; delete some first.',
    })
    await sql('DELETE FROM threads WHERE id = ANY($1)', [[`${full.id}-1`]])
    await fill(`${full.id}-2`, MOST_IN_DOCUMENT - MOST_COMMENTS)
    await refused('conflict', [begin(max, 'One too many', full.id)])
    await sql('DELETE FROM comments WHERE id = $1', [`${full.id}-2-1`])
    // However many try at once.
    const tries = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => begin(max, text, full.id)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('goes with its document, and stays with it in the trash', async () => {
    const going = await content.document(content.owner, projectId)
    const { thread } = await talk(going.id)
    const params = { id: going.id }
    const copy = await call(mia.caller, libraryApi.duplicate, { params, body: {} })
    expect(await list(mia, copy.id)).toEqual([])
    await call(content.owner.caller, documentApi.deleteDocument, { params })
    await refused('not-found', [list(mia, going.id), begin(mia, 'x', going.id)])
    await call(content.owner.caller, libraryApi.restoreDocument, { params })
    expect((await list(mia, going.id))[0]?.comments).toHaveLength(2)
    await call(content.owner.caller, documentApi.deleteDocument, { params })
    await call(content.owner.caller, libraryApi.purge, { params })
    expect(await sql('SELECT 1 FROM threads WHERE id = $1', [thread])).toEqual([])
    expect(await sql('SELECT 1 FROM comments WHERE thread_id = $1', [thread])).toEqual([])
  })
})

describe('those who came by a link', () => {
  test('comment under their name, and know nobody', async () => {
    const vera = await visitor('comment', 'Vera Visitor')
    const vic = await visitor('edit', 'Vic')
    const { thread, first, second } = await talk()
    const { comments } = await answer(vera, thread, 'From outside')
    const mine = comments[2]
    expect(mine).toMatchObject({ by: { name: 'Vera Visitor' }, mayEdit: true, mayDelete: true, mentions: [] })
    expect(mine?.by.id).toMatch(/^link:/)
    expect(comments.slice(0, 2).map(({ by, mayEdit, mayDelete }) => [by.name, mayEdit, mayDelete])).toEqual([
      ['Mia Member', false, false],
      ['Max Müller', false, false],
    ])
    expect((await edit(vera, thread, mine?.id ?? '', 'From far outside')).comments[2]?.text).toBe('From far outside')
    await refused('forbidden', [
      edit(vera, thread, first, 'x'),
      remove(vera, thread, second),
      edit(vic, thread, mine?.id ?? '', 'x'),
      remove(vic, thread, mine?.id ?? ''),
    ])
    await expect(begin(vera, `Look, <@${mia.id}>`)).rejects.toMatchObject({
      key: 'invalid-input',
      errors: [{ path: 'body.text', message: 'Whoever came by a link mentions nobody.' }],
    })
    await refused('invalid-input', [edit(vera, thread, mine?.id ?? '', `<@${max.id}>`)])
    expect(await mentionable(vera, 'm')).toEqual({ people: [] })
    // Who resolved it has a name without having said anything.
    expect((await resolve(vic, thread)).resolvedBy).toMatchObject({ name: 'Vic' })
    expect((await list(mia)).filter(({ id }) => id === thread)[0]?.resolvedBy).toMatchObject({ name: 'Vic' })
    const all = JSON.stringify(await call(vera.caller, api.threads, { params: { id: document.id } }))
    expect(all).not.toContain('@example')
    const looking = await visitor('view', 'Lou')
    await refused('forbidden', everything(looking, { id: document.id, thread, comment: first }))
    const other = await content.document(content.owner, projectId)
    await refused('not-found', [list(vera, other.id), begin(vera, 'x', other.id), mentionable(vera, '', other.id)])
    await remove(vera, thread, mine?.id ?? '')
  })
})

describe('a key', () => {
  test('speaks as its person, who may edit it', async () => {
    const writing = { caller: await content.key(mia, 'documents:write') }
    const reading = { caller: await content.key(mia, 'documents:read') }
    const other = { caller: await content.key(mia, 'organizations:read') }
    // A key of who manages everything manages nothing.
    const managing = { caller: await content.key(content.owner, 'documents:write') }
    const begun = await begin(writing, 'From a program')
    expect(begun.comments[0]).toMatchObject({ by: { id: `user:${mia.id}`, name: 'Mia Member' }, mayEdit: true })
    const comment = begun.comments[0]?.id ?? ''
    expect((await edit(mia, begun.id, comment, 'From me')).comments[0]?.text).toBe('From me')
    expect((await edit(writing, begun.id, comment, 'From it')).comments[0]?.text).toBe('From it')
    await refused('forbidden', [
      ...everything(reading, { id: document.id, thread: begun.id, comment }),
      ...everything(other, { id: document.id, thread: begun.id, comment }),
      remove(managing, begun.id, comment),
    ])
    await remove(writing, begun.id, comment)
  })

  test('creates documents for its person, who hears of what is said about them', async () => {
    const writing = { caller: await content.key(mia, 'documents:write', 'documents:read') }
    const body = { projectId, kind: 'document', title: 'By a program' } as const
    const made = await call(writing.caller, documentApi.createDocument, { body })
    const copy = await call(writing.caller, libraryApi.duplicate, { params: { id: made.id }, body: {} })
    expect([made.createdBy, copy.createdBy]).toEqual([`user:${mia.id}`, `user:${mia.id}`])
    // What it wrote is still its own.
    const ids = [made.id, copy.id]
    const wrote = await sql('SELECT DISTINCT principal FROM updates WHERE resource_id = ANY($1)', [ids])
    expect(wrote).toEqual([{ principal: expect.stringMatching(/^key:/) }])
    await begin(max, 'What is this?', made.id)
    const { notifications } = await call(mia.caller, libraryApi.notifications, { query: {} })
    expect(notifications).toContainEqual(
      expect.objectContaining({ type: 'commented', document: expect.objectContaining({ id: made.id }) }),
    )
  })
})

describe('mentions', () => {
  test('are people who may comment there, by the names they have now', async () => {
    const leo = await content.member('Leo Leaving')
    const text = `<@${max.id}>, <@${leo.id}> and <@${max.id}> again`
    const begun = await begin(mia, text)
    const comment = begun.comments[0]
    expect(comment?.text).toBe(text)
    expect(comment?.mentions).toEqual([
      { id: max.id, name: 'Max Müller' },
      { id: leo.id, name: 'Leo Leaving' },
    ])
    const refusal = (work: Promise<unknown>, message: string) =>
      expect(work).rejects.toMatchObject({ key: 'invalid-input', message, errors: [{ path: 'body.text', message }] })
    const cannot = 'Gus Guest cannot comment on this document; share it with them first.'
    const unknown = 'Somebody who is mentioned is not in this organization.'
    await refusal(begin(mia, `Hello <@${gus.id}>`), cannot)
    await refusal(answer(mia, begun.id, `Hello <@${gus.id}>`), cannot)
    await refusal(edit(mia, begun.id, comment?.id ?? '', `${text} <@${gus.id}>`), cannot)
    await refusal(begin(mia, `Hello <@${eve.id}>`), unknown)
    await refusal(begin(mia, 'Hello <@nobody>'), unknown)
    const many = Array.from({ length: 51 }, (_, n) => `<@u${n}>`).join('')
    await refusal(begin(mia, many), 'A comment mentions 50 people at most.')
    // Who has left has no name any more, and holds up no edit.
    const params = { id: content.organizationId, userId: leo.id }
    await answer(leo, begun.id, 'Good bye')
    await call(content.owner.caller, organizationApi.removeMember, { params })
    const later = await eventually(async () => {
      const found = (await list(mia)).find(({ id }) => id === begun.id)
      return found?.comments[1]?.by.name === '' ? found : null
    })
    expect(later?.comments[0]?.mentions[1]).toEqual({ id: leo.id, name: '' })
    expect((await edit(mia, begun.id, comment?.id ?? '', `${text}.`)).comments[0]?.text).toBe(`${text}.`)
    await refusal(begin(mia, `Hello <@${leo.id}>`), unknown)
  })

  test('are found by the beginning of a word', async () => {
    const names = async (who: Somebody, q: string, id = document.id) =>
      (await mentionable(who, q, id)).people.map(({ name }) => name)
    await content.member('Ada Zoë Ångström')
    await content.member('Per Groß-Sørensen')
    expect(await names(mia, '')).toEqual(['Ada Zoë Ångström', 'Max Müller', 'Olga Owner', 'Per Groß-Sørensen'])
    expect(await names(max, 'm')).toEqual(['Mia Member'])
    expect(await names(mia, 'MUL')).toEqual(['Max Müller'])
    expect(await names(mia, ' max  mü')).toEqual(['Max Müller'])
    expect(await names(mia, 'zoe a')).toEqual(['Ada Zoë Ångström'])
    expect(await names(mia, 'gross')).toEqual(['Per Groß-Sørensen'])
    expect(await names(mia, 'SOR')).toEqual(['Per Groß-Sørensen'])
    for (const q of ['ller', 'gus', 'eve', 'mia', '%', '.*', 'owner@']) expect(await names(mia, q)).toEqual([])
    const hidden = await content.document(max, (await content.project(max, 'private')).id)
    await content.share(max, { document: hidden.id }, { type: 'user', id: gus.id }, 'comment')
    expect(await names(max, '', hidden.id)).toEqual(['Gus Guest', 'Olga Owner'])
    const many = Array.from({ length: 19 }, (_, n) => `Twin ${String(n).padStart(2, '0')}`)
    for (const name of many) await content.member(name)
    expect(await names(mia, '')).toHaveLength(20)
    expect(await names(mia, 'twin')).toEqual(many)
    // However many come before by name who may not comment.
    const { auth, organization } = content.platform.schemas
    await auth?.sql(`INSERT INTO users (id, name, email)
      SELECT 'crowd' || n, 'Twin 0 ' || n, 'crowd' || n || '@example.org' FROM generate_series(1, 100) n`)
    await organization?.sql(
      `INSERT INTO memberships (organization_id, user_id, role)
      SELECT $1, 'crowd' || n, 'guest' FROM generate_series(1, 100) n`,
      [content.organizationId],
    )
    expect(await names(mia, 'twin')).toEqual(many)
  })

  test('and comments bring each picture once', async () => {
    const picture = `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==`
    const pia = await content.member('Pia Picture')
    const session = { baseUrl: url, headers: () => ({ cookie: pia.cookie, origin: url }) }
    await call(session, securityApi.updateProfile, { body: { image: picture } })
    const { id } = await begin(pia, 'Me')
    await answer(pia, id, 'Me again')
    // Names and pictures are some seconds old at most.
    const told = await eventually(async () => {
      const { pictures } = await call(mia.caller, api.threads, { params: { id: document.id } })
      return Object.keys(pictures).length > 0 ? pictures : null
    }, 25_000)
    expect(told).toEqual({ [`user:${pia.id}`]: picture })
  })
})

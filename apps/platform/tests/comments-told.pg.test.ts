import { keptMail } from '@realtime/auth/testing'
import {
  type Caller,
  call,
  commentApi,
  documentApi,
  libraryApi,
  organizationApi,
  sharingApi,
} from '@realtime/contracts'
import { start } from '@realtime/document'
import { readEvents } from '@realtime/kit'
import { clientConfig, connectClient } from '@realtime/kit/database'
import { bearer, eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Library, startLibrary } from './library.ts'
import type { TestPerson } from './people.ts'

// Who hears of a comment, where, and when they do no more.

let library: Library
let tess: TestPerson

beforeAll(async () => {
  library = await startLibrary()
  const { ada, people, organization } = library
  tess = await people.person('Tess')
  const { url } = await call(ada.caller, organizationApi.invite, { params: { id: organization }, body: {} })
  await call(tess.caller, organizationApi.acceptInvitation, { body: { token: url.split('/join/')[1] ?? '' } })
})
afterAll(async () => {
  await library?.stop()
})

const as = (who: TestPerson | Caller): Caller => ('caller' in who ? library.at(who) : who)
const begin = (who: TestPerson | Caller, id: string, text: string) =>
  call(as(who), commentApi.beginThread, { params: { id }, body: { text } })
const answer = (who: TestPerson | Caller, id: string, thread: string, text: string) =>
  call(as(who), commentApi.answerThread, { params: { id, thread }, body: { text } })
const edit = (who: TestPerson, id: string, thread: string, comment: string, text: string) =>
  call(as(who), commentApi.editComment, { params: { id, thread, comment }, body: { text } })
const remove = (who: TestPerson, id: string, thread: string, comment: string) =>
  call(as(who), commentApi.deleteComment, { params: { id, thread, comment } })
/** What somebody's inbox says of a document, the newest first. */
const told = async (who: TestPerson, id: string) =>
  (await call(library.at(who), libraryApi.notifications, { query: {} })).notifications.filter(
    ({ document }) => document?.id === id,
  )
const words = async (who: TestPerson, id: string) => (await told(who, id)).map(({ type, text }) => [type, text])
const readAll = (who: TestPerson) => call(library.at(who), libraryApi.readNotifications, { body: { ids: null } })

/** Follows the news of Acme for somebody. */
async function follow(who: TestPerson) {
  const query = { organization: library.organization }
  const response = await eventually(() => call(library.at(who), documentApi.events, { query }))
  const events: { event: string; data: Record<string, string> }[] = []
  void (async () => {
    for await (const { event, data } of readEvents(response)) {
      if (event !== 'comment') events.push({ event, data: JSON.parse(data) })
    }
  })().catch(() => undefined)
  return {
    events,
    count: (event: string, id?: string) =>
      events.filter((one) => one.event === event && (id === undefined || one.data.id === id)).length,
  }
}

describe('a comment', () => {
  test('is told to who created the document, and then to all who wrote in the thread', async () => {
    const { ada, max, organization } = library
    const { id } = await library.create('Plans')
    const thread = await begin(max, id, 'Is this\nright?')
    expect(await told(ada, id)).toMatchObject([
      {
        type: 'commented',
        by: { id: max.user.id, name: 'Max' },
        organizationId: organization,
        document: { id, title: 'Plans', kind: 'document' },
        threadId: thread.id,
        text: 'Is this right?',
        readAt: null,
      },
    ])
    // Nobody hears of their own, and who only created the document hears of the beginning.
    expect(await told(max, id)).toEqual([])
    await readAll(ada)
    await answer(tess, id, thread.id, 'Let me see')
    expect(await words(max, id)).toEqual([['commented', 'Let me see']])
    expect((await told(ada, id))[0]?.readAt).not.toBeNull()
    await answer(ada, id, thread.id, 'It is')
    // The same thread is one, with what is newest.
    expect(await words(max, id)).toEqual([['commented', 'It is']])
    expect(await words(tess, id)).toEqual([['commented', 'It is']])
    await begin(max, id, 'Another one')
    expect(await words(ada, id)).toEqual([
      ['commented', 'Another one'],
      ['commented', 'Is this right?'],
    ])
  })

  test('is told to the mentioned as that, and only as that', async () => {
    const { ada, max } = library
    const { id } = await library.create('Mentions')
    const thread = await begin(max, id, `<@${ada.user.id}> and <@${tess.user.id}>: ${'long '.repeat(50)}`)
    const [mine] = await told(ada, id)
    expect(mine).toMatchObject({ type: 'mentioned', threadId: thread.id })
    expect(mine?.text).toMatch(/^@Ada and @Tess: (long )+.*…$/)
    expect(mine?.text).toHaveLength(140)
    expect(await told(ada, id)).toHaveLength(1)
    await answer(tess, id, thread.id, `<@${max.user.id}> yes, <@${tess.user.id}> says so`)
    expect(await words(max, id)).toEqual([['mentioned', '@Max yes, @Tess says so']])
    expect(await told(tess, id)).toHaveLength(1)
  })

  test('is told again only to the newly mentioned, and inboxes say what it says now', async () => {
    const { ada, max } = library
    const { id } = await library.create('Edits')
    const { id: thread, comments } = await begin(max, id, `<@${ada.user.id}>, a secret`)
    const first = comments[0]?.id ?? ''
    const second = (await answer(tess, id, thread, 'Hm')).comments[1]?.id ?? ''
    await readAll(ada)
    await readAll(max)
    await edit(max, id, thread, first, `<@${ada.user.id}> <@${tess.user.id}>, nothing`)
    expect(await words(ada, id)).toEqual([['mentioned', '@Ada @Tess, nothing']])
    expect((await told(ada, id))[0]?.readAt).not.toBeNull()
    expect(await words(tess, id)).toEqual([['mentioned', '@Ada @Tess, nothing']])
    await edit(max, id, thread, first, `<@${tess.user.id}>, nothing`)
    expect([await told(ada, id), await words(tess, id)]).toEqual([[], [['mentioned', '@Tess, nothing']]])
    await edit(tess, id, thread, second, 'Hm!')
    expect(await words(max, id)).toEqual([['commented', 'Hm!']])
    // What was said before it changes nothing of what is told last.
    await answer(tess, id, thread, 'Well')
    await edit(tess, id, thread, second, 'Hm?')
    expect(await words(max, id)).toEqual([['commented', 'Well']])
  })

  test('leaves the inboxes when it is deleted or its thread resolved', async () => {
    const { ada, max } = library
    const { id } = await library.create('Endings')
    const one = await begin(max, id, 'One')
    const second = (await answer(tess, id, one.id, `<@${ada.user.id}> hello`)).comments[1]?.id ?? ''
    const third = (await answer(tess, id, one.id, 'Third')).comments[2]?.id ?? ''
    expect(await words(ada, id)).toEqual([
      ['mentioned', '@Ada hello'],
      ['commented', 'One'],
    ])
    await remove(tess, id, one.id, second)
    expect([await words(ada, id), await words(max, id)]).toEqual([[['commented', 'One']], [['commented', 'Third']]])
    await remove(tess, id, one.id, third)
    expect(await told(max, id)).toEqual([])
    await answer(tess, id, one.id, `<@${ada.user.id}> again`)
    const other = await begin(max, id, 'Other')
    expect([(await told(ada, id)).length, (await told(max, id)).length]).toEqual([3, 1])
    const params = { id, thread: one.id }
    await call(library.at(ada), commentApi.resolveThread, { params, body: { resolved: true } })
    expect([await words(ada, id), await told(max, id)]).toEqual([[['commented', 'Other']], []])
    await remove(max, id, other.id, other.comments[0]?.id ?? '')
    expect(await told(ada, id)).toEqual([])
  })

  test('gives way, when it is deleted, to what was said before it by somebody else', async () => {
    const { ada, max } = library
    const { id } = await library.create('Layers')
    const { id: thread } = await begin(max, id, 'One')
    const hers = (await answer(tess, id, thread, 'Two')).comments[1]?.id ?? ''
    const theirs = (await answer(ada, id, thread, `<@${tess.user.id}> three`)).comments[2]?.id ?? ''
    expect(await words(max, id)).toEqual([['commented', '@Tess three']])
    await remove(ada, id, thread, theirs)
    expect(await told(max, id)).toMatchObject([
      { type: 'commented', text: 'Two', by: { id: tess.user.id }, readAt: null, threadId: thread },
    ])
    expect([await words(ada, id), await told(tess, id)]).toEqual([[['commented', 'One']], []])
    // As it is, unread or read; and Tess never heard of what was said before she wrote.
    const later = (await answer(ada, id, thread, 'Four')).comments[2]?.id ?? ''
    expect(await words(tess, id)).toEqual([['commented', 'Four']])
    await readAll(max)
    await remove(ada, id, thread, later)
    expect(await told(max, id)).toMatchObject([{ text: 'Two', readAt: expect.any(String) }])
    expect(await told(tess, id)).toEqual([])
    // Now that is edited, it says so there as well.
    await edit(tess, id, thread, hers, 'Two!')
    expect(await words(max, id)).toEqual([['commented', 'Two!']])
    await remove(tess, id, thread, hers)
    expect(await told(max, id)).toEqual([])
  })

  test('that mentions somebody changes nothing of what tells them of another one by the same person', async () => {
    const { max } = library
    const { id } = await library.create('Beside')
    const { id: thread } = await begin(max, id, 'Begun')
    await answer(tess, id, thread, 'First')
    const second = (await answer(tess, id, thread, `<@${max.user.id}> second`)).comments[2]?.id ?? ''
    const both = (last: string) => [
      ['mentioned', last],
      ['commented', 'First'],
    ]
    expect(await words(max, id)).toEqual(both('@Max second'))
    await edit(tess, id, thread, second, `<@${max.user.id}> changed`)
    expect(await words(max, id)).toEqual(both('@Max changed'))
    await remove(tess, id, thread, second)
    expect(await words(max, id)).toEqual([['commented', 'First']])
  })

  test('is told to whoever wrote just before it, at the same moment too', async () => {
    const { ada, max, database } = library
    const { id } = await library.create('Moments')
    const { id: thread } = await begin(ada, id, 'Begun')
    const holder = await connectClient(clientConfig({ url: database.url, schema: database.schema }))
    try {
      const [own] = (await holder.query('SELECT pg_backend_pid() AS pid')).rows
      await holder.query('BEGIN')
      await holder.query('SELECT 1 FROM resources WHERE id = $1 FOR UPDATE', [id])
      // Both have looked at the thread when the first of them writes.
      const both = Promise.all([answer(max, id, thread, 'Mine'), answer(tess, id, thread, 'Hers')])
      const waiting = `SELECT 1 FROM pg_stat_activity one WHERE $1 = ANY(pg_blocking_pids(pid)) AND EXISTS (
        SELECT 1 FROM pg_stat_activity other WHERE one.pid = ANY(pg_blocking_pids(other.pid)))`
      await eventually(async () => (await database.sql(waiting, [own?.pid])).length > 0)
      await holder.query('COMMIT')
      await both
    } finally {
      await holder.end()
    }
    const heard = [...(await words(max, id)), ...(await words(tess, id))]
    expect([[['commented', 'Mine']], [['commented', 'Hers']]]).toContainEqual(heard)
  })

  test('is told to nobody who may not comment any more', async () => {
    const { ada, max, gus, at } = library
    const { id } = await library.create('Levels')
    const grantee = { type: 'user', id: gus.user.id } as const
    const params = { id }
    const share = (level: 'view' | 'comment') => call(at(ada), sharingApi.share, { params, body: { grantee, level } })
    await share('comment')
    const thread = await begin(gus, id, 'From a guest')
    await answer(max, id, thread.id, 'To a guest')
    expect(await words(gus, id)).toContainEqual(['commented', 'To a guest'])
    await share('view')
    expect((await words(gus, id)).map(([type]) => type)).toEqual(['shared'])
    await answer(max, id, thread.id, 'Behind their back')
    await share('comment')
    expect(await words(gus, id)).toContainEqual(['commented', 'To a guest'])
    expect(JSON.stringify(await told(gus, id))).not.toContain('Behind their back')
  })

  test('waits for no other for ever, whatever all do at once', async () => {
    const { ada, max } = library
    const { id } = await library.create('Crowd')
    const people = [ada, max, tess]
    const everybody = people.map(({ user }) => `<@${user.id}>`).join(' ')
    const round = async (who: TestPerson) => {
      const { id: thread, comments } = await begin(who, id, everybody)
      const params = { id, thread }
      await Promise.all([
        ...people.map((one) => answer(one, id, thread, everybody)),
        ...people.map(readAll),
        edit(who, id, thread, comments[0]?.id ?? '', 'Nobody'),
        call(library.at(ada), libraryApi.readNotifications, { body: { ids: null, read: false } }),
      ])
      await Promise.all([
        call(library.at(max), commentApi.resolveThread, { params, body: { resolved: true } }),
        ...people.map(readAll),
      ])
    }
    await Promise.all(people.flatMap((who) => [round(who), round(who), round(who)]))
    expect(await told(ada, id)).toEqual([])
    expect((await call(library.at(max), commentApi.threads, { params: { id } })).threads).toHaveLength(9)
  })

  test('is changed in inboxes in the order in which they are read', async () => {
    const { max, database } = library
    const { id } = await library.create('Orders')
    const { id: thread } = await begin(max, id, 'Begun')
    const answered = (await answer(tess, id, thread, 'First')).comments[1]?.id ?? ''
    await edit(tess, id, thread, answered, `<@${max.user.id}> first`)
    const [low, high] = await database.sql(
      `UPDATE notifications SET id = CASE type WHEN 'commented' THEN '0' ELSE '1' END || id
       WHERE resource_id = $1 AND user_id = $2 RETURNING id`,
      [id, max.user.id],
    )
    const ids = [low?.id, high?.id].sort()
    const reader = await connectClient(clientConfig({ url: database.url, schema: database.schema }))
    try {
      const hold = (one: unknown) => reader.query('SELECT 1 FROM notifications WHERE id = $1 FOR UPDATE', [one])
      const [own] = (await reader.query('SELECT pg_backend_pid() AS pid')).rows
      await reader.query('BEGIN')
      await hold(ids[0])
      // The mention goes, which comes behind what this one has read, and the other stays.
      const edited = edit(tess, id, thread, answered, 'First')
      const waiting = 'SELECT 1 FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))'
      await eventually(async () => (await database.sql(waiting, [own?.pid])).length > 0)
      await Promise.all([edited, hold(ids[1]).then(() => reader.query('COMMIT'))])
    } finally {
      await reader.end()
    }
    expect(await words(max, id)).toEqual([['commented', 'First']])
  })

  test('of a visitor is told under their name', async () => {
    const { ada, at, document } = library
    const { id } = await library.create('Visits')
    const link = await call(at(ada), sharingApi.createLink, { params: { id }, body: { level: 'comment' } })
    const body = { token: link.url.split('/s/')[1] ?? '', name: 'Vera' }
    const visitor = bearer(document.url, (await call({ baseUrl: document.url }, sharingApi.openLink, { body })).token)
    const { id: thread } = await begin(visitor, id, 'Nice')
    expect(await told(ada, id)).toMatchObject([
      { type: 'commented', by: { id: expect.stringMatching(/^link:/), name: 'Vera', image: null }, text: 'Nice' },
    ])
    // A visitor has no inbox, and is told nothing.
    await answer(ada, id, thread, 'Thanks')
    expect(await library.database.sql(`SELECT 1 FROM notifications WHERE user_id LIKE 'link%'`)).toEqual([])
  })

  test('is mailed with the way to it', async () => {
    const { ada, max, database, config, people } = library
    await Promise.all([ada, max, tess, library.gus].map(readAll))
    const one = await library.create('Mailed')
    const thread = await begin(max, one.id, 'Look here')
    await answer(tess, one.id, thread.id, `<@${max.user.id}> where?`)
    // A visitor may call themselves as they like, but is told from who is called so.
    const own = await library.create('Visited', { by: tess })
    const link = await call(library.at(ada), sharingApi.createLink, {
      params: { id: own.id },
      body: { level: 'comment' },
    })
    const body = { token: link.url.split('/s/')[1] ?? '', name: 'Ada' }
    const opened = await call({ baseUrl: library.document.url }, sharingApi.openLink, { body })
    await begin(bearer(library.document.url, opened.token), own.id, 'Send me the password')
    const ids = [one.id, own.id]
    await database.sql(`UPDATE notifications SET at = at - interval '61 minutes' WHERE resource_id = ANY($1)`, [ids])
    const { stop } = await start(config)
    const subject = 'Something is new in your inbox'
    const [toAda, toMax, toTess] = await Promise.all(
      [ada, max, tess].map(({ user }) => keptMail(people.auth, user.email, subject)),
    ).finally(stop)
    expect(toAda).toContain('Max commented in “Mailed”: Look here')
    expect(toMax).toContain('Tess mentioned you in “Mailed”: @Max where?')
    expect(toTess).toContain('Ada (visitor) commented in “Visited”: Send me the password')
    for (const text of [toAda, toMax]) expect(text).toContain(`/d/${one.id}?thread=${thread.id}`)
  })
})

describe('the news', () => {
  test('tell of comments to those who see the document, and of inboxes to their people', async () => {
    const { ada, max, gus, eve, organization } = library
    const { id: projectId } = await call(library.at(ada), documentApi.createProject, {
      body: { organizationId: organization, name: 'Hidden', access: 'private' },
    })
    const open = await library.create('Open')
    const hidden = await library.create('Hidden', { projectId })
    const [own, mine, theirs] = [await follow(ada), await follow(max), await follow(gus)]
    const thread = await begin(ada, hidden.id, 'Psst')
    const first = thread.comments[0]?.id ?? ''
    await answer(ada, hidden.id, thread.id, 'Nobody?')
    await edit(ada, hidden.id, thread.id, first, 'Hello')
    await call(library.at(ada), commentApi.resolveThread, {
      params: { id: hidden.id, thread: thread.id },
      body: { resolved: true },
    })
    await remove(ada, hidden.id, thread.id, first)
    expect(theirs.count('inbox.changed')).toBe(0)
    const said = await begin(max, open.id, `<@${ada.user.id}>`)
    for (const news of [own, mine, theirs]) await eventually(() => news.count('comments.changed', open.id) === 1)
    expect(own.count('comments.changed', hidden.id)).toBe(5)
    expect(own.events.find(({ event }) => event === 'comments.changed')?.data).toEqual({
      id: hidden.id,
      projectId,
      organizationId: organization,
    })
    expect(own.count('inbox.changed')).toBe(1)
    for (const news of [mine, theirs]) {
      expect(JSON.stringify(news.events)).not.toContain(hidden.id)
      expect(news.count('inbox.changed')).toBe(0)
    }
    // What leaves an inbox is told, too.
    await remove(max, open.id, said.id, said.comments[0]?.id ?? '')
    await eventually(() => own.count('inbox.changed') === 2)
    expect(await told(eve, open.id)).toEqual([])
  })
})

import { keptMail } from '@realtime/auth/testing'
import { documentApi as api, call, libraryApi, sharingApi, teamApi } from '@realtime/contracts'
import { start } from '@realtime/document'
import { readEvents } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Library, refused, startLibrary } from './library.ts'
import type { TestPerson } from './people.ts'

let library: Library

beforeAll(async () => {
  library = await startLibrary()
})
afterAll(async () => {
  await library?.stop()
})

const inbox = (who: TestPerson, query: { unread?: 'true' | 'false'; before?: string; limit?: number } = {}) =>
  call(library.at(who), libraryApi.notifications, { query })
const mark = (who: TestPerson, body: { ids: string[] | null; read?: boolean }) =>
  call(library.at(who), libraryApi.readNotifications, { body })
const share = (id: string, who: TestPerson) =>
  call(library.at(library.ada), sharingApi.share, {
    params: { id },
    body: { grantee: { type: 'user', id: who.user.id }, level: 'edit' },
  })
const secret = async (name: string) =>
  (
    await call(library.at(library.ada), api.createProject, {
      body: { organizationId: library.organization, name, access: 'private' },
    })
  ).id

/** Follows the news of Acme for somebody. */
async function follow(who: TestPerson, organization = library.organization) {
  const response = await eventually(() => call(library.at(who), api.events, { query: { organization } }))
  const events: { event: string; data: Record<string, string> }[] = []
  void (async () => {
    for await (const { event, data } of readEvents(response)) {
      if (event !== 'comment') events.push({ event, data: JSON.parse(data) })
    }
  })().catch(() => undefined)
  return { events, has: (event: string) => events.some((one) => one.event === event) }
}

describe('the inbox', () => {
  it('tells of what was shared, once, until it is read', async () => {
    const { ada, max, gus, organization, create } = library
    const projectId = await secret('Hidden garden')
    const [one, two] = [await create('Roses', { projectId }), await create('Tulips', { projectId })]
    const news = await follow(max)
    const others = await follow(gus)
    await share(one.id, max)
    await share(two.id, max)
    const { notifications, unread, more } = await inbox(max)
    expect(notifications).toMatchObject([
      { type: 'shared', document: { id: two.id, title: 'Tulips', kind: 'document' }, readAt: null },
      { type: 'shared', document: { id: one.id, title: 'Roses' }, by: { id: ada.user.id, name: 'Ada' } },
    ])
    expect([unread, more, notifications[0]?.organizationId]).toEqual([2, false, organization])
    await eventually(() => news.has('inbox.changed'))
    expect(news.events.find(({ event }) => event === 'inbox.changed')?.data).toEqual({ organizationId: organization })
    const [newest, older] = notifications.map(({ id }) => id)
    expect(await mark(max, { ids: [newest ?? ''] })).toEqual({ unread: 1 })
    expect((await inbox(max, { unread: 'true' })).notifications.map(({ id }) => id)).toEqual([older])
    expect((await inbox(max, { unread: 'false' })).notifications.map(({ id }) => id)).toEqual([newest])
    expect((await inbox(max, { limit: 1 })).more).toBe(true)
    expect((await inbox(max, { limit: 1, before: newest ?? '' })).notifications.map(({ id }) => id)).toEqual([older])
    expect(await mark(max, { ids: [newest ?? ''], read: false })).toEqual({ unread: 2 })
    expect(await mark(max, { ids: null })).toEqual({ unread: 0 })
    // The same again is one.
    const shares = await call(library.at(ada), sharingApi.shares, { params: { id: one.id } })
    const shareId = shares.shares.find((row) => row.grantee.id === max.user.id && row.inheritedFrom === null)?.id ?? ''
    await call(library.at(ada), sharingApi.unshare, { params: { id: one.id, shareId } })
    expect((await inbox(max)).notifications.map(({ document }) => document?.title)).toEqual(['Tulips'])
    await share(one.id, max)
    const again = await inbox(max)
    expect(again.notifications.map(({ document }) => document?.title)).toEqual(['Roses', 'Tulips'])
    expect(again.unread).toBe(1)
    expect((await inbox(ada)).notifications).toEqual([])
    expect(others.events).toEqual([])
  })

  it('tells everybody in a team, but whoever shared it', async () => {
    const { ada, max, gus, organization, create, at } = library
    const team = await call(ada.caller, teamApi.createTeam, {
      params: { id: organization },
      body: { name: 'Florists' },
    })
    for (const { user } of [ada, max]) {
      await call(ada.caller, teamApi.addTeamMember, { params: { id: organization, teamId: team.id, userId: user.id } })
    }
    const one = await create('Bouquets', { projectId: await secret('Flower shop') })
    const grantee = { type: 'team', id: team.id } as const
    // Two who share the same at once tell it once.
    const shareOnce = () =>
      call(at(ada), sharingApi.share, { params: { id: one.id }, body: { grantee, level: 'view' } })
    await Promise.all([shareOnce(), shareOnce()])
    const told = async (who: TestPerson) =>
      (await inbox(who)).notifications.filter(({ document }) => document?.id === one.id).length
    await eventually(async () => (await told(max)) === 1)
    expect([await told(ada), await told(gus)]).toEqual([0, 0])
  })

  it('tells of projects that one was let into', async () => {
    const { ada, max, at } = library
    const id = await secret('Greenhouse')
    const grantee = { type: 'user', id: max.user.id } as const
    const made = await call(at(ada), sharingApi.shareProject, { params: { id }, body: { grantee, level: 'view' } })
    expect((await inbox(max)).notifications[0]).toMatchObject({ type: 'invited', document: null, text: 'Greenhouse' })
    await call(at(ada), sharingApi.unshareProject, { params: { id, shareId: made.id } })
    expect((await inbox(max)).notifications.some(({ type }) => type === 'invited')).toBe(false)
  })

  it('is nobody else’s', async () => {
    const { max, eve, gus, create } = library
    const one = await create('Private matter', { projectId: await secret('Vault') })
    await share(one.id, max)
    const [mine] = (await inbox(max, { unread: 'true' })).notifications
    expect(await mark(eve, { ids: [mine?.id ?? ''] })).toEqual({ unread: 0 })
    expect((await inbox(max, { unread: 'true' })).notifications[0]?.id).toBe(mine?.id)
    await refused('conflict', [inbox(eve, { before: mine?.id ?? '' }), inbox(max, { before: 'nowhere' })])
    expect((await inbox(gus)).notifications).toEqual([])
    const nobody = { baseUrl: library.document.url }
    await refused('unauthenticated', [
      call(nobody, libraryApi.notifications, { query: {} }),
      call(nobody, libraryApi.readNotifications, { body: { ids: null } }),
    ])
    await refused('invalid-input', [
      inbox(max, { limit: 101 }),
      inbox(max, { unread: 'maybe' as 'true' }),
      mark(max, { ids: [] }),
      mark(max, { ids: ['no id'] }),
    ])
  })

  it('is mailed when it was unread for an hour, once a day', async () => {
    const { ada, max, create, database, config, people } = library
    await mark(max, { ids: null })
    const one = await create('Long unread', { projectId: await secret('Attic') })
    await share(one.id, max)
    await database.sql(`UPDATE notifications SET at = at - interval '61 minutes' WHERE resource_id = $1`, [one.id])
    const round = async () => (await start(config)).stop
    const stop = await round()
    const text = await keptMail(people.auth, max.user.email, 'Something is new in your inbox').finally(stop)
    expect(text).toContain(`${ada.user.name} shared “Long unread” with you.`)
    expect(text).toContain('/inbox')
    const count = async () =>
      (
        await people.auth.database.sql(`SELECT 1 FROM mails WHERE "to" = $1 AND subject LIKE '%inbox%'`, [
          max.user.email,
        ])
      ).length
    // Something else on the same day waits: the turn of another person shows that the round has come by.
    const two = await create('Also unread', { projectId: one.projectId })
    await share(two.id, max)
    await share(two.id, library.gus)
    await database.sql(`UPDATE notifications SET at = at - interval '61 minutes' WHERE resource_id = $1`, [two.id])
    const again = await round()
    await keptMail(people.auth, library.gus.user.email, 'Something is new in your inbox').finally(again)
    expect(await count()).toBe(1)
    await database.sql(`UPDATE digests SET at = at - interval '25 hours'`)
    const tomorrow = await round()
    await eventually(async () => (await count()) === 2).finally(tomorrow)
  })
})

describe('the news', () => {
  it('tell each what they see, and nothing of the rest', async () => {
    const { ada, max, gus, at, create, organization } = library
    const [own, mine] = [await follow(ada), await follow(max)]
    const theirs = await follow(gus)
    const projectId = await secret('Cellar')
    const shown = await create('Shown')
    const hidden = await create('Hidden', { projectId })
    await call(at(ada), api.updateDocument, { params: { id: hidden.id }, body: { title: 'Hidden still' } })
    await call(at(ada), api.updateProject, { params: { id: projectId }, body: { name: 'Wine cellar' } })
    await call(at(ada), api.deleteDocument, { params: { id: hidden.id } })
    const last = await create('Last')
    const of = (news: typeof own, event: string) =>
      news.events.filter((one) => one.event === event).map(({ data }) => data.id)
    for (const news of [own, mine, theirs]) await eventually(() => of(news, 'document.changed').includes(last.id))
    expect(of(own, 'document.changed')).toEqual([shown.id, hidden.id, hidden.id, last.id])
    expect(of(own, 'project.changed')).toEqual([projectId, projectId])
    expect(of(own, 'document.deleted')).toEqual([hidden.id])
    for (const news of [mine, theirs]) {
      expect(of(news, 'document.changed')).toEqual([shown.id, last.id])
      expect(JSON.stringify(news.events)).not.toContain(projectId)
      expect(JSON.stringify(news.events)).not.toContain(hidden.id)
    }
    const cask = await create('Cask', { projectId })
    await share(cask.id, max)
    await eventually(() => mine.has('access.changed'))
    await call(at(ada), api.updateDocument, { params: { id: cask.id }, body: { title: 'Old cask' } })
    await eventually(() => of(mine, 'document.changed').includes(cask.id))
    expect(mine.events.find(({ event }) => event === 'access.changed')?.data).toEqual({ organizationId: organization })
    await call(at(ada), libraryApi.move, {
      params: { id: cask.id },
      body: { projectId: library.project, parentId: null },
    })
    await eventually(() => of(theirs, 'document.changed').includes(cask.id))
    // What goes where one does not see it is gone.
    await call(at(ada), libraryApi.move, { params: { id: shown.id }, body: { projectId, parentId: null } })
    await eventually(() => of(theirs, 'document.deleted').includes(shown.id))
    expect(of(theirs, 'document.deleted')).toEqual([shown.id])
    expect(JSON.stringify(theirs.events)).not.toContain(projectId)
  })
})

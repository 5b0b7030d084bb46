import { PASSWORD } from '@realtime/auth/testing'
import {
  type AccessNews,
  type Actor,
  accessNews,
  documentApi as api,
  authApi,
  type Caller,
  type CallOptions,
  call,
  documentInternal,
  organizationApi,
  type Permission,
  type Resource,
  type Role,
} from '@realtime/contracts'
import { start } from '@realtime/document'
import { type Running, readEvents, serviceCaller } from '@realtime/kit'
import { type FreshSchema, freshSchema } from '@realtime/kit/database'
import { bearer, eventually } from '@realtime/kit/testing'
import { start as startOrganization } from '@realtime/organization'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCUMENT_SECRET, documentConfigOf, personIn, startPeople, type TestPeople, type TestPerson } from './people.ts'

// Who may do what with a document, and how fast a change of it is known to those who keep documents open: asked of two
// processes of the document service, with auth and organization beside them.

/** From a change to the news of it, in milliseconds; usually a tenth of it. */
const SOON_MS = 300

let people: TestPeople
let database: FreshSchema
let processes: Running[]
let callers: Caller[]
let ada: TestPerson
let gus: TestPerson
let eve: TestPerson
let organization: string
let project: string

beforeAll(async () => {
  people = await startPeople()
  database = freshSchema('document')
  const config = documentConfigOf(people, database)
  processes = [await start(config), await start(config)]
  callers = processes.map(({ internalUrl }) =>
    serviceCaller({ from: 'collaboration', to: 'document', url: internalUrl ?? '', secret: DOCUMENT_SECRET }),
  )
  ada = await people.person('Ada')
  gus = await people.person('Gus')
  eve = await people.person('Eve')
  organization = (await call(ada.caller, organizationApi.create, { body: { name: 'Acme' } })).id
  await invite(gus)
  project = (await call(at(ada), api.ensureFirstProject, { query: { organization } })).id
})
afterAll(async () => {
  for (const process of processes ?? []) await process.stop()
  await database?.drop()
  await people?.stop()
})

const at = (who: TestPerson): Caller => ({ ...who.caller, baseUrl: processes[0]?.url ?? '' })
const problem = (key: string) => expect.objectContaining({ key })

const create = (): Promise<Resource> =>
  call(at(ada), api.createDocument, { body: { projectId: project, kind: 'document', title: 'Plan' } })

async function invite(who: TestPerson, role: 'member' | 'guest' = 'member'): Promise<void> {
  const params = { id: organization }
  const { url } = await call(ada.caller, organizationApi.invite, { params, body: { role } })
  await call(who.caller, organizationApi.acceptInvitation, { body: { token: url.split('/join/')[1] ?? '' } })
}

const makeGus = (role: Role) =>
  call(ada.caller, organizationApi.updateMember, {
    params: { id: organization, userId: gus.user.id },
    body: { role },
  })

/** A person as an actor, by the session of their browser. */
async function actorOf({ user, browser }: TestPerson): Promise<Actor> {
  return { type: 'user', id: user.id, sessionId: (await browser.ask(authApi.session, {})).session.id }
}

async function ask(id: string, actors: Actor[], caller = callers[0] as Caller): Promise<(Permission | null)[]> {
  return (await call(caller, documentInternal.access, { params: { id }, body: { actors } })).permissions
}

/** Reads the room news of a process; each of `access` with the time it came at. */
async function follow(caller: Caller) {
  const stopping = new AbortController()
  const options: CallOptions = { signal: stopping.signal }
  const response = await eventually(() => call(caller, documentInternal.roomNews, {}, options))
  const heard: { news: AccessNews; at: number }[] = []
  void (async () => {
    for await (const { event, data } of readEvents(response)) {
      if (event === 'access') heard.push({ news: accessNews.parse(JSON.parse(data)), at: performance.now() })
    }
  })().catch(() => undefined)
  const when = (news: AccessNews): Promise<number> =>
    eventually(() => {
      const one = heard.find((each) => JSON.stringify(each.news) === JSON.stringify(news))
      expect(one).toBeDefined()
      return one?.at ?? 0
    })
  return { heard, when, stop: () => stopping.abort() }
}

describe('access', () => {
  it('is what each may do, and nothing for whoever may not know of the document', async () => {
    const { id } = await create()
    const actors = await Promise.all([ada, gus, eve].map(actorOf))
    const key: Actor = { type: 'key', id: 'key', userId: ada.user.id, scopes: ['documents:write'] }
    const others: Actor[] = [
      { type: 'link', id: 'visitor', linkId: 'link', documentId: id, name: 'Eve' },
      { type: 'service', name: 'ai' },
      { type: 'user', id: 'nobody', sessionId: 'none' },
    ]
    for (const caller of callers) {
      expect(await ask(id, [...actors, key, ...others], caller)).toEqual([
        'write',
        'write',
        null,
        'write',
        null,
        null,
        null,
      ])
      expect(await ask('nowhere', actors, caller)).toEqual([null, null, null])
    }
    const many = Array.from({ length: 1000 }, (_, index) => actors[index % 3] as Actor)
    expect((await ask(id, many)).filter((permission) => permission === 'write')).toHaveLength(667)
  })

  it('is for services, and for a thousand at a time', async () => {
    const { id } = await create()
    const actor = await actorOf(ada)
    const body = { actors: [actor] }
    for (const caller of [
      { baseUrl: callers[0]?.baseUrl ?? '' },
      bearer(callers[0]?.baseUrl ?? '', (await ada.browser.ask(authApi.token, {})).token),
    ]) {
      const asked = call(caller, documentInternal.access, { params: { id }, body })
      await expect(asked).rejects.toMatchObject({ key: 'unauthenticated', status: 401 })
    }
    await expect(ask(id, [])).rejects.toEqual(problem('invalid-input'))
    await expect(ask(id, Array(1001).fill(actor))).rejects.toEqual(problem('invalid-input'))
    await expect(ask(id, [{ type: 'user', id: 'no id!', sessionId: '' }])).rejects.toEqual(problem('invalid-input'))
    await expect(ask('no id!', [actor])).rejects.toEqual(problem('invalid-input'))
  })

  it('follows a change of role at once, in every process, and each tells its readers', async () => {
    const { id } = await create()
    const actor = await actorOf(gus)
    const readers = await Promise.all(callers.map(follow))
    const took: number[] = []
    for (const role of ['guest', 'member', 'guest', 'member', 'guest'] as const) {
      for (const { heard } of readers) heard.length = 0
      // Warm, so that what is answered next is not simply new to the process.
      for (const caller of callers) await ask(id, [actor], caller)
      const began = performance.now()
      await makeGus(role)
      // Asked before any news: the question itself finds out what has changed.
      for (const caller of callers)
        expect(await ask(id, [actor], caller)).toEqual([role === 'guest' ? 'read' : 'write'])
      for (const reader of readers) {
        took.push((await reader.when({ organizationId: organization, userId: gus.user.id })) - began)
      }
    }
    for (const reader of readers) reader.stop()
    took.sort((a, b) => a - b)
    console.log('took', took.map(Math.round))
    expect(took[Math.floor(took.length / 2)]).toBeLessThan(SOON_MS)
    await makeGus('member')
  })

  it('ends with the membership, and comes back with it', async () => {
    const { id } = await create()
    const actor = await actorOf(gus)
    const reader = await follow(callers[1] as Caller)
    const news = { organizationId: organization, userId: gus.user.id }
    await call(ada.caller, organizationApi.removeMember, { params: { id: organization, userId: gus.user.id } })
    expect(await ask(id, [actor])).toEqual([null])
    await reader.when(news)
    reader.heard.length = 0
    await invite(gus, 'guest')
    expect(await ask(id, [actor])).toEqual(['read'])
    await reader.when(news)
    await makeGus('member')
    reader.stop()
  })

  it('ends with the document, and each process tells its readers', async () => {
    const actor = await actorOf(ada)
    const readers = await Promise.all(callers.map(follow))
    const took: number[] = []
    for (let round = 0; round < 5; round++) {
      const { id } = await create()
      expect(await ask(id, [actor])).toEqual(['write'])
      const began = performance.now()
      await call(at(ada), api.deleteDocument, { params: { id } })
      for (const caller of callers) expect(await ask(id, [actor], caller)).toEqual([null])
      for (const reader of readers) took.push((await reader.when({ id })) - began)
    }
    for (const reader of readers) reader.stop()
    took.sort((a, b) => a - b)
    console.log('took', took.map(Math.round))
    expect(took[Math.floor(took.length / 2)]).toBeLessThan(SOON_MS)
  })

  it('is nothing for an ended session, while another of the same person goes on', async () => {
    const { id } = await create()
    const phone = await people.person('Phone')
    await invite(phone)
    const ended = await actorOf(phone)
    expect(await ask(id, [ended])).toEqual(['write'])
    await phone.browser.ask(authApi.signOut, {})
    await phone.browser.ask(authApi.signIn, { body: { email: phone.user.email, password: PASSWORD } })
    const again = await actorOf(await personIn(phone.browser, phone.user, people.organization.url))
    await eventually(async () => (await ask(id, [ended]))[0] === null)
    expect(await ask(id, [ended, again])).toEqual([null, 'write'])
  })

  it('is unknown while organization is away, and both that and its return are told', async () => {
    const { id } = await create()
    const actor = await actorOf(ada)
    expect(await ask(id, [actor])).toEqual(['write'])
    const reader = await follow(callers[0] as Caller)
    const { url, internalUrl } = people.organization
    await people.organization.stop()
    await expect(ask(id, [actor])).rejects.toEqual(problem('unavailable'))
    await reader.when({})
    await expect(ask(id, [actor])).rejects.toEqual(problem('unavailable'))
    reader.heard.length = 0
    const back = await startOrganization({
      ...people.config,
      ORGANIZATION_LISTEN: new URL(url).host,
      ORGANIZATION_INTERNAL_LISTEN: new URL(internalUrl ?? '').host,
    })
    try {
      await reader.when({})
      expect(await eventually(() => ask(id, [actor]))).toEqual(['write'])
    } finally {
      reader.stop()
      await back.stop()
    }
  })
})

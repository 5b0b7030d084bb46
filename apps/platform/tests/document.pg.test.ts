import {
  documentApi as api,
  type Caller,
  call,
  documentInternal,
  EPOCH_HEADER,
  encodeAppend,
  organizationApi,
  principalOf,
  type Resource,
  SEQ_HEADER,
} from '@realtime/contracts'
import { type DocumentConfig, start } from '@realtime/document'
import { type Running, readEvents, serviceCaller } from '@realtime/kit'
import { type FreshSchema, freshSchema } from '@realtime/kit/database'
import { asUser, bearer, eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCUMENT_SECRET, documentConfigOf, startPeople, type TestPeople, type TestPerson } from './people.ts'

let people: TestPeople
let database: FreshSchema
let config: DocumentConfig
let document: Running
let internal: Caller
/** The owner, a guest of the same organization, and somebody of another. */
let ada: TestPerson
let gus: TestPerson
let eve: TestPerson
let organization: string
let project: string

beforeAll(async () => {
  people = await startPeople()
  database = freshSchema('document')
  config = documentConfigOf(people, database)
  document = await start(config)
  internal = serviceCaller({
    from: 'collaboration',
    to: 'document',
    url: document.internalUrl ?? '',
    secret: DOCUMENT_SECRET,
  })
  ada = await people.person('Ada')
  gus = await people.person('Gus')
  eve = await people.person('Eve')
  organization = (await call(ada.caller, organizationApi.create, { body: { name: 'Acme' } })).id
  await invite(gus, 'guest')
  project = (await call(at(ada), api.ensureFirstProject, { query: { organization } })).id
})
afterAll(async () => {
  await document?.stop()
  await database?.drop()
  await people?.stop()
})

const problem = (key: string) => expect.objectContaining({ key })
const at = (who: TestPerson): Caller => ({ ...who.caller, baseUrl: document.url })
const create = (who: TestPerson, title = 'Plan') =>
  call(at(who), api.createDocument, { body: { projectId: project, kind: 'document', title } })

async function invite(who: TestPerson, role: 'member' | 'guest'): Promise<void> {
  const params = { id: organization }
  const { url } = await call(ada.caller, organizationApi.invite, { params, body: { role } })
  await call(who.caller, organizationApi.acceptInvitation, { body: { token: url.split('/join/')[1] ?? '' } })
}

async function refused(key: string, calls: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(calls)
  expect(results).toEqual(calls.map(() => ({ status: 'rejected', reason: problem(key) })))
}

describe('projects', () => {
  it('begin with one, however many ask for it at once', async () => {
    const { id } = await call(eve.caller, organizationApi.ensurePersonal, {})
    const first = () => call(at(eve), api.ensureFirstProject, { query: { organization: id } })
    const answers = await Promise.all(Array.from({ length: 10 }, first))
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1)
    expect(await call(at(eve), api.projects, { query: { organization: id } })).toEqual({ projects: [answers[0]] })
    expect(answers[0]).toMatchObject({ organizationId: id, name: 'Getting started' })
  })

  it('are created, listed in their order, and renamed', async () => {
    const made = await call(at(ada), api.createProject, { body: { organizationId: organization, name: ' Launch ' } })
    expect(made.name).toBe('Launch')
    const renamed = await call(at(ada), api.updateProject, { params: { id: made.id }, body: { name: 'Landing' } })
    expect(renamed).toEqual({ ...made, name: 'Landing' })
    const { projects } = await call(at(gus), api.projects, { query: { organization } })
    expect(projects.map((one) => one.id)).toEqual([project, made.id])
  })

  it('are read-only to guests, and nothing to strangers', async () => {
    const query = { organization }
    const body = { organizationId: organization, name: 'Mine' }
    const params = { id: project }
    expect((await call(at(gus), api.ensureFirstProject, { query })).id).toBe(project)
    await refused('forbidden', [
      call(at(gus), api.createProject, { body }),
      call(at(gus), api.updateProject, { params, body: { name: 'Mine' } }),
      create(gus),
    ])
    await refused('not-found', [
      call(at(eve), api.ensureFirstProject, { query }),
      call(at(eve), api.projects, { query }),
      call(at(eve), api.createProject, { body }),
      call(at(eve), api.updateProject, { params, body: { name: 'Mine' } }),
      call(at(eve), api.updateProject, { params: { id: 'nowhere' }, body: { name: 'Mine' } }),
      create(eve),
    ])
  })
})

describe('documents', () => {
  it('are created with their first content, listed by newest change, renamed and trashed', async () => {
    const one = await create(ada, 'One')
    const two = await create(ada, 'Two')
    expect(one).toMatchObject({ projectId: project, organizationId: organization, kind: 'document', title: 'One' })
    expect(one).toMatchObject({ permission: 'write', createdBy: `user:${ada.user.id}` })
    expect(one.id).toMatch(/^[A-Za-z0-9]{16,}$/)
    const list = async (who = ada) =>
      (await call(at(who), api.documents, { query: { organization, project } })).documents.filter((row) =>
        [one.id, two.id].includes(row.id),
      )
    expect((await list()).map((row) => row.title)).toEqual(['Two', 'One'])
    await edit(one, ada)
    expect((await list()).map((row) => row.title)).toEqual(['One', 'Two'])
    expect((await list(gus)).map((row) => row.permission)).toEqual(['read', 'read'])
    const params = { id: two.id }
    const renamed = await call(at(ada), api.updateDocument, { params, body: { title: 'Second' } })
    expect(await call(at(gus), api.getDocument, { params })).toEqual({ ...renamed, permission: 'read', level: 'view' })
    await call(at(ada), api.deleteDocument, { params })
    expect((await list()).map((row) => row.title)).toEqual(['One'])
    await refused('not-found', [
      call(at(ada), api.getDocument, { params }),
      call(at(ada), api.state, { params }),
      call(at(ada), api.deleteDocument, { params }),
      join(ada, two),
    ])
  })

  it('are read-only to guests, and nothing to strangers and without a token', async () => {
    const { id } = await create(ada)
    const params = { id }
    const calls = (who: Caller) => [
      call(who, api.updateDocument, { params, body: { title: 'Mine' } }),
      call(who, api.deleteDocument, { params }),
    ]
    const reads = (who: Caller) => [
      call(who, api.getDocument, { params }),
      call(who, api.state, { params }),
      call(who, api.documents, { query: { organization } }),
      call(who, api.events, { query: { organization } }),
    ]
    await refused('read-only', calls(at(gus)))
    await refused('not-found', [...calls(at(eve)), ...reads(at(eve)), join(eve, { id })])
    const bare = { baseUrl: document.url }
    await refused('unauthenticated', [...calls(bare), ...reads(bare)])
    await refused('unauthenticated', reads(bearer(document.url, 'forged')))
    const service = { ...internal, baseUrl: document.url }
    await refused('unauthenticated', reads(service))
    // A project of another organization is no filter.
    const own = (await call(eve.caller, organizationApi.ensurePersonal, {})).id
    await refused('not-found', [call(at(eve), api.documents, { query: { organization: own, project } })])
  })

  it('refuse wrong input, each with its own problem', async () => {
    const { id } = await create(ada)
    const authorization = (await ada.caller.headers?.())?.authorization ?? ''
    const send = async (body: string, type = 'application/json', path = '/documents', method = 'POST') => {
      const headers = { authorization, 'content-type': type }
      const answer = await fetch(document.url + path, { method, headers, body })
      const json = (await answer.json()) as { type: string; instance: string }
      expect(json.instance).toBe(answer.headers.get('x-request-id'))
      return `${answer.status} ${json.type}`
    }
    const good = { projectId: project, kind: 'document', title: 'x' }
    expect(await send('{"projectId":')).toBe('400 /problems/malformed-json')
    expect(await send(JSON.stringify({ ...good, color: 'red' }))).toBe('400 /problems/invalid-input')
    expect(await send(JSON.stringify({ ...good, kind: 'spreadsheet' }))).toBe('400 /problems/invalid-input')
    expect(await send(JSON.stringify({ ...good, title: 7 }))).toBe('400 /problems/invalid-input')
    expect(await send(JSON.stringify({ ...good, title: 'x'.repeat(301) }))).toBe('400 /problems/invalid-input')
    expect(await send(JSON.stringify({ ...good, title: 'x'.repeat(300_000) }))).toBe('413 /problems/payload-too-large')
    expect(await send('x', 'text/plain')).toBe('415 /problems/unsupported-media-type')
    expect(await send('{}', 'application/json', `/documents/${id}`, 'PUT')).toBe('405 /problems/method-not-allowed')
    expect(await send('{"title":1}', 'application/json', `/documents/${id}`, 'PATCH')).toBe(
      '400 /problems/invalid-input',
    )
    expect(await send('{"name":""}', 'application/json', `/projects/${project}`, 'PATCH')).toBe(
      '400 /problems/invalid-input',
    )
    await refused('invalid-input', [
      call(at(ada), api.getDocument, { params: { id: 'no id' } }),
      call(at(ada), api.documents, { query: { organization: '../x' } }),
      call(at(ada), api.projects, { query: { organization: '' } }),
    ])
  })
})

const join = (who: TestPerson, { id }: { id: string }, clientId: number | null = null) =>
  call(internal, documentInternal.join, { params: { id }, body: { actor: asUser(who.user.id), clientId } })

/** Appends an update that says nothing, as if it had come from a person. */
async function edit({ id, epoch }: Resource, who: TestPerson): Promise<number> {
  const frame = { principal: principalOf(asUser(who.user.id)), origin: 'user', clientIds: [], update: EMPTY }
  const input = { params: { id }, query: { epoch }, body: encodeAppend([frame]) }
  return (await call(internal, documentInternal.append, input)).lastSeq
}

/** A V1 update without structs and deletions. */
const EMPTY = Uint8Array.from([0, 0])

describe('joining', () => {
  it('tells who somebody is and binds their client id for good', async () => {
    const made = await create(ada)
    const joined = await join(ada, made, 42)
    expect(joined).toMatchObject({ epoch: made.epoch, seq: 1, permission: 'write', organizationId: organization })
    expect(joined.identity).toMatchObject({ id: ada.user.id, name: 'Ada', image: null })
    expect(joined.identity.color).toMatch(/^#[0-9a-f]{6}$/)
    expect(await join(ada, made, 42)).toEqual(joined)
    expect((await join(gus, made)).permission).toBe('read')
    const { clientIds } = await call(internal, documentInternal.clientIds, { params: { id: made.id } })
    const seed = clientIds.find((row) => row.principal === 'service:document')?.clientId ?? null
    expect(seed).not.toBeNull()
    await refused('client-id-taken', [join(gus, made, 42), join(gus, made, seed), join(ada, made, seed)])
    expect(clientIds).toContainEqual({ clientId: 42, principal: `user:${ada.user.id}` })
  })

  it('lets one of two people win a client id', async () => {
    const made = await create(ada)
    const results = await Promise.allSettled([join(ada, made, 7), join(gus, made, 7)])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('lets in an API key as its person as far as its scopes go, and no link that is not there', async () => {
    const { id } = await create(ada)
    const ask = (actor: object) =>
      call(internal, documentInternal.join, { params: { id }, body: { actor: actor as never, clientId: null } })
    const key = (...scopes: string[]) => ask({ type: 'key', id: 'k1', userId: ada.user.id, scopes })
    expect(await key('documents:write')).toMatchObject({ permission: 'write', identity: { id: ada.user.id } })
    expect(await key('documents:read')).toMatchObject({ permission: 'read', identity: { id: ada.user.id } })
    await refused('forbidden', [key('organizations:read'), key()])
    await refused('not-found', [
      ask({ type: 'link', id: 'v1', linkId: 'l1', documentId: id, name: 'Eve' }),
      ask({ type: 'service', name: 'ai' }),
    ])
    await refused('invalid-input', [ask({ type: 'user' }), join(ada, { id }, -1), join(ada, { id }, 2 ** 32)])
  })
})

describe('the state', () => {
  it('is the same bytes in every encoding, with its tag, and 304 for who has it', async () => {
    const made = await create(ada)
    const read = (headers: Record<string, string>) => call(at(gus), api.state, { params: { id: made.id } }, { headers })
    const states = await Promise.all(
      ['br', 'gzip', 'gzip;q=1, br;q=0', 'identity'].map(async (encoding) => {
        const answer = await read({ 'accept-encoding': encoding })
        const { headers } = answer
        expect(headers.get('etag')).toBe(`"${made.epoch}.1"`)
        expect(headers.get('cache-control')).toBe('private, no-cache')
        expect(headers.get('vary')).toMatch(/Authorization.*Accept-Encoding/)
        expect([headers.get(EPOCH_HEADER), headers.get(SEQ_HEADER)]).toEqual([made.epoch, '1'])
        const bytes = Buffer.from(await answer.arrayBuffer()).toString('hex')
        return { encoding: headers.get('content-encoding'), bytes }
      }),
    )
    expect(states.map((state) => state.encoding)).toEqual(['br', 'gzip', 'gzip', null])
    expect(new Set(states.map((state) => state.bytes)).size).toBe(1)
    const tag = `"${made.epoch}.1"`
    for (const header of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const answer = await read({ 'if-none-match': header })
      expect([answer.status, answer.headers.get('etag')]).toEqual([304, tag])
      expect((await answer.arrayBuffer()).byteLength).toBe(0)
    }
    await edit(made, ada)
    const newer = await read({ 'if-none-match': tag })
    expect([newer.status, newer.headers.get('etag')]).toEqual([200, `"${made.epoch}.2"`])
    await newer.arrayBuffer()
  })
})

describe('the news of an organization', () => {
  it('tells its members, and ends when they are members no more', async () => {
    const max = await people.person('Max')
    await invite(max, 'member')
    const news = await follow(max)
    const own = (await call(eve.caller, organizationApi.ensurePersonal, {})).id
    const elsewhere = await call(at(eve), api.ensureFirstProject, { query: { organization: own } })
    await call(at(eve), api.updateProject, { params: { id: elsewhere.id }, body: { name: 'Hidden' } })
    const made = await create(ada)
    const params = { id: made.id }
    await call(at(ada), api.updateDocument, { params, body: { title: 'News' } })
    await call(at(ada), api.deleteDocument, { params })
    await call(at(ada), api.updateProject, { params: { id: project }, body: { name: 'Renamed' } })
    await eventually(() => news.events.length >= 4)
    const subject = { id: made.id, projectId: project, organizationId: organization }
    expect(news.events).toEqual([
      { event: 'document.changed', data: subject },
      { event: 'document.changed', data: subject },
      { event: 'document.deleted', data: subject },
      { event: 'project.changed', data: { id: project, organizationId: organization } },
    ])
    const removed = { id: organization, userId: max.user.id }
    await call(ada.caller, organizationApi.removeMember, { params: removed })
    await eventually(() => news.ended())
    await refused('not-found', [call(at(max), api.documents, { query: { organization } })])
  })
})

async function follow(who: TestPerson) {
  // The service follows its changes a moment after it starts.
  const response = await eventually(() => call(at(who), api.events, { query: { organization } }))
  const events: { event: string; data: unknown }[] = []
  let ended = false
  void (async () => {
    for await (const { event, data } of readEvents(response)) {
      if (event !== 'comment') events.push({ event, data: JSON.parse(data) })
    }
  })()
    .catch(() => undefined)
    .finally(() => {
      ended = true
    })
  return { events, ended: () => ended }
}

describe('a membership', () => {
  it('counts at once when it begins, and ends within moments', async () => {
    const max = await people.person('Maxine')
    const list = () => call(at(max), api.projects, { query: { organization } })
    await refused('not-found', [list()])
    await invite(max, 'member')
    expect((await list()).projects.length).toBeGreaterThan(0)
    const made = await create(max)
    const params = { id: organization, userId: max.user.id }
    await call(ada.caller, organizationApi.updateMember, { params, body: { role: 'guest' } })
    const rename = () => call(at(max), api.updateDocument, { params: { id: made.id }, body: { title: 'x' } })
    await eventually(
      () =>
        rename().then(
          () => false,
          (error) => error.key === 'read-only',
        ),
      2_000,
    )
    await call(ada.caller, organizationApi.removeMember, { params })
    await eventually(
      () =>
        list().then(
          () => false,
          (error) => error.key === 'not-found',
        ),
      2_000,
    )
  })

  it('that cannot be asked for opens nothing', async () => {
    // Another service process whose organization service is gone.
    const alone = await start({ ...config, ORGANIZATION_INTERNAL_URL: 'http://127.0.0.1:9' })
    const caller = { ...ada.caller, baseUrl: alone.url }
    await refused('unavailable', [
      call(caller, api.projects, { query: { organization } }),
      call(caller, api.documents, { query: { organization } }),
    ])
    await alone.stop()
  })
})

describe('starting and stopping', () => {
  it('finds everything again, and ends open streams', async () => {
    const made = await create(ada)
    const news = await follow(ada)
    await document.stop()
    await eventually(() => news.ended())
    document = await start(config)
    internal = serviceCaller({
      from: 'collaboration',
      to: 'document',
      url: document.internalUrl ?? '',
      secret: DOCUMENT_SECRET,
    })
    expect(await call(at(ada), api.getDocument, { params: { id: made.id } })).toEqual(made)
  })
})

import { type Provider, saveState } from '@realtime/client'
import {
  documentApi as api,
  type Caller,
  call,
  documentInternal,
  encodeAppend,
  organizationApi,
  type Resource,
  type Version,
} from '@realtime/contracts'
import { readEvents, serviceCaller } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { join, type Person, setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

// History as people meet it: through the gateway, with two of them in the document.

let platform: TestPlatform
let ann: Person
let bob: Person
let guest: Person
let stranger: Person
let nobody: Caller
const open: Provider[] = []

beforeAll(async () => {
  platform = await startPlatform()
  nobody = { baseUrl: platform.publicUrl }
  ann = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ann')
  const invited = async (name: string, role: 'member' | 'guest') => {
    const params = { id: ann.organizationId }
    return join((await call(ann.caller, organizationApi.invite, { params, body: { role } })).url, name)
  }
  bob = await invited('Bob', 'member')
  guest = await invited('Gus', 'guest')
  const own = await call(bob.caller, organizationApi.invite, { params: { id: bob.organizationId }, body: {} })
  stranger = await join(own.url, 'Sam')
})
afterEach(() => {
  for (const provider of open.splice(0)) provider.destroy()
})
afterAll(() => platform?.stop())

const create = (): Promise<Resource> =>
  call(ann.caller, api.createDocument, { body: { projectId: ann.projectId, kind: 'document', title: 'Plan' } })

interface Replica {
  doc: Y.Doc
  provider: Provider
  content: Y.XmlFragment
}

/** Opens a document and waits until it can be written. */
async function take(person: Person, id: string): Promise<Replica> {
  const doc = new Y.Doc()
  const provider = person.open(id, doc)
  open.push(provider)
  await eventually(() => provider.state.phase === 'online')
  return { doc, provider, content: doc.getXmlFragment('content') }
}

/** Adds a paragraph and waits until it is saved. */
async function write(replica: Replica, text: string, at = replica.content.length): Promise<void> {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  replica.content.insert(at, [paragraph])
  await saved(replica)
}

const saved = ({ provider }: Replica) => eventually(() => saveState(provider.state).kind === 'saved')
const linesOf = (content: Y.XmlFragment) =>
  content.toArray().map((block) => (block as Y.XmlElement).toArray().map(String).join(''))

const keep = (who: Caller, id: string, name: string) => call(who, api.createVersion, { params: { id }, body: { name } })
const list = (who: Caller, id: string, query = {}) => call(who, api.versions, { params: { id }, query })
const rename = (who: Caller, id: string, version: string, name: string | null) =>
  call(who, api.renameVersion, { params: { id, version }, body: { name } })
const restore = (who: Caller, id: string, version: string) => call(who, api.restoreVersion, { params: { id, version } })
const look = (who: Caller, id: string, version: string) => call(who, api.versionState, { params: { id, version } })
const sql = (text: string, values?: unknown[]) => platform.schemas.document?.sql(text, values) ?? Promise.resolve([])

async function stateOf(answer: Response): Promise<string[]> {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()))
  return linesOf(doc.getXmlFragment('content'))
}

const newest = async (id: string): Promise<string[]> => stateOf(await call(ann.caller, api.state, { params: { id } }))

describe('versions', () => {
  it('are kept by name, listed newest first with their people, looked at, renamed', async () => {
    const { id } = await create()
    const [a, b] = [await take(ann, id), await take(bob, id)]
    await write(a, 'first')
    const one = await keep(ann.caller, id, ' One ')
    expect(one).toMatchObject({ reason: 'named', name: 'One', people: [{ name: 'Ann', color: expect.any(String) }] })
    await write(b, 'second')
    await write(b, 'third')
    await write(a, 'fourth')
    const two = await keep(bob.caller, id, 'Two')
    expect(two.people.map((person) => person.name)).toEqual(['Bob', 'Ann'])
    const again = await keep(ann.caller, id, 'The same')
    expect(again).toMatchObject({ seq: two.seq, people: two.people })
    expect(await list(guest.caller, id)).toEqual({ versions: [again, two, one], more: false })
    expect(await stateOf(await look(guest.caller, id, one.id))).toEqual(['', 'first'])
    expect(await stateOf(await look(ann.caller, id, two.id))).toEqual(['', 'first', 'second', 'third', 'fourth'])
    const renamed = await rename(ann.caller, id, one.id, 'Number one')
    expect(renamed).toEqual({ ...one, name: 'Number one' })
    expect(await rename(ann.caller, id, again.id, null)).toEqual({ ...again, name: null })
    expect((await list(ann.caller, id, { named: 'true' })).versions).toEqual([two, renamed])
    expect((await list(ann.caller, id, { named: 'false' })).versions).toMatchObject([{ id: again.id }])
    const page = await list(ann.caller, id, { limit: 1 })
    expect([page.versions.map((version) => version.id), page.more]).toEqual([[again.id], true])
    const next = await list(ann.caller, id, { limit: 2, before: again.id })
    expect([next.versions.map((version) => version.id), next.more]).toEqual([[two.id, one.id], false])
  })

  it('come compressed or not, and not again to whoever has them', async () => {
    const { id } = await create()
    const version = await keep(ann.caller, id, 'V')
    const url = `${platform.publicUrl}/documents/${id}/versions/${version.id}/state`
    const authorization = (await ann.caller.headers?.())?.authorization ?? ''
    for (const encoding of ['br', 'identity']) {
      const answer = await fetch(url, { headers: { authorization, 'accept-encoding': encoding } })
      expect(answer.headers.get('content-encoding')).toBe(encoding === 'br' ? 'br' : null)
      expect(answer.headers.get('cache-control')).toBe('private, no-cache')
      expect(await stateOf(answer)).toEqual([''])
      const etag = answer.headers.get('etag') ?? ''
      expect((await fetch(url, { headers: { authorization, 'if-none-match': etag } })).status).toBe(304)
    }
  })

  it('are seen by readers, changed by writers, and nothing to others', async () => {
    const { id } = await create()
    const { id: version } = await keep(ann.caller, id, 'V')
    const changes = (who: Caller) => [keep(who, id, 'X'), rename(who, id, version, 'X'), restore(who, id, version)]
    const looks = (who: Caller) => [list(who, id), look(who, id, version)]
    const keys = async (calls: Promise<unknown>[]) =>
      (await Promise.allSettled(calls)).map((one) => (one.status === 'rejected' ? one.reason.key : 'done'))
    expect(await keys(changes(guest.caller))).toEqual(['read-only', 'read-only', 'read-only'])
    expect(await keys(looks(guest.caller))).toEqual(['done', 'done'])
    expect(new Set(await keys([...changes(stranger.caller), ...looks(stranger.caller)]))).toEqual(
      new Set(['not-found']),
    )
    expect(new Set(await keys([...changes(nobody), ...looks(nobody)]))).toEqual(new Set(['unauthenticated']))
    const other = await create()
    const wrong = (who: string) => [
      rename(ann.caller, other.id, who, 'X'),
      restore(ann.caller, other.id, who),
      look(ann.caller, other.id, who),
      list(ann.caller, other.id, { before: who }),
    ]
    for (const who of [version, 'nowhere']) expect(new Set(await keys(wrong(who)))).toEqual(new Set(['not-found']))
    const bad = [keep(ann.caller, id, ' '), keep(ann.caller, id, 'x'.repeat(121)), list(ann.caller, id, { limit: 0 })]
    expect(await keys(bad)).toEqual(Array(3).fill('invalid-input'))
    await sql(`UPDATE resources SET epoch = 'second' WHERE id = $1`, [id])
    expect(await list(ann.caller, id)).toEqual({ versions: [], more: false })
    expect(await keys([look(ann.caller, id, version), restore(ann.caller, id, version)])).toEqual(
      Array(2).fill('not-found'),
    )
    await call(ann.caller, api.deleteDocument, { params: { id } })
    expect(await keys([...changes(ann.caller), ...looks(ann.caller)])).toEqual(Array(5).fill('not-found'))
  })

  it('of people who have left name them so', async () => {
    const params = { id: ann.organizationId }
    const { url } = await call(ann.caller, organizationApi.invite, { params, body: { role: 'member' } })
    const lea = await join(url, 'Lea')
    const { id } = await create()
    const replica = await take(lea, id)
    await write(replica, 'goodbye')
    await keep(ann.caller, id, 'V')
    const { members } = await call(ann.caller, organizationApi.members, { params })
    const userId = members.find((member) => member.name === 'Lea')?.userId ?? ''
    await call(ann.caller, organizationApi.removeMember, { params: { ...params, userId } })
    await eventually(async () => {
      const { versions } = await list(ann.caller, id)
      expect(versions[0]?.people).toMatchObject([{ id: userId, name: 'Former member' }])
      return true
    })
  })

  it('tell open panels that there are new ones', async () => {
    const { id } = await create()
    const leaving = new AbortController()
    const query = { organization: ann.organizationId }
    const stream = await call(ann.caller, api.events, { query }, { signal: leaving.signal })
    const heard = (async () => {
      for await (const { event, data } of readEvents(stream)) if (event === 'versions.changed') return JSON.parse(data)
    })()
    await keep(ann.caller, id, 'V')
    expect(await heard).toMatchObject({ id, projectId: ann.projectId })
    leaving.abort()
  })
})

describe('restoring', () => {
  it('is seen at once by all, can be undone, survives a restart, and again changes nothing', async () => {
    const { id, epoch } = await create()
    const [a, b] = [await take(ann, id), await take(bob, id)]
    await write(a, 'kept')
    const version = await keep(ann.caller, id, 'Good')
    await write(b, 'bad')
    a.content.delete(0, 1)
    await saved(a)
    await eventually(() => expect(linesOf(b.content)).toEqual(['kept', 'bad']))
    const done = await restore(bob.caller, id, version.id)
    expect(done.before).toMatchObject({ reason: 'before-restore', name: null })
    expect(done.seq).toBe((done.before?.seq ?? 0) + 1)
    await eventually(() =>
      expect([a, b].map(({ content }) => linesOf(content))).toEqual([
        ['', 'kept'],
        ['', 'kept'],
      ]),
    )
    expect(await restore(ann.caller, id, version.id)).toEqual({ seq: null, before: null })
    await platform.stopService('document')
    await platform.startService('document')
    expect(await eventually(() => newest(id))).toEqual(['', 'kept'])
    const undone = await eventually(() => restore(ann.caller, id, done.before?.id ?? ''))
    expect(undone.seq).toBe((done.seq ?? 0) + 1)
    await eventually(() =>
      expect([a, b].map(({ content }) => linesOf(content))).toEqual([
        ['kept', 'bad'],
        ['kept', 'bad'],
      ]),
    )
    expect((await call(ann.caller, api.getDocument, { params: { id } })).epoch).toBe(epoch)
    const rows = await sql(`SELECT principal, origin FROM updates WHERE resource_id = $1 AND origin = 'restore'`, [id])
    expect(rows).toHaveLength(2)
    expect(rows[0]?.principal).toMatch(/^user:/)
    await write(b, 'and on')
    await eventually(() => expect(linesOf(a.content)).toEqual(['kept', 'bad', 'and on']))
  })

  it('loses nothing of what others type meanwhile', async () => {
    const { id } = await create()
    const [a, b] = [await take(ann, id), await take(bob, id)]
    await write(a, 'Chapter ')
    const version = await keep(ann.caller, id, 'Start')
    const text = (replica: Replica) => (replica.content.get(1) as Y.XmlElement).get(0) as Y.XmlText
    await eventually(() => b.content.length === 2)
    let typed = ''
    let typing = true
    const typist = (async () => {
      for (let index = 0; typing; index++) {
        const word = `w${index} `
        text(b).insert(text(b).length, word)
        typed += word
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    })()
    const results: { seq: number | null; before: Version | null }[] = []
    for (let time = 0; time < 6; time++) {
      await write(a, `noise ${time}`, 0)
      results.push(await restore(ann.caller, id, version.id))
    }
    typing = false
    await typist
    await saved(b)
    await eventually(() => expect(linesOf(a.content)).toEqual(linesOf(b.content)))
    expect(linesOf(a.content)).toHaveLength(2)
    // Each word is either in the document still or in a version from before a restore, whole.
    const states = [linesOf(a.content).join(' ')]
    for (const { before } of results) {
      if (before) states.push((await stateOf(await look(ann.caller, id, before.id))).join(' '))
    }
    expect(states.length).toBeGreaterThan(1)
    const words = typed.trim().split(' ')
    expect(words.filter((word) => !states.some((state) => `${state} `.includes(`${word} `)))).toEqual([])
  })

  it('comes through while others never pause, and keeps what they wrote to the last row', async () => {
    const { id, epoch } = await create()
    const version = await keep(ann.caller, id, 'Empty')
    const secret = platform.env.DOCUMENT_SERVICE_SECRET ?? ''
    const url = platform.urls.document.internalUrl ?? ''
    const internal = serviceCaller({ from: 'collaboration', to: 'document', url, secret })
    const written: string[] = []
    let writing = true
    const writer = async (name: string): Promise<void> => {
      for (let index = 0; writing; index++) {
        const doc = new Y.Doc()
        const paragraph = new Y.XmlElement('paragraph')
        paragraph.insert(0, [new Y.XmlText(`${name}${index}`)])
        doc.getXmlFragment('content').insert(0, [paragraph])
        const frame = { principal: 'user:ann', origin: 'user', clientIds: [doc.clientID] }
        const body = encodeAppend([{ ...frame, update: Y.encodeStateAsUpdate(doc) }])
        await call(internal, documentInternal.append, { params: { id }, query: { epoch }, body })
        written.push(`${name}${index}`)
      }
    }
    const writers = ['a', 'b', 'c'].map(writer)
    await eventually(() => written.length > 20)
    const { seq, before } = await restore(ann.caller, id, version.id)
    writing = false
    await Promise.all(writers)
    expect(seq).toBe((before?.seq ?? 0) + 1)
    const was = await stateOf(await look(ann.caller, id, before?.id ?? ''))
    // All that came before the restore, to the last row, is in the version; what came after is in the document.
    expect(was.length).toBe(before?.seq)
    const all = new Set([...was, ...(await newest(id))].filter((line) => line !== ''))
    expect([...all].sort()).toEqual(written.sort())
  })

  it('asked for twice at once happens once', async () => {
    const { id } = await create()
    const replica = await take(ann, id)
    await write(replica, 'one')
    await write(replica, 'two')
    const version = await keep(ann.caller, id, 'Both')
    replica.content.delete(1, 2)
    await saved(replica)
    const answers = await Promise.all([ann, bob, ann, bob].map((person) => restore(person.caller, id, version.id)))
    expect(answers.filter((answer) => answer.seq !== null)).toHaveLength(1)
    expect(await newest(id)).toEqual(['', 'one', 'two'])
  })

  it('does not hold up the service with a large document', async () => {
    const { id, epoch } = await create()
    const big = new Y.Doc()
    big.clientID = 99
    const blocks = Array.from({ length: 20_000 }, (_, index) => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText(`Paragraph ${index} with some words in it.`)])
      return paragraph
    })
    big.getXmlFragment('content').insert(0, blocks)
    await sql('SELECT append_updates($1, $2, $3, $4, $5, $6, $7, $8)', [
      id,
      epoch,
      ['user:ann'],
      ['import'],
      [Buffer.from(Y.encodeStateAsUpdate(big))],
      [99],
      ['user:ann'],
      [0],
    ])
    const version = await keep(ann.caller, id, 'Big')
    const vector = Y.encodeStateVector(big)
    big.getXmlFragment('content').delete(100, 50)
    big.getXmlFragment('content').delete(15_000, 50)
    const cut = Buffer.from(Y.encodeStateAsUpdate(big, vector))
    await sql('SELECT append_updates($1, $2, $3, $4, $5, $6, $7, $8)', [
      id,
      epoch,
      ['user:ann'],
      ['import'],
      [cut],
      [],
      [],
      [],
    ])
    let longest = 0
    let last = performance.now()
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    const { seq } = await restore(ann.caller, id, version.id)
    clearInterval(watch)
    expect(seq).not.toBeNull()
    // Some milliseconds; the rest is for a busy machine.
    expect(longest).toBeLessThan(1_000)
    expect(await newest(id)).toHaveLength(20_001)
  }, 60_000)
})

describe('cleaning up', () => {
  it('follows the plan: old automatic versions go; named, before a restore, and the newest stay', async () => {
    const { id, epoch } = await create()
    const state = (await keep(ann.caller, id, 'Named')).id
    const insert = (version: string, seq: number, days: number, reason: string, name: string | null) =>
      sql(
        `INSERT INTO versions (id, resource_id, epoch, seq, reason, name, principals, bytes, at)
         SELECT $1, resource_id, epoch, $2, $3, $4, principals, bytes, now() - $5 * interval '1 day'
         FROM versions WHERE id = $6`,
        [version, seq, reason, name, days, state],
      )
    const key = (name: string) => `${id}-${name}`
    await sql('UPDATE versions SET seq = 0 WHERE id = $1', [state])
    await insert(key('old'), 10, 31, 'automatic', null)
    await insert(key('nameless'), 11, 31, 'named', null)
    await insert(key('before'), 12, 400, 'before-restore', null)
    await insert(key('given'), 13, 400, 'automatic', 'A name')
    await insert(key('young'), 14, 29, 'automatic', null)
    await insert(key('newest'), 15, 31, 'automatic', null)
    await sql('UPDATE resources SET seq = 20, epoch = $2 WHERE id = $1', [id, epoch])
    const left = async () => (await list(ann.caller, id)).versions.map((version) => version.id.replace(`${id}-`, ''))
    const again = async (name: 'organization' | 'document') => {
      await platform.stopService(name)
      await platform.startService(name)
    }
    // Without billing all is kept.
    await again('document')
    const all = ['newest', 'young', 'given', 'before', 'nameless', 'old', state]
    expect(await eventually(left)).toEqual(all)
    const stripe = { STRIPE_SECRET_KEY: 'sk_test_0', STRIPE_WEBHOOK_SECRET: 'whsec_0' }
    Object.assign(platform.env, stripe, { STRIPE_API_URL: 'http://127.0.0.1:9' })
    await again('organization')
    await again('document')
    const stay = ['newest', 'young', 'given', 'before', state]
    await eventually(async () => expect(await left()).toEqual(stay))
  })
})

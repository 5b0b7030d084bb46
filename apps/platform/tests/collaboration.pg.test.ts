import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { type Provider, saveState } from '@realtime/client'
import { stateDigest, write } from '@realtime/client/wire'
import { collaborationConfig, start } from '@realtime/collaboration'
import {
  call,
  documentApi,
  documentInternal,
  encodeAppend,
  organizationApi,
  PROTOCOL_VERSION,
  type Resource,
  SEQ_HEADER,
} from '@realtime/contracts'
import { type Running, readConfig, serviceCaller } from '@realtime/kit'
import { eventually, startAuthority } from '@realtime/kit/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { join, type Person, setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'
import { RawSocket } from './socket.ts'

// The rules of services/collaboration/SPEC.md, over real services and a real database; tests are named by rule.

let platform: TestPlatform
let ann: Person
let bob: Person
let guest: Person
let stranger: Person
const open: { close(): void }[] = []

beforeAll(async () => {
  platform = await startPlatform()
  ann = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ann')
  const invited = async (name: string, role: 'member' | 'guest') => {
    const params = { id: ann.organizationId }
    const { url } = await call(ann.caller, organizationApi.invite, { params, body: { role } })
    return join(url, name)
  }
  bob = await invited('Bob', 'member')
  guest = await invited('Gus', 'guest')
  const own = await call(bob.caller, organizationApi.invite, { params: { id: bob.organizationId }, body: {} })
  stranger = await join(own.url, 'Sam')
})

afterEach(() => {
  for (const each of open.splice(0)) each.close()
})
afterAll(() => platform.stop())

const create = (): Promise<Resource> =>
  call(ann.caller, documentApi.createDocument, { body: { projectId: ann.projectId, kind: 'document', title: 'T' } })

async function raw(person: Person, document: string, more: Partial<ConstructorParameters<typeof RawSocket>[0]> = {}) {
  const auth = { token: await person.token(), ...more.auth }
  const socket = new RawSocket({ url: platform.publicUrl, document, ...more, auth })
  open.push(socket)
  return socket
}

/** A socket that has joined under a client id. */
async function joined(person: Person, document: string, clientId: number, stateVector: Uint8Array = new Uint8Array()) {
  const socket = await raw(person, document)
  expect(await socket.connected()).toBeNull()
  socket.send(write.join(document, '', clientId, new Uint8Array(), stateVector))
  const answer = await socket.message('joined')
  const doc = new Y.Doc()
  doc.clientID = clientId
  Y.applyUpdate(doc, answer.update)
  return { socket, doc, answer }
}

function take(person: Person, document: string, doc = new Y.Doc()): { doc: Y.Doc; provider: Provider } {
  const provider = person.open(document, doc)
  open.push({ close: () => provider.destroy() })
  return { doc, provider }
}

const online = (...providers: { provider: Provider }[]) =>
  eventually(() => providers.every(({ provider }) => provider.state.phase === 'online'))
const saved = ({ provider }: { provider: Provider }) => eventually(() => saveState(provider.state).kind === 'saved')
const textOf = ({ doc }: { doc: Y.Doc }): string => doc.getText('t').toString()

/** The update that an edit makes. */
function edit(doc: Y.Doc, work: (text: Y.Text) => void): Uint8Array {
  const updates: Uint8Array[] = []
  const collect = (update: Uint8Array): void => void updates.push(update)
  doc.on('update', collect)
  doc.transact(() => work(doc.getText('t')))
  doc.off('update', collect)
  return updates[0] as Uint8Array
}

/** Another collaboration process on the same documents, which trusts the tokens of `authUrl`. */
async function startCollaboration(authUrl: string): Promise<Running> {
  const listen = { COLLABORATION_LISTEN: '127.0.0.1:0', COLLABORATION_INTERNAL_LISTEN: '127.0.0.1:0' }
  return start(readConfig(collaborationConfig, { ...platform.env, ...listen, AUTH_URL: authUrl }))
}

const internal = () =>
  serviceCaller({
    from: 'collaboration',
    to: 'document',
    url: platform.urls.document.internalUrl ?? '',
    secret: platform.env.DOCUMENT_SERVICE_SECRET ?? '',
  })

async function seqOf(id: string): Promise<number> {
  const answer = await call(internal(), documentInternal.load, { params: { id }, query: { after: 0 } })
  await answer.arrayBuffer()
  return Number(answer.headers.get(SEQ_HEADER))
}

describe('handshake', () => {
  test('H1: another parser or protocol version is refused in words', async () => {
    const { id } = await create()
    const other = await raw(ann, id, { query: { protocol: 99 } })
    expect(await other.connected()).toMatchObject({ key: 'protocol-mismatch' })
    const old = await raw(ann, id, { defaultParser: true, auth: { protocol: 0 } })
    expect(await old.connected()).toMatchObject({ key: 'protocol-mismatch' })
    const unaware = await raw(ann, id, { defaultParser: true })
    expect(await unaware.connected()).toBeNull()
    unaware.send(write.join(id, '', 1, new Uint8Array(), new Uint8Array()))
    await eventually(() => !unaware.socket.connected)
  })

  test('H2: a missing, malformed or foreign token is refused', async () => {
    const { id } = await create()
    for (const token of [undefined, '', 'x', 17, `${await ann.token()}x`]) {
      const socket = await raw(ann, id, { auth: { token } })
      expect(await socket.connected()).toMatchObject({ key: 'unauthenticated' })
    }
    const authority = await startAuthority(platform.publicUrl)
    const foreign = await raw(ann, id, { auth: { token: await authority.token('ann') } })
    expect(await foreign.connected()).toMatchObject({ key: 'unauthenticated' })
    await authority.stop()
  })

  test('H3: the join must name the document of the handshake', async () => {
    const [one, two] = await Promise.all([create(), create()])
    const socket = await raw(ann, one.id)
    await socket.connected()
    socket.send(write.join(two.id, '', 1, new Uint8Array(), new Uint8Array()))
    expect((await socket.message('refused')).problem.type).toBe('/problems/invalid-input')
  })

  test('H4: a live socket takes a new token of its own person only', async () => {
    const { id } = await create()
    const socket = await raw(ann, id)
    await socket.connected()
    const renew = (token: unknown) => socket.socket.emitWithAck('token', token)
    expect(await renew(await ann.token())).toBeNull()
    expect(await renew(await bob.token())).toMatchObject({ type: '/problems/unauthenticated' })
    expect(await renew({ token: 1 })).toMatchObject({ type: '/problems/unauthenticated' })
    expect(socket.socket.connected).toBe(true)
  })

  test('H4: a socket ends with its last token; a newer one in time keeps it', async () => {
    const { id } = await create()
    const authority = await startAuthority(platform.publicUrl)
    const own = await startCollaboration(authority.url)
    const { members } = await call(ann.caller, organizationApi.members, { params: { id: ann.organizationId } })
    const userId = members.find(({ name }) => name === 'Ann')?.userId ?? ''
    const connect = async (seconds: number) => {
      const token = await authority.token(userId, { seconds })
      const socket = await raw(ann, id, { url: own.url, auth: { token } })
      expect(await socket.connected()).toBeNull()
      return socket
    }
    try {
      const [let1, kept] = await Promise.all([connect(2), connect(2)])
      const newer = await authority.token(userId, { seconds: 60 })
      expect(await kept.socket.emitWithAck('token', newer)).toBeNull()
      const { problem } = await let1.message('refused')
      expect(problem.type).toBe('/problems/unauthenticated')
      await eventually(() => !let1.socket.connected)
      expect(kept.socket.connected).toBe(true)
    } finally {
      await own.stop()
      await authority.stop()
    }
  })

  test('H6: a revoked session loses its socket, and is told why', async () => {
    const params = { id: ann.organizationId }
    const { url } = await call(ann.caller, organizationApi.invite, { params, body: {} })
    const leaver = await join(url, 'Lea')
    const { id } = await create()
    const { socket } = await joined(leaver, id, 77)
    await leaver.signOut()
    expect((await socket.message('refused')).problem.type).toBe('/problems/unauthenticated')
    await eventually(() => !socket.socket.connected)
  })

  test('H7: a socket that never authenticates is ended', async () => {
    const { id } = await create()
    const query = `document=${id}&protocol=${PROTOCOL_VERSION}&EIO=4&transport=websocket`
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    }
    const asking = request(`${platform.publicUrl}/socket.io/?${query}`, { headers }).end()
    const [, silent] = (await once(asking, 'upgrade')) as [unknown, Socket]
    open.push({ close: () => silent.destroy() })
    silent.resume()
    await once(silent, 'close')
  }, 20_000)
})

describe('join', () => {
  test('J1: unknown documents and those of others are the same nothing', async () => {
    const { id } = await create()
    for (const [who, document] of [
      [stranger, id],
      [ann, 'nowhere'],
      [ann, ''],
    ] as const) {
      const socket = await raw(who, document)
      await socket.connected()
      socket.send(write.join(document, '', 1, new Uint8Array(), new Uint8Array()))
      const { problem } = await socket.message('refused')
      expect(problem.status).toBeGreaterThanOrEqual(400)
      if (document) expect(problem.type).toBe('/problems/not-found')
    }
  })

  test('J2: a client id belongs to whoever joined with it first, from any of their sessions', async () => {
    const { id } = await create()
    await joined(ann, id, 4242)
    await joined(ann, id, 4242)
    const thief = await raw(bob, id)
    await thief.connected()
    thief.send(write.join(id, '', 4242, new Uint8Array(), new Uint8Array()))
    expect((await thief.message('refused')).problem.type).toBe('/problems/client-id-taken')
  })

  test('J2: the provider goes on under another client id', async () => {
    const { id } = await create()
    await joined(bob, id, 4243)
    const doc = new Y.Doc()
    doc.clientID = 4243
    const mine = take(ann, id, doc)
    await online(mine)
    expect(doc.clientID).not.toBe(4243)
    doc.getText('t').insert(0, 'mine')
    await saved(mine)
  })

  test('J3: another epoch is refused before anything is exchanged', async () => {
    const { id } = await create()
    const socket = await raw(ann, id)
    await socket.connected()
    socket.send(write.join(id, 'otherepoch', 5, new Uint8Array(), new Uint8Array()))
    expect((await socket.message('refused')).problem.type).toBe('/problems/epoch-changed')
    expect(socket.messages.some((message) => message.type === 'joined')).toBe(false)
  })

  test('J4: while the document service is away joins are refused for now, never answered with nothing', async () => {
    const { id } = await create()
    const first = take(ann, id)
    await online(first)
    first.doc.getText('t').insert(0, 'kept')
    await saved(first)
    first.provider.destroy()
    await platform.stopService('document')
    const other = take(bob, id)
    await eventually(() => other.provider.state.problem !== null)
    expect(other.provider.state).toMatchObject({ phase: 'offline', everSynced: false })
    await platform.startService('document')
    await online(other)
    expect(textOf(other)).toBe('kept')
  })

  /** Somebody new, whose role Ann changes. */
  async function changing(name: string) {
    const { url } = await call(ann.caller, organizationApi.invite, { params: { id: ann.organizationId }, body: {} })
    const person = await join(url, name)
    const { members } = await call(ann.caller, organizationApi.members, { params: { id: ann.organizationId } })
    const params = { id: ann.organizationId, userId: members.find((member) => member.name === name)?.userId ?? '' }
    const become = (role: 'guest' | 'member') =>
      call(ann.caller, organizationApi.updateMember, { params, body: { role } })
    return { person, become, remove: () => call(ann.caller, organizationApi.removeMember, { params }) }
  }

  test('J7: a change of role reaches an open socket, which stays; who was removed is let go', async () => {
    const { id } = await create()
    const { person, become, remove } = await changing('Cid')
    const theirs = take(person, id)
    await online(theirs)
    const phases = new Set<string>()
    theirs.provider.subscribe(() => phases.add(theirs.provider.state.phase))
    expect(theirs.provider.state.permission).toBe('write')
    await become('guest')
    await eventually(() => theirs.provider.state.permission === 'read')
    await become('member')
    await eventually(() => theirs.provider.state.permission === 'write')
    expect([...phases]).toEqual(['online'])
    theirs.doc.getText('t').insert(0, 'back')
    await saved(theirs)
    await remove()
    await eventually(() => theirs.provider.state.phase === 'refused')
    expect(theirs.provider.state.problem).toMatchObject({ key: 'not-found' })
  })

  test('J7: once a role is lost no write is taken, whatever is on its way', async () => {
    const { id } = await create()
    const { person, become } = await changing('Dee')
    const { socket, doc } = await joined(person, id, 78)
    let sent = 0
    const writing = setInterval(() => {
      const update = edit(doc, (text) => text.insert(0, 'x'))
      socket.send(write.sendUpdate(++sent, update))
    }, 1)
    await socket.message('ack')
    await become('guest')
    await socket.message('permission', ({ permission }) => permission === 'read')
    const acknowledged = () =>
      Math.max(...socket.messages.map((message) => (message.type === 'ack' ? message.number : 0)))
    clearInterval(writing)
    // All that was sent is answered: taken up to a number, and refused from there on.
    const refused = () => socket.messages.flatMap((message) => (message.type === 'refused' ? [message] : []))
    await eventually(() => acknowledged() + refused().length >= sent)
    socket.send(
      write.sendUpdate(
        sent + 1,
        edit(doc, (text) => text.insert(0, 'y')),
      ),
    )
    await eventually(() => refused().some(({ number }) => number === sent + 1))
    expect(refused().every(({ number }) => number > acknowledged())).toBe(true)
    expect(new Set(refused().map(({ problem }) => problem.type))).toEqual(new Set(['/problems/read-only']))
    const reader = await joined(ann, id, 79)
    expect(reader.doc.getText('t').length).toBe(acknowledged())
  })

  test('J5: the answer is only what the client lacks', async () => {
    const { id } = await create()
    const { doc, socket } = await joined(ann, id, 91)
    socket.send(
      write.sendUpdate(
        1,
        edit(doc, (text) => text.insert(0, 'x'.repeat(5_000))),
      ),
    )
    await socket.message('ack')
    const again = await joined(ann, id, 91, Y.encodeStateVector(doc))
    expect(again.answer.update.length).toBeLessThan(50)
    expect((await joined(ann, id, 91)).answer.update.length).toBeGreaterThan(5_000)
  })

  test('J5: who has everything is told so in a few bytes, however much was deleted', async () => {
    const { id } = await create()
    const { doc, socket } = await joined(ann, id, 92)
    const whole = edit(doc, (text) => {
      text.insert(0, 'ab'.repeat(2_000))
      for (let at = 0; at < 2_000; at++) text.delete(at, 1)
    })
    socket.send(write.sendUpdate(1, whole))
    await socket.message('ack')
    const again = await raw(ann, id)
    await again.connected()
    again.send(write.join(id, '', 92, stateDigest(doc), Y.encodeStateVector(doc)))
    const answer = await again.message('joined')
    expect(write.joined(answer.epoch, answer.permission, answer.stateVector, answer.update).length).toBeLessThan(50)
    // One deletion more, which no state vector tells of.
    edit(doc, (text) => text.delete(0, 1))
    const more = await raw(ann, id)
    await more.connected()
    more.send(write.join(id, '', 92, stateDigest(doc), Y.encodeStateVector(doc)))
    expect((await more.message('joined')).update.length).toBeGreaterThan(1_000)
  })

  test('J5: many who come with nothing at once, while others write, all have everything', async () => {
    const { id } = await create()
    const mine = take(ann, id)
    await online(mine)
    mine.doc.getText('t').insert(0, 'long '.repeat(30_000))
    await saved(mine)
    const typing = setInterval(() => mine.doc.getText('t').insert(0, 'x'), 5)
    const joiners = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const one = take(bob, id)
        await online(one)
        return one
      }),
    )
    clearInterval(typing)
    await saved(mine)
    await eventually(() => joiners.every((one) => textOf(one) === textOf(mine)))
  })
})

describe('updates', () => {
  test('U5, U6, U10: an edit reaches the other, is acknowledged, and does not come back', async () => {
    const { id } = await create()
    const mine = await joined(ann, id, 11)
    const theirs = take(bob, id)
    await online(theirs)
    mine.socket.send(
      write.sendUpdate(
        1,
        edit(mine.doc, (text) => text.insert(0, 'a')),
      ),
    )
    mine.socket.send(
      write.sendUpdate(
        2,
        edit(mine.doc, (text) => text.insert(1, 'b')),
      ),
    )
    mine.socket.send(
      write.sendUpdate(
        3,
        edit(mine.doc, (text) => text.insert(2, 'c')),
      ),
    )
    await mine.socket.message('ack', ({ number }) => number === 3)
    await eventually(() => textOf(theirs) === 'abc')
    expect(mine.socket.messages.some((message) => message.type === 'updates')).toBe(false)
    const stored = new Y.Doc()
    const state = await call(bob.caller, documentApi.state, { params: { id } })
    Y.applyUpdate(stored, new Uint8Array(await state.arrayBuffer()))
    expect(stored.getText('t').toString()).toBe('abc')
  })

  test('U1, U2, U8: garbage and gaps are refused by number; others are not touched', async () => {
    const { id } = await create()
    const mine = await joined(ann, id, 21)
    const theirs = take(bob, id)
    await online(theirs)
    edit(mine.doc, (text) => text.insert(0, 'never sent'))
    const gap = edit(mine.doc, (text) => text.insert(0, 'after a gap'))
    mine.socket.send(write.sendUpdate(1, gap))
    mine.socket.send(write.sendUpdate(2, Uint8Array.of(9, 9, 9)))
    mine.socket.send(write.sendUpdate(3, Y.encodeStateAsUpdateV2(mine.doc)))
    for (const number of [1, 2, 3]) {
      const { problem } = await mine.socket.message('refused', (message) => message.number === number)
      expect(problem.type).toBe('/problems/invalid-update')
    }
    theirs.doc.getText('t').insert(0, 'fine')
    await saved(theirs)
    expect(textOf(theirs)).toBe('fine')
  })

  test("U3: nobody writes under another's client id, also before its owner has", async () => {
    const { id } = await create()
    await joined(ann, id, 31)
    const thief = await joined(bob, id, 32)
    const forged = new Y.Doc()
    forged.clientID = 31
    thief.socket.send(
      write.sendUpdate(
        1,
        edit(forged, (text) => text.insert(0, 'not Ann')),
      ),
    )
    const { problem } = await thief.socket.message('refused')
    expect(problem.type).toBe('/problems/foreign-client-id')
  })

  test('U4: a guest reads and cannot write', async () => {
    const { id } = await create()
    const mine = take(ann, id)
    const reader = await joined(guest, id, 41)
    expect(reader.answer.permission).toBe('read')
    await online(mine)
    mine.doc.getText('t').insert(0, 'seen')
    await reader.socket.message('updates')
    reader.socket.send(
      write.sendUpdate(
        1,
        edit(reader.doc, (text) => text.insert(0, 'x')),
      ),
    )
    expect((await reader.socket.message('refused')).problem.type).toBe('/problems/read-only')
  })

  test('U7: what is known already is acknowledged without a new row', async () => {
    const { id } = await create()
    const mine = await joined(ann, id, 51)
    const update = edit(mine.doc, (text) => text.insert(0, 'once'))
    const removal = edit(mine.doc, (text) => text.delete(0, 1))
    mine.socket.send(write.sendUpdate(1, update))
    mine.socket.send(write.sendUpdate(2, removal))
    await mine.socket.message('ack', ({ number }) => number === 2)
    const before = await seqOf(id)
    mine.socket.send(write.sendUpdate(3, update))
    mine.socket.send(write.sendUpdate(4, Y.encodeStateAsUpdate(mine.doc)))
    await mine.socket.message('ack', ({ number }) => number === 4)
    expect(await seqOf(id)).toBe(before)
  })

  test('U7: what is new beside what is known already is written', async () => {
    const { id } = await create()
    const mine = await joined(ann, id, 52)
    const update = edit(mine.doc, (text) => text.insert(0, 'once'))
    mine.socket.send(write.sendUpdate(1, update))
    await mine.socket.message('ack', ({ number }) => number === 1)
    // As after a commit whose acknowledgement was lost: the same again, with a deletion.
    const removal = edit(mine.doc, (text) => text.delete(0, 2))
    mine.socket.send(write.sendUpdate(2, Y.mergeUpdates([update, removal])))
    await mine.socket.message('ack', ({ number }) => number === 2)
    // And after a reload, together with what is typed under the next client id.
    const next = await joined(ann, id, 53)
    const more = edit(next.doc, (text) => text.insert(0, 'ni'))
    next.socket.send(write.sendUpdate(1, Y.mergeUpdates([update, more])))
    await next.socket.message('ack', ({ number }) => number === 1)
    const reader = await joined(bob, id, 54)
    expect(reader.doc.getText('t').toString()).toBe('nice')
  })

  test('U9: while the log is away nothing is acknowledged or broadcast, and then everything is', async () => {
    const { id } = await create()
    const mine = take(ann, id)
    const theirs = take(bob, id)
    await online(mine, theirs)
    await platform.stopService('document')
    mine.doc.getText('t').insert(0, 'waiting')
    await eventually(() => mine.provider.state.pending === 1)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(saveState(mine.provider.state)).toMatchObject({ kind: 'saving', count: 1 })
    expect(textOf(theirs)).toBe('')
    await platform.startService('document')
    await saved(mine)
    await eventually(() => textOf(theirs) === 'waiting')
  })

  test('L1: what others append to the log arrives live', async () => {
    const { id, epoch } = await create()
    const mine = take(ann, id)
    await online(mine)
    const robot = new Y.Doc()
    const update = edit(robot, (text) => text.insert(0, 'restored'))
    const frame = { principal: 'service:document', origin: 'restore', clientIds: [robot.clientID], update }
    const append = documentInternal.append
    await call(internal(), append, { params: { id }, query: { epoch }, body: encodeAppend([frame]) })
    await eventually(() => textOf(mine) === 'restored')
    mine.doc.getText('t').insert(8, '!')
    await saved(mine)
  })

  test('L2: the room ends with its document', async () => {
    const { id } = await create()
    const mine = take(ann, id)
    await online(mine)
    await call(ann.caller, documentApi.deleteDocument, { params: { id } })
    await eventually(() => mine.provider.state.phase === 'refused')
    expect(mine.provider.state.problem).toMatchObject({ key: 'not-found' })
  })
})

describe('presence', () => {
  test('P1, P3: identity is stamped, whoever joins learns of everybody, and who leaves is gone', async () => {
    const { id } = await create()
    const mine = take(ann, id)
    await online(mine)
    mine.provider.awareness.setLocalState({ user: { name: 'Not Ann' }, cursor: { anchor: 1 } })
    const theirs = take(bob, id)
    await online(theirs)
    const seen = () => theirs.provider.awareness.getStates().get(mine.doc.clientID)
    await eventually(() => seen()?.cursor !== undefined)
    expect(seen()).toMatchObject({ user: { name: 'Ann' }, cursor: { anchor: 1 } })
    mine.provider.destroy()
    await eventually(() => seen() === undefined)
  })

  test('P1: two people in a room never have the same colour', async () => {
    const { id } = await create()
    const people = [ann, bob, guest]
    const all = people.map((person) => take(person, id))
    await online(...all)
    for (const { provider } of all) provider.awareness.setLocalStateField('at', 1)
    const colors = () =>
      all.slice(1).map(({ doc }) => all[0]?.provider.awareness.getStates().get(doc.clientID)?.user?.color as unknown)
    await eventually(() => colors().every((color) => typeof color === 'string'))
    expect(new Set(colors()).size).toBe(2)
  })

  test('P2: latest wins, in a frame a tick', async () => {
    const { id } = await create()
    const [mine, theirs] = [await joined(ann, id, 62), await joined(bob, id, 63)]
    for (let at = 1; at <= 200; at++) mine.socket.send(write.sendPresence(`{"at":${at}}`))
    const seen = () =>
      theirs.socket.messages
        .flatMap((message) => (message.type === 'presence' ? message.entries : []))
        .filter(({ clientId, json }) => clientId === 62 && json !== '')
        .map(({ json }) => (JSON.parse(json) as { at: number }).at)
    await eventually(() => seen().at(-1) === 200)
    expect(seen().length).toBeLessThan(100)
  })

  test("P5: a reader's presence shows", async () => {
    const { id } = await create()
    const [mine, reading] = [take(ann, id), take(guest, id)]
    await online(mine, reading)
    expect(reading.provider.state.permission).toBe('read')
    reading.provider.awareness.setLocalStateField('cursor', { anchor: 1 })
    await eventually(() => mine.provider.awareness.getStates().get(reading.doc.clientID)?.cursor)
  })

  test('P4: presence that is no JSON object, or too large, is refused', async () => {
    const { id } = await create()
    const mine = await joined(ann, id, 61)
    for (const [json, key] of [
      ['{', 'malformed-json'],
      ['[1]', 'invalid-input'],
      [`"${'x'.repeat(20_000)}"`, 'payload-too-large'],
    ] as const) {
      mine.socket.messages.length = 0
      mine.socket.send(write.sendPresence(json))
      expect((await mine.socket.message('refused')).problem.type).toBe(`/problems/${key}`)
    }
  })
})

describe('limits', () => {
  test('R1: rooms are given back once nobody is in them', async () => {
    const rooms = async () => {
      const response = await fetch(`${platform.urls.collaboration.internalUrl}/metrics`)
      return Number(/^collaboration_rooms\S* (\d+)$/m.exec(await response.text())?.[1])
    }
    const mine = take(ann, (await create()).id)
    await online(mine)
    expect(await rooms()).toBeGreaterThan(0)
    const late = take(ann, (await create()).id)
    await online(late)
    // Its last edit is still on its way when its author leaves.
    await platform.stopService('document')
    late.doc.getText('t').insert(0, 'bye')
    for (const { provider } of [mine, late]) provider.destroy()
    await platform.startService('document')
    await eventually(async () => (await rooms()) === 0, 25_000)
  })

  test('R2: nothing but a join is taken before a join, and nothing malformed ever', async () => {
    const { id } = await create()
    const socket = await raw(ann, id)
    await socket.connected()
    for (const [bytes, key] of [
      [write.sendPresence('{}'), 'conflict'],
      [write.sendUpdate(1, Uint8Array.of(0, 0)), 'conflict'],
      [Uint8Array.of(0x7f), 'invalid-input'],
      [new Uint8Array(), 'invalid-input'],
      [write.chunk(1, 0, 2, Uint8Array.of(1)), 'conflict'],
    ] as const) {
      socket.messages.length = 0
      socket.send(bytes)
      expect((await socket.message('refused')).problem.type).toBe(`/problems/${key}`)
    }
    socket.socket.emit(randomUUID(), { whatever: true })
    socket.send(write.join(id, '', 71, new Uint8Array(), new Uint8Array()))
    await socket.message('joined')
    for (const [bytes, key] of [
      [write.chunk(1, 0, 1, write.chunk(2, 0, 1, Uint8Array.of(1))), 'invalid-input'],
      [write.chunk(1, 0, 1_000_000, Uint8Array.of(1)), 'payload-too-large'],
      [write.chunk(1, 0, 2, new Uint8Array()), 'payload-too-large'],
    ] as const) {
      socket.messages.length = 0
      socket.send(bytes)
      expect((await socket.message('refused')).problem.type).toBe(`/problems/${key}`)
    }
  })

  test('R3: a paste of 3 MB travels in chunks; a transfer above the limit is refused', async () => {
    const { id } = await create()
    const mine = take(ann, id)
    const theirs = take(bob, id)
    await online(mine, theirs)
    const paste = 'lorem ipsum '.repeat(250_000)
    mine.doc.getText('t').insert(0, paste)
    await saved(mine)
    await eventually(() => textOf(theirs).length === paste.length)
    const rude = await joined(ann, id, 72)
    const piece = new Uint8Array(256 * 1024)
    for (let index = 0; index < 70; index++) rude.socket.send(write.chunk(1, index, 80, piece))
    const { problem } = await rude.socket.message('refused')
    expect(problem.type).toBe('/problems/payload-too-large')
  })

  test('R7: whoever sends too much is told so and let go, and may come back', async () => {
    const { id } = await create()
    const mine = await joined(ann, id, 73)
    for (let at = 0; at < 10_000; at++) mine.socket.send(write.sendPresence('{}'))
    const { problem } = await mine.socket.message('refused')
    expect(problem).toMatchObject({ type: '/problems/rate-limited', retryAfterMs: expect.any(Number) })
    await eventually(() => !mine.socket.socket.connected)
    await joined(ann, id, 73)
  })

  test('R8: who does not read is told nothing until they do, and then all of it', async () => {
    const { id } = await create()
    const [mine, slow] = [take(ann, id), await joined(bob, id, 74)]
    await online(mine)
    slow.socket.stopReading()
    const text = mine.doc.getText('t')
    // More than the network takes by itself.
    for (let paste = 0; paste < 40; paste++) {
      mine.doc.transact(() => {
        text.delete(0, text.length)
        text.insert(0, String(paste % 10).repeat(400_000))
      })
      await saved(mine)
    }
    mine.doc.getText('t').insert(0, 'the end')
    await saved(mine)
    slow.socket.messages.length = 0
    slow.socket.readAgain()
    await eventually(() => {
      const updates = slow.socket.messages.flatMap((message) => (message.type === 'updates' ? message.updates : []))
      slow.socket.messages.length = 0
      for (const update of updates) Y.applyUpdate(slow.doc, update)
      return slow.doc.getText('t').toString() === textOf(mine)
    })
    // Most of it was never sent.
    expect(slow.socket.socket.connected).toBe(true)
  }, 60_000)

  test('R4: a stop commits what is on its way; everybody comes back', async () => {
    const { id } = await create()
    const mine = take(ann, id)
    const theirs = take(bob, id)
    await online(mine, theirs)
    for (let index = 0; index < 50; index++) mine.doc.getText('t').insert(index, String(index % 10))
    await platform.stopService('collaboration')
    mine.doc.getText('t').insert(50, '!')
    expect(saveState(mine.provider.state).kind).not.toBe('saved')
    await platform.startService('collaboration')
    await online(mine, theirs)
    await saved(mine)
    await eventually(() => textOf(theirs).length === 51)
    expect(textOf(theirs)).toBe(textOf(mine))
  })
})

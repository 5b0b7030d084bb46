import { createProvider, type Provider } from '@realtime/client'
import {
  type Caller,
  call,
  documentApi,
  keyApi,
  libraryApi,
  organizationApi,
  type Project,
  type Resource,
  type ShareLink,
  sharingApi,
  teamApi,
} from '@realtime/contracts'
import { bearer, eventually } from '@realtime/kit/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Content, type Somebody, startContent } from './content.ts'
import { RawSocket } from './socket.ts'

// Links by which whoever has them comes in, and how fast a change of access reaches those who are in.

let content: Content
let mia: Somebody
let max: Somebody
let eve: Somebody
let project: Project
let document: Resource
let url: string
const open: { destroy(): void }[] = []

beforeAll(async () => {
  content = await startContent()
  url = content.platform.publicUrl
  mia = await content.member('Mia Member')
  max = await content.member('Max Member')
  eve = await content.stranger('Eve Elsewhere')
  project = await content.project(mia, 'organization')
  document = await content.document(mia, project.id)
})
afterEach(() => {
  for (const each of open.splice(0)) each.destroy()
})
afterAll(() => content?.stop())

type Terms = Partial<Pick<ShareLink, 'level' | 'expiresAt' | 'maxUses'>> & { password?: string | null }

const keyOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { key?: string }) => error.key ?? String(error),
  )
const create = (terms: Terms = {}, who = mia, id = document.id) =>
  call(who.caller, sharingApi.createLink, { params: { id }, body: terms })
const update = (link: ShareLink, terms: Terms, who = mia) =>
  call(who.caller, sharingApi.updateLink, { params: { id: document.id, linkId: link.id }, body: terms })
const revoke = (link: ShareLink, who = mia) =>
  call(who.caller, sharingApi.revokeLink, { params: { id: document.id, linkId: link.id } })
const tokenOf = (link: ShareLink): string => link.url.split('/s/')[1] ?? ''
/** What somebody without an account does. */
const enter = (link: ShareLink | string, more: { password?: string; name?: string; visitor?: string } = {}) => {
  const token = typeof link === 'string' ? link : tokenOf(link)
  return call({ baseUrl: url }, sharingApi.openLink, { body: { token, ...more } })
}
const preview = (link: ShareLink | string, visitor?: string) => {
  const token = typeof link === 'string' ? link : tokenOf(link)
  return call({ baseUrl: url }, sharingApi.previewLink, { body: { token, ...(visitor ? { visitor } : {}) } })
}
const soon = (ms: number): string => new Date(Date.now() + ms).toISOString()

/** Takes part in a document with tokens of one's own. */
async function takePart(token: () => Promise<string>, id = document.id): Promise<{ doc: Y.Doc; provider: Provider }> {
  const doc = new Y.Doc()
  const provider = createProvider({ url, documentId: id, epoch: null, doc, token })
  open.push(provider)
  await eventually(() => provider.state.phase === 'online')
  return { doc, provider }
}

describe('a link', () => {
  test('lets in whoever has it, to its one document and no further', async () => {
    const link = await create({ level: 'view' })
    expect(link).toMatchObject({ level: 'view', password: false, expiresAt: null, maxUses: null, uses: 0 })
    expect(await preview(link)).toEqual({ password: false, level: 'view' })
    const inside = await enter(link, { name: 'Vera' })
    expect(inside).toMatchObject({ documentId: document.id, level: 'view', name: 'Vera' })
    const visitor = bearer(url, inside.token)
    const params = { id: document.id }
    expect(await call(visitor, documentApi.getDocument, { params })).toMatchObject({
      level: 'view',
      permission: 'read',
    })
    const state = await call(visitor, documentApi.state, { params })
    expect((await state.arrayBuffer()).byteLength).toBeGreaterThan(0)
    const other = await content.document(mia, project.id, document.id)
    const query = { organization: content.organizationId }
    expect(await keyOf(call(visitor, documentApi.getDocument, { params: { id: other.id } }))).toBe('not-found')
    expect(await keyOf(call(visitor, documentApi.projects, { query }))).toBe('not-found')
    expect(await keyOf(call(visitor, documentApi.documents, { query }))).toBe('not-found')
    expect(await keyOf(call(visitor, sharingApi.shares, { params }))).toBe('forbidden')
    expect(await keyOf(call(visitor, documentApi.updateDocument, { params, body: { title: 'Mine' } }))).toBe(
      'read-only',
    )
    const orgs = await call(visitor, organizationApi.list, {}).then(
      ({ organizations }) => organizations.length,
      () => 0,
    )
    expect(orgs).toBe(0)
    // Who edits by a link changes content, and never deletes it or lets others in.
    const editor = bearer(url, (await enter(await create({ level: 'edit' }))).token)
    expect(await keyOf(call(editor, documentApi.updateDocument, { params, body: { title: 'A plan' } }))).toBe('done')
    expect(await keyOf(call(editor, documentApi.deleteDocument, { params }))).toBe('forbidden')
    expect(await keyOf(call(editor, sharingApi.createLink, { params, body: {} }))).toBe('forbidden')
    // What was there before, and what others once wrote and took back, is none of theirs.
    const { id: version } = await call(mia.caller, documentApi.createVersion, { params, body: { name: 'Before' } })
    for (const caller of [visitor, editor]) {
      expect(await keyOf(call(caller, documentApi.versions, { params, query: {} }))).toBe('forbidden')
      const past = { params: { ...params, version } }
      expect(await keyOf(call(caller, documentApi.versionState, past))).toBe('forbidden')
    }
    expect(await keyOf(call(editor, documentApi.createVersion, { params, body: { name: 'Mine' } }))).toBe('forbidden')
    const body = { grantee: { type: 'user' as const, id: max.id }, level: 'view' as const }
    expect(await keyOf(call(editor, sharingApi.share, { params, body }))).toBe('forbidden')
  })

  test('is made, changed and revoked by those who manage the document', async () => {
    const link = await create()
    for (const [who, key] of [
      [max, 'forbidden'],
      [eve, 'not-found'],
    ] as const) {
      expect(await keyOf(create({}, who))).toBe(key)
      expect(await keyOf(update(link, { level: 'edit' }, who))).toBe(key)
      expect(await keyOf(revoke(link, who))).toBe(key)
    }
    const bare: Somebody = { ...mia, caller: { baseUrl: url } }
    expect(await keyOf(create({}, bare))).toBe('unauthenticated')
    expect(await keyOf(revoke(link, bare))).toBe('unauthenticated')
    expect(await keyOf(create({ level: 'manage' as never }))).toBe('invalid-input')
    expect(await keyOf(create({ expiresAt: soon(-1000) }))).toBe('invalid-input')
    expect(await keyOf(create({ maxUses: 0 }))).toBe('invalid-input')
    expect(await keyOf(create({ password: 'abc' }))).toBe('invalid-input')
    // A link of one document is none of another, not even of the same people.
    const other = await content.document(mia, project.id)
    const params = { id: other.id, linkId: link.id }
    expect(await keyOf(call(mia.caller, sharingApi.updateLink, { params, body: { level: 'edit' } }))).toBe('not-found')
    expect(await keyOf(call(mia.caller, sharingApi.revokeLink, { params }))).toBe('not-found')
    expect(await update(link, { level: 'comment', maxUses: 5 })).toMatchObject({ level: 'comment', maxUses: 5 })
    const listed = async (who: Somebody) =>
      (await call(who.caller, sharingApi.shares, { params: { id: document.id } })).links.map(({ url }) => url)
    expect(await listed(mia)).toContain(link.url)
    expect(await listed(max)).toEqual([])
    await revoke(link)
    expect(await listed(mia)).not.toContain(link.url)
    expect(await keyOf(revoke(link))).toBe('not-found')
  })

  test('that is unknown, forged, revoked, over, used up or of the trash says one and the same', async () => {
    const revoked = await create()
    await revoke(revoked)
    const over = await create({ expiresAt: soon(300) })
    await eventually(() => Date.now() > Date.parse(over.expiresAt ?? ''))
    const used = await create({ maxUses: 1 })
    await enter(used)
    const gone = await content.document(mia, project.id)
    const trashed = await create({}, mia, gone.id)
    await call(mia.caller, documentApi.deleteDocument, { params: { id: gone.id } })
    const good = tokenOf(await create())
    const answers = async (token: string) => {
      const ask = async (path: string) => {
        const response = await fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ token }),
        })
        const { instance: _instance, ...rest } = (await response.json()) as Record<string, unknown>
        return JSON.stringify({ status: response.status, ...rest })
      }
      return [await ask('/documents/links/preview'), await ask('/documents/links/open')]
    }
    const tokens = [
      'x'.repeat(42),
      'x'.repeat(30),
      `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
      `${good.slice(0, 20)}${tokenOf(revoked).slice(20)}`,
      ...[revoked, over, used, trashed].map(tokenOf),
    ]
    const all = new Set((await Promise.all(tokens.map(answers))).flat())
    expect([...all]).toHaveLength(1)
    expect([...all][0]).toContain('/problems/invalid-token')
    expect(await keyOf(enter('short'))).toBe('invalid-input')
  })

  test('with a maximum lets in so many, however many come at once', async () => {
    const link = await create({ maxUses: 3 })
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => enter(link)))
    const inside = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(inside).toHaveLength(3)
    expect(new Set(inside.map(({ visitor }) => visitor)).size).toBe(3)
    const { links } = await call(mia.caller, sharingApi.shares, { params: { id: document.id } })
    expect(links.find(({ id }) => id === link.id)).toMatchObject({ uses: 3 })
    // Who came in before comes again as who they were, and is no further use.
    const [first] = inside
    expect(await preview(link, first?.visitor)).toEqual({ password: false, level: 'view' })
    const again = await enter(link, { visitor: first?.visitor ?? '' })
    expect(again).toMatchObject({ visitor: first?.visitor, name: first?.name })
    const subject = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub
    expect(subject(again.token)).toBe(subject(first?.token ?? ''))
    expect(await keyOf(enter(link, { visitor: `${first?.visitor}x` }))).toBe('done')
    expect(await keyOf(enter(link, { visitor: 'somebody.else.else' }))).toBe('invalid-token')
  })

  test('with a password asks for it, again once it is another, and limits guessing', async () => {
    const link = await create({ password: 'open sesame' })
    expect(link.password).toBe(true)
    expect(await preview(link)).toEqual({ password: true, level: 'view' })
    expect(await keyOf(enter(link))).toBe('password-required')
    expect(await keyOf(enter(link, { password: 'wrong' }))).toBe('wrong-credentials')
    const inside = await enter(link, { password: 'open sesame', name: 'Vic' })
    expect(await enter(link, { visitor: inside.visitor })).toMatchObject({ name: 'Vic' })
    await update(link, { password: 'another one' })
    expect(await keyOf(enter(link, { visitor: inside.visitor }))).toBe('password-required')
    expect(await enter(link, { visitor: inside.visitor, password: 'another one' })).toMatchObject({ name: 'Vic' })
    const { links } = await call(mia.caller, sharingApi.shares, { params: { id: document.id } })
    expect(links.find(({ id }) => id === link.id)).toMatchObject({ uses: 1 })
    const guesses = await Promise.all(Array.from({ length: 14 }, () => keyOf(enter(link, { password: 'guess' }))))
    expect(guesses).toContain('rate-limited')
    expect(guesses.filter((key) => key === 'wrong-credentials').length).toBeLessThanOrEqual(10)
    // Even the right one, for a while.
    expect(await keyOf(enter(link, { password: 'another one' }))).toBe('rate-limited')
    await update(link, { password: null })
    expect(await keyOf(enter(link))).toBe('done')
  })

  test('ends while its organization is to be deleted, and is back with it', async () => {
    const aside = await call(mia.caller, organizationApi.create, { body: { name: 'For a while' } })
    const made = await call(mia.caller, documentApi.createProject, { body: { organizationId: aside.id, name: 'P' } })
    const { id } = await content.document(mia, made.id)
    const link = await create({}, mia, id)
    const { token } = await enter(link)
    const read = () => keyOf(call(bearer(url, token), documentApi.getDocument, { params: { id } }))
    expect(await read()).toBe('done')
    await call(mia.caller, organizationApi.delete, { params: { id: aside.id }, body: { name: 'For a while' } })
    await eventually(async () => (await read()) === 'not-found')
    expect(await keyOf(enter(link))).toBe('invalid-token')
    await call(mia.caller, organizationApi.cancelDeletion, { params: { id: aside.id } })
    await eventually(async () => (await read()) === 'done')
  })
})

describe('visitors', () => {
  test('stay with a newer token of theirs, and with nobody else’s', async () => {
    const link = await create({ level: 'edit' })
    const first = await enter(link, { name: 'Vera' })
    const socket = new RawSocket({ url, document: document.id, auth: { token: first.token } })
    open.push({ destroy: () => socket.close() })
    expect(await socket.connected()).toBeNull()
    const renew = (token: string): Promise<unknown> => socket.socket.emitWithAck('token', token)
    expect(await renew((await enter(link, { visitor: first.visitor, name: 'Vera Visits' })).token)).toBeNull()
    const others = [await enter(link), await enter(await create({ level: 'edit' }), { visitor: first.visitor })]
    for (const { token } of others) {
      expect(await renew(token)).toMatchObject({ type: '/problems/unauthenticated' })
    }
  })

  test('edit live, with a name and a colour', async () => {
    const link = await create({ level: 'edit' })
    const first = await enter(link, { name: 'Vera' })
    const visitor = await takePart(async () => first.token)
    const person = await takePart(mia.token)
    visitor.doc.getText('t').insert(0, 'hello')
    await eventually(() => person.doc.getText('t').toString() === 'hello')
    visitor.provider.awareness.setLocalState({ cursor: null })
    await eventually(() => {
      const others = [...person.provider.awareness.getStates().values()] as { user?: Record<string, unknown> }[]
      const found = others.find(({ user }) => user?.name === 'Vera')
      expect(found?.user?.color).toMatch(/^#[0-9a-f]{6}$/)
      expect(found?.user?.id).toMatch(/^link:/)
      return true
    })
  })

  test('who only look are refused what they write', async () => {
    const { token } = await enter(await create({ level: 'comment' }))
    const visitor = await takePart(async () => token)
    expect(visitor.provider.state.permission).toBe('read')
  })
})

/** Milliseconds from a change until `done`. */
async function within(change: () => Promise<unknown>, done: () => boolean): Promise<number> {
  const began = performance.now()
  await change()
  await eventually(done)
  return performance.now() - began
}

describe('who is in hears of it within a second', () => {
  const phaseOf = ({ provider }: { provider: Provider }) => provider.state.phase
  const gone = (taking: { provider: Provider }) => () => phaseOf(taking) === 'refused'
  const visit = async (link: ShareLink, id = document.id) => {
    const { token } = await enter(link)
    return takePart(async () => token, id)
  }

  test('when a link is revoked', async () => {
    const link = await create({ level: 'edit' })
    const staying = await takePart(mia.token)
    const visitor = await visit(link)
    expect(await within(() => revoke(link), gone(visitor))).toBeLessThan(1000)
    expect(visitor.provider.state.problem).toMatchObject({ key: 'not-found' })
    expect(phaseOf(staying)).toBe('online')
  })

  test('when a link gets a password or another one, until they enter it', async () => {
    const link = await create({ level: 'edit' })
    const staying = await takePart(mia.token)
    const came = await enter(link, { name: 'Vic' })
    const before = await takePart(async () => came.token)
    const read = (token: string) =>
      keyOf(call(bearer(url, token), documentApi.getDocument, { params: { id: document.id } }))
    expect(await within(() => update(link, { password: 'open sesame' }), gone(before))).toBeLessThan(1000)
    expect(before.provider.state.problem).toMatchObject({ key: 'not-found' })
    expect(await read(came.token)).toBe('not-found')
    // A change of something else leaves those who know the password.
    const back = await enter(link, { visitor: came.visitor, password: 'open sesame' })
    const inside = await takePart(async () => back.token)
    await update(link, { level: 'view' })
    await eventually(() => inside.provider.state.permission === 'read')
    expect(await within(() => update(link, { password: 'open barley' }), gone(inside))).toBeLessThan(1000)
    expect(await read(back.token)).toBe('not-found')
    const again = await enter(link, { visitor: back.visitor, password: 'open barley' })
    expect(again.visitor.split('.')[0]).toBe(came.visitor.split('.')[0])
    await takePart(async () => again.token)
    // Without any it is open to all who came by it, by whatever password.
    const late = await enter(link, { password: 'open barley' })
    await update(link, { password: 'open secret' })
    expect(await read(late.token)).toBe('not-found')
    await update(link, { password: null })
    expect(await read(late.token)).toBe('done')
    expect(phaseOf(staying)).toBe('online')
  })

  test('when a link gives less, and then more', async () => {
    const link = await create({ level: 'edit' })
    const visitor = await visit(link)
    expect(visitor.provider.state.permission).toBe('write')
    const less = () => visitor.provider.state.permission === 'read'
    expect(await within(() => update(link, { level: 'view' }), less)).toBeLessThan(1000)
    const more = () => visitor.provider.state.permission === 'write'
    expect(await within(() => update(link, { level: 'edit' }), more)).toBeLessThan(1000)
    expect(phaseOf(visitor)).toBe('online')
  })

  test('when the time of a link ends', async () => {
    const link = await create({ level: 'edit' })
    const visitor = await visit(link)
    const expiresAt = soon(1200)
    await update(link, { expiresAt })
    expect(phaseOf(visitor)).toBe('online')
    await eventually(gone(visitor))
    const late = Date.now() - Date.parse(expiresAt)
    expect(late).toBeGreaterThan(-100)
    expect(late).toBeLessThan(2000)
  })

  test('when a share is removed, of the document or of one above it', async () => {
    const own = await content.project(mia, 'private')
    const above = await content.document(mia, own.id)
    const below = await content.document(mia, own.id, above.id)
    const share = await content.share(mia, { document: above.id }, { type: 'user', id: max.id }, 'edit')
    const [one, other] = [await takePart(max.token, above.id), await takePart(max.token, below.id)]
    const change = () => call(mia.caller, sharingApi.unshare, { params: { id: above.id, shareId: share } })
    expect(await within(change, () => gone(one)() && gone(other)())).toBeLessThan(1000)
  })

  test('when a project is made private', async () => {
    const ours = await content.project(mia, 'organization')
    const { id } = await content.document(mia, ours.id)
    const [theirs, hers] = [await takePart(max.token, id), await takePart(mia.token, id)]
    const change = () =>
      call(mia.caller, documentApi.updateProject, { params: { id: ours.id }, body: { access: 'private' } })
    expect(await within(change, gone(theirs))).toBeLessThan(1000)
    expect(phaseOf(hers)).toBe('online')
  })

  test('when members may do less in a project', async () => {
    const ours = await content.project(mia, 'organization')
    const { id } = await content.document(mia, ours.id)
    const theirs = await takePart(max.token, id)
    const change = () =>
      call(mia.caller, documentApi.updateProject, { params: { id: ours.id }, body: { memberLevel: 'comment' } })
    expect(await within(change, () => theirs.provider.state.permission === 'read')).toBeLessThan(1000)
  })

  test('when somebody is taken out of a team', async () => {
    const ours = await content.project(mia, 'teams')
    const { id } = await content.document(mia, ours.id)
    const teamId = await content.team('Insiders', max)
    await content.share(mia, { project: ours.id }, { type: 'team', id: teamId }, 'edit')
    const theirs = await takePart(max.token, id)
    const params = { id: content.organizationId, teamId, userId: max.id }
    const change = () => call(content.owner.caller, teamApi.removeTeamMember, { params })
    expect(await within(change, gone(theirs))).toBeLessThan(1000)
  })

  test('when somebody is removed from the organization', async () => {
    const leaving = await content.member('Lea Leaving')
    const theirs = await takePart(leaving.token)
    const params = { id: content.organizationId, userId: leaving.id }
    const change = () => call(content.owner.caller, organizationApi.removeMember, { params })
    expect(await within(change, gone(theirs))).toBeLessThan(1000)
  })

  test('when a document is moved to where they see nothing', async () => {
    const [ours, hidden] = [await content.project(mia, 'organization'), await content.project(mia, 'private')]
    const above = await content.document(mia, ours.id)
    const below = await content.document(mia, ours.id, above.id)
    const theirs = await takePart(max.token, below.id)
    const body = { projectId: hidden.id, parentId: null }
    const move = () => call(mia.caller, libraryApi.move, { params: { id: above.id }, body })
    expect(await within(move, gone(theirs))).toBeLessThan(1000)
  })
})

test('a key joins as far as its scopes go', async () => {
  const bearerOf = async (caller: Caller): Promise<string> => {
    const headers = (await caller.headers?.()) as Record<string, string>
    return headers.authorization?.replace('Bearer ', '') ?? ''
  }
  const reading = await content.key(mia, 'documents:read')
  const writing = await content.key(mia, 'documents:write')
  const reader = await takePart(() => bearerOf(reading))
  const writer = await takePart(() => bearerOf(writing))
  expect([reader, writer].map(({ provider }) => provider.state.permission)).toEqual(['read', 'write'])
  const params = { id: document.id }
  expect(await keyOf(call(writing, sharingApi.createLink, { params, body: {} }))).toBe('forbidden')
  expect(await keyOf(call(reading, documentApi.updateDocument, { params, body: { title: 'x' } }))).toBe('read-only')
  // A deleted key is out at once, and the other of the same person stays.
  const session: Caller = { baseUrl: url, headers: () => ({ cookie: mia.cookie, origin: url }) }
  const { keys } = await call(session, keyApi.keys, {})
  const doomed = keys.find(({ scopes }) => scopes.includes('documents:write'))
  const end = () => call(session, keyApi.deleteKey, { params: { id: doomed?.id ?? '' } })
  const ended = () => writer.provider.state.phase !== 'online'
  expect(await within(end, ended)).toBeLessThan(1000)
  expect(reader.provider.state.phase).toBe('online')
  expect(await keyOf(call(writing, documentApi.getDocument, { params }))).toBe('unauthenticated')
})

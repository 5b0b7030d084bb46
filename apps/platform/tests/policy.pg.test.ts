import { write } from '@realtime/client/wire'
import {
  type Action,
  type Actor,
  actions,
  type Caller,
  call,
  commentApi,
  documentApi,
  documentInternal,
  libraryApi,
  organizationApi,
  type Project,
  type Resource,
  sharingApi,
} from '@realtime/contracts'
import { serviceCaller, signServiceToken } from '@realtime/kit'
import { bearer, eventually } from '@realtime/kit/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Content, type Somebody, startContent } from './content.ts'
import { RawSocket } from './socket.ts'

// The matrix: what each sort of actor may do with each sort of resource. It is written here by hand, from what was
// decided (docs/decisions/0018-sharing.md), and is held against every surface: HTTP, sockets, lists, search, export.

const ALL = 'read comment write share manage delete restore export'
const EDIT = 'read comment write share delete restore export'
const VIEW = 'read export'
const COMMENT = 'read comment export'
/** A key gives nobody access. */
const KEY_EDIT = 'read comment write delete restore export'
/** A visitor changes content only. */
const LINK_EDIT = 'read comment write export'
/** They may not know of it. */
const UNKNOWN = 'unknown'
/** Not let in at all. */
const NOBODY = 'unauthenticated'
/** A key without a scope for documents. */
const SCOPE = 'scope'

/**
 * A document in a project open to the organization, in one open to a team that was given `comment`, in a private one that
 * was shared with a guest to `edit`, and in another private one, where the document alone was shared with that guest to
 * `comment` and by a link to `edit`.
 */
const documents = {
  owner: { open: ALL, teams: ALL, private: ALL, shared: ALL },
  admin: { open: ALL, teams: ALL, private: UNKNOWN, shared: UNKNOWN },
  creator: { open: ALL, teams: ALL, private: ALL, shared: ALL },
  member: { open: EDIT, teams: UNKNOWN, private: UNKNOWN, shared: UNKNOWN },
  guest: { open: VIEW, teams: UNKNOWN, private: UNKNOWN, shared: UNKNOWN },
  'team member': { open: EDIT, teams: COMMENT, private: UNKNOWN, shared: UNKNOWN },
  'guest shared with': { open: VIEW, teams: UNKNOWN, private: EDIT, shared: COMMENT },
  'link visitor': { open: UNKNOWN, teams: UNKNOWN, private: UNKNOWN, shared: LINK_EDIT },
  'writing key of the owner': { open: KEY_EDIT, teams: KEY_EDIT, private: KEY_EDIT, shared: KEY_EDIT },
  'reading key of the owner': { open: VIEW, teams: VIEW, private: VIEW, shared: VIEW },
  'writing key of a guest': { open: VIEW, teams: UNKNOWN, private: UNKNOWN, shared: UNKNOWN },
  'other key of the owner': { open: SCOPE, teams: SCOPE, private: SCOPE, shared: SCOPE },
  service: { open: NOBODY, teams: NOBODY, private: NOBODY, shared: NOBODY },
  stranger: { open: UNKNOWN, teams: UNKNOWN, private: UNKNOWN, shared: UNKNOWN },
  nobody: { open: NOBODY, teams: NOBODY, private: NOBODY, shared: NOBODY },
} as const
type Kind = keyof typeof documents
type Lie = keyof (typeof documents)['owner']

/** With a project itself: to create in it, to share it, to manage (open, order and delete) it. */
const projects: Record<Kind, Record<'open' | 'teams' | 'private', string>> = {
  owner: { open: 'read write share manage', teams: 'read write share manage', private: 'read write share manage' },
  admin: { open: 'read write share manage', teams: 'read write share manage', private: UNKNOWN },
  creator: { open: 'read write share manage', teams: 'read write share manage', private: 'read write share manage' },
  member: { open: 'read write share', teams: UNKNOWN, private: UNKNOWN },
  guest: { open: 'read', teams: UNKNOWN, private: UNKNOWN },
  'team member': { open: 'read write share', teams: 'read', private: UNKNOWN },
  'guest shared with': { open: 'read', teams: UNKNOWN, private: 'read write share' },
  'link visitor': { open: UNKNOWN, teams: UNKNOWN, private: UNKNOWN },
  'writing key of the owner': { open: 'read write', teams: 'read write', private: 'read write' },
  'reading key of the owner': { open: 'read', teams: 'read', private: 'read' },
  'writing key of a guest': { open: 'read', teams: UNKNOWN, private: UNKNOWN },
  'other key of the owner': { open: SCOPE, teams: SCOPE, private: SCOPE },
  service: { open: NOBODY, teams: NOBODY, private: NOBODY },
  stranger: { open: UNKNOWN, teams: UNKNOWN, private: UNKNOWN },
  nobody: { open: NOBODY, teams: NOBODY, private: NOBODY },
}

/** With the organization: to see what is in it, to begin projects in it, to invite into it, to rename it. */
const organization: Record<Kind, string> = {
  owner: 'read write share manage',
  admin: 'read write share manage',
  creator: 'read write',
  member: 'read write',
  guest: 'read',
  'team member': 'read write',
  'guest shared with': 'read',
  'link visitor': UNKNOWN,
  'writing key of the owner': 'read write',
  'reading key of the owner': 'read',
  'writing key of a guest': 'read',
  'other key of the owner': SCOPE,
  service: NOBODY,
  stranger: UNKNOWN,
  nobody: NOBODY,
}

const kinds = Object.keys(documents) as Kind[]
const lies: Lie[] = ['open', 'teams', 'private', 'shared']

let content: Content
let bystander: Somebody
let creator: Somebody
const callers = {} as Record<Kind, Caller>
const projectIn = {} as Record<Lie, Project>
const documentIn = {} as Record<Lie, Resource>
const versionOf = {} as Record<Lie, string>
const open: RawSocket[] = []

/** A word that stands in the title of each document, for the search. */
const WORD = 'Zwetschgendatschi'

beforeAll(async () => {
  content = await startContent()
  const { owner, platform } = content
  const url = platform.publicUrl
  creator = await content.member('Cleo Creator')
  bystander = await content.member('Bob Bystander')
  const teamMember = await content.member('Tim Team')
  const guest = await content.member('Gus Guest', 'guest')
  const sharedWith = await content.member('Sue Shared', 'guest')
  const team = await content.team('Team', teamMember)
  for (const lie of lies) {
    projectIn[lie] = await content.project(
      creator,
      lie === 'open' ? 'organization' : lie === 'teams' ? 'teams' : 'private',
    )
    documentIn[lie] = await call(creator.caller, documentApi.createDocument, {
      body: { projectId: projectIn[lie].id, kind: 'document', title: `${WORD} ${lie}` },
    })
    const params = { id: documentIn[lie].id }
    versionOf[lie] = (await call(creator.caller, documentApi.createVersion, { params, body: { name: 'First' } })).id
  }
  await content.share(creator, { project: projectIn.teams.id }, { type: 'team', id: team }, 'comment')
  await content.share(creator, { project: projectIn.private.id }, { type: 'user', id: sharedWith.id }, 'edit')
  await content.share(creator, { document: documentIn.shared.id }, { type: 'user', id: sharedWith.id }, 'comment')
  const link = await call(creator.caller, sharingApi.createLink, {
    params: { id: documentIn.shared.id },
    body: { level: 'edit' },
  })
  const { token } = await call({ baseUrl: url }, sharingApi.openLink, {
    body: { token: link.url.split('/s/')[1] ?? '' },
  })
  const secret = platform.env.DOCUMENT_SERVICE_SECRET ?? ''
  Object.assign(callers, {
    owner: owner.caller,
    admin: (await content.member('Adam Admin', 'admin')).caller,
    creator: creator.caller,
    member: (await content.member('Mia Member')).caller,
    guest: guest.caller,
    'team member': teamMember.caller,
    'guest shared with': sharedWith.caller,
    'link visitor': bearer(url, token),
    'writing key of the owner': await content.key(owner, 'documents:write'),
    'reading key of the owner': await content.key(owner, 'documents:read'),
    'writing key of a guest': await content.key(guest, 'documents:write'),
    'other key of the owner': await content.key(owner, 'organizations:read'),
    service: bearer(url, await signServiceToken('collaboration', 'document', secret)),
    stranger: (await content.stranger('Eve Elsewhere')).caller,
    nobody: { baseUrl: url },
  } satisfies Record<Kind, Caller>)
  // Until search has read all of it.
  await eventually(async () => (await found('owner')).size === lies.length)
})
afterEach(() => {
  for (const socket of open.splice(0)) socket.close()
})
afterAll(() => content?.stop())

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { key?: string }) => error.key ?? String(error),
  )

/** What an answer must be for somebody who may do `allowed`. */
function expected(allowed: string, action: Action): string[] {
  if (allowed === UNKNOWN) return ['not-found']
  if (allowed === NOBODY) return ['unauthenticated']
  if (allowed === SCOPE) return ['forbidden']
  return allowed.split(' ').includes(action) ? ['done'] : ['forbidden', 'read-only']
}

const held = (allowed: string): readonly string[] =>
  allowed.split(' ').filter((word) => actions.includes(word as Action))

/** What each action is with a document, over HTTP. */
const onDocument: Record<Action, (caller: Caller, lie: Lie) => Promise<unknown>> = {
  read: (caller, lie) => call(caller, documentApi.getDocument, { params: { id: documentIn[lie].id } }),
  comment: async (caller, lie) => {
    const params = { id: documentIn[lie].id }
    const reading = await outcome(call(caller, commentApi.threads, { params }))
    const writing = call(caller, commentApi.beginThread, { params, body: { text: `About ${lie}` } })
    // Who may not say anything does not read what others say.
    expect(await outcome(writing)).toBe(reading)
    await writing
  },
  write: (caller, lie) =>
    call(caller, documentApi.updateDocument, { params: { id: documentIn[lie].id }, body: { title: `${WORD} ${lie}` } }),
  share: (caller, lie) =>
    call(caller, sharingApi.share, {
      params: { id: documentIn[lie].id },
      body: { grantee: { type: 'user', id: creator.id }, level: 'view' },
    }),
  manage: (caller, lie) => call(caller, sharingApi.createLink, { params: { id: documentIn[lie].id }, body: {} }),
  delete: async (caller, lie) => {
    const params = { id: documentIn[lie].id }
    await call(caller, documentApi.deleteDocument, { params })
    await call(creator.caller, libraryApi.restoreDocument, { params })
  },
  restore: (caller, lie) =>
    call(caller, documentApi.restoreVersion, { params: { id: documentIn[lie].id, version: versionOf[lie] } }),
  export: async (caller, lie) => {
    const answer = await call(caller, documentApi.state, { params: { id: documentIn[lie].id } })
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0)
  },
}

async function found(kind: Kind): Promise<Set<string>> {
  const query = { organization: content.organizationId, q: WORD }
  const { hits } = await call(callers[kind], libraryApi.search, { query })
  return new Set(hits.map(({ document }) => document.id))
}

const tokenOf = async (kind: Kind): Promise<string> => {
  const headers = ((await callers[kind].headers?.()) ?? {}) as Record<string, string>
  return headers.authorization?.replace('Bearer ', '') ?? ''
}

/** What becomes of a socket that joins and writes: `write`, `read`, or the key of the refusal. */
async function overSocket(kind: Kind, lie: Lie): Promise<string> {
  const { id } = documentIn[lie]
  const socket = new RawSocket({ url: content.platform.publicUrl, document: id, auth: { token: await tokenOf(kind) } })
  open.push(socket)
  const refusal = await socket.connected()
  if (refusal) return refusal.key
  const doc = new Y.Doc()
  socket.send(write.join(id, '', doc.clientID, new Uint8Array(), new Uint8Array()))
  await eventually(() => socket.refusals.length > 0 || socket.messages.some(({ type }) => type === 'joined'))
  if (socket.refusals.length > 0) return socket.refusals[0] ?? ''
  doc.getMap('trial').set(kind, lie)
  socket.send(write.sendUpdate(1, Y.encodeStateAsUpdate(doc)))
  await eventually(() => socket.refusals.length > 0 || socket.messages.some(({ type }) => type === 'ack'))
  const { permission } = await socket.message('joined')
  expect(socket.refusals).toEqual(permission === 'write' ? [] : ['read-only'])
  return permission
}

describe.each(kinds)('%s', (kind) => {
  test.each(lies)('with a document: %s', async (lie) => {
    const allowed = documents[kind][lie]
    for (const action of actions) {
      const got = await outcome(onDocument[action](callers[kind], lie))
      expect(expected(allowed, action), `${action}: ${got}`).toContain(got)
    }
    const may = held(allowed)
    const refused = { [UNKNOWN]: 'not-found', [NOBODY]: 'unauthenticated', [SCOPE]: 'forbidden' }[allowed as string]
    expect(await overSocket(kind, lie), 'socket').toBe(refused ?? (may.includes('write') ? 'write' : 'read'))
  })

  test.each(['open', 'teams', 'private'] as const)('with a project: %s', async (lie) => {
    const { id, name } = projectIn[lie]
    const allowed = projects[kind][lie]
    const caller = callers[kind]
    const params = { id }
    const share = { grantee: { type: 'user' as const, id: bystander.id }, level: 'view' as const }
    const does: Partial<Record<Action, () => Promise<unknown>>> = {
      read: () => call(caller, libraryApi.children, { query: { project: id } }),
      write: async () => {
        const made = await call(caller, documentApi.createDocument, { body: { projectId: id, kind: 'document' } })
        await call(creator.caller, documentApi.deleteDocument, { params: { id: made.id } })
      },
      share: async () => {
        const given = await call(caller, sharingApi.shareProject, { params, body: share })
        await call(creator.caller, sharingApi.unshareProject, { params: { id, shareId: given.id } })
      },
      manage: () => call(caller, documentApi.updateProject, { params, body: { memberLevel: 'edit' } }),
    }
    for (const [action, work] of Object.entries(does) as [Action, () => Promise<unknown>][]) {
      const got = await outcome(work())
      expect(expected(allowed, action), `${action}: ${got}`).toContain(got)
    }
    // To rename it is to write, to order and delete it to manage.
    const renamed = await outcome(call(caller, documentApi.updateProject, { params, body: { name } }))
    expect(expected(allowed, 'write'), `rename: ${renamed}`).toContain(renamed)
    const ordered = await outcome(call(caller, libraryApi.moveProject, { params, body: { after: null } }))
    expect(expected(allowed, 'manage'), `order: ${ordered}`).toContain(ordered)
    if (!held(allowed).includes('manage')) {
      const deleted = await outcome(call(caller, libraryApi.deleteProject, { params }))
      expect(expected(allowed, 'manage'), `delete: ${deleted}`).toContain(deleted)
    }
  })

  test('with the organization', async () => {
    const caller = callers[kind]
    const { organizationId } = content
    const params = { id: organizationId }
    const allowed = organization[kind]
    const lists = [
      () => call(caller, documentApi.projects, { query: { organization: organizationId } }),
      () => call(caller, documentApi.documents, { query: { organization: organizationId } }),
      () => call(caller, libraryApi.search, { query: { organization: organizationId, q: WORD } }),
      () => call(caller, libraryApi.trash, { query: { organization: organizationId } }),
      () => call(caller, libraryApi.favourites, { query: { organization: organizationId } }),
      () => call(caller, libraryApi.recent, { query: { organization: organizationId } }),
      () => call(caller, libraryApi.sharedWithMe, { query: { organization: organizationId } }),
    ]
    for (const list of lists) expect(expected(allowed, 'read')).toContain(await outcome(list()))
    const begun = await outcome(call(caller, documentApi.createProject, { body: { organizationId, name: 'Another' } }))
    expect(expected(allowed, 'write'), `begin a project: ${begun}`).toContain(begun)
    // What the organization service decides by itself; keys and visitors give nobody access there either.
    const aside = ['link visitor', 'other key of the owner'].includes(kind)
    const refused = aside ? ['not-found', 'forbidden', 'unauthenticated'] : null
    const invited = await outcome(call(caller, organizationApi.invite, { params, body: {} }))
    expect(refused ?? expected(allowed, 'share'), `invite: ${invited}`).toContain(invited)
    const renamed = await outcome(call(caller, organizationApi.update, { params, body: { name: 'Acme' } }))
    expect(refused ?? expected(allowed, 'manage'), `rename: ${renamed}`).toContain(renamed)
  })

  test('in lists and search finds what they may read, and nothing else', async () => {
    const readable = lies.filter((lie) => held(documents[kind][lie]).includes('read'))
    const ids = new Set(readable.map((lie) => documentIn[lie].id))
    const ours = new Set(lies.map((lie) => documentIn[lie].id))
    if (expected(organization[kind], 'read')[0] !== 'done') return
    const query = { organization: content.organizationId }
    const listed = await call(callers[kind], documentApi.documents, { query })
    expect(new Set(listed.documents.map(({ id }) => id).filter((id) => ours.has(id)))).toEqual(ids)
    for (const one of listed.documents.filter(({ id }) => ours.has(id))) {
      const single = await call(callers[kind], documentApi.getDocument, { params: { id: one.id } })
      expect([one.id, one.level, one.permission]).toEqual([single.id, single.level, single.permission])
    }
    expect(await found(kind)).toEqual(ids)
    const seen = await call(callers[kind], documentApi.projects, { query })
    const known = new Set(seen.projects.map(({ id }) => id))
    for (const lie of ['open', 'teams', 'private'] as const) {
      expect(known.has(projectIn[lie].id), lie).toBe(held(projects[kind][lie]).includes('read'))
    }
  })
})

test('a service is no actor of a document, whatever it says', async () => {
  const internal = serviceCaller({
    from: 'collaboration',
    to: 'document',
    url: content.platform.urls.document.internalUrl ?? '',
    secret: content.platform.env.DOCUMENT_SERVICE_SECRET ?? '',
  })
  const actor: Actor = { type: 'service', name: 'ai' }
  const params = { id: documentIn.open.id }
  const joined = call(internal, documentInternal.join, { params, body: { actor, clientId: null } })
  expect(await outcome(joined)).toBe('not-found')
  const { permissions } = await call(internal, documentInternal.access, { params, body: { actors: [actor] } })
  expect(permissions).toEqual([null])
})

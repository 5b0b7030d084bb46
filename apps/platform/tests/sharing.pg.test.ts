import {
  auditApi,
  type Caller,
  call,
  documentApi,
  type Level,
  libraryApi,
  organizationApi,
  type Project,
  type Resource,
  sharingApi,
  teamApi,
} from '@realtime/contracts'
import type { FreshSchema } from '@realtime/kit/database'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Content, type Somebody, startContent } from './content.ts'

// Sharing with people and teams: who may give what, to whom, and what comes of it.

let content: Content
let owner: Somebody
let admin: Somebody
let mia: Somebody
let max: Somebody
let gus: Somebody
let eve: Somebody
let own: Project
let document: Resource

beforeAll(async () => {
  content = await startContent()
  owner = content.owner
  admin = await content.member('Adam Admin', 'admin')
  mia = await content.member('Mia Member')
  max = await content.member('Max Member')
  gus = await content.member('Gus Guest', 'guest')
  eve = await content.stranger('Eve Elsewhere')
  own = await content.project(mia, 'private', 'Of Mia')
  document = await content.document(mia, own.id)
})
afterAll(() => content?.stop())

const keyOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { key?: string }) => error.key ?? String(error),
  )
const levelOf = (who: Somebody, id: string): Promise<Level | string> =>
  call(who.caller, documentApi.getDocument, { params: { id } }).then(
    ({ level }) => level,
    (error: { key: string }) => error.key,
  )
const user = (who: Somebody) => ({ type: 'user' as const, id: who.id })
const unshare = (who: Somebody, id: string, shareId: string) =>
  call(who.caller, sharingApi.unshare, { params: { id, shareId } })
const unshareProject = (who: Somebody, id: string, shareId: string) =>
  call(who.caller, sharingApi.unshareProject, { params: { id, shareId } })

describe('projects', () => {
  test('are managed by who created them, and seen as they are open', async () => {
    const open = await content.project(mia, 'organization')
    const ofTeams = await content.project(mia, 'teams')
    const hidden = await content.project(mia, 'private')
    for (const project of [open, ofTeams, hidden]) expect(project.level).toBe('manage')
    const seen = async (who: Somebody) => {
      const query = { organization: content.organizationId }
      const { projects } = await call(who.caller, documentApi.projects, { query })
      return Object.fromEntries(projects.map(({ id, level }) => [id, level]))
    }
    expect(await seen(owner)).toMatchObject({ [open.id]: 'manage', [ofTeams.id]: 'manage', [hidden.id]: 'manage' })
    const asAdmin = await seen(admin)
    expect(asAdmin).toMatchObject({ [open.id]: 'manage', [ofTeams.id]: 'manage' })
    expect(asAdmin).not.toHaveProperty(hidden.id)
    const asMember = await seen(max)
    expect(asMember).toMatchObject({ [open.id]: 'edit' })
    expect(Object.keys(asMember)).not.toContain(ofTeams.id)
    expect(await seen(gus)).toMatchObject({ [open.id]: 'view' })
    expect(await keyOf(seen(eve))).toBe('not-found')
  })

  test('may be begun by members, and not by guests', async () => {
    const body = { organizationId: content.organizationId, name: 'Mine' }
    expect(await keyOf(call(gus.caller, documentApi.createProject, { body }))).toBe('forbidden')
    expect(await keyOf(call(eve.caller, documentApi.createProject, { body }))).toBe('not-found')
    expect(await keyOf(call({ baseUrl: max.caller.baseUrl }, documentApi.createProject, { body }))).toBe(
      'unauthenticated',
    )
    const access = 'everybody' as never
    expect(await keyOf(call(max.caller, documentApi.createProject, { body: { ...body, access } }))).toBe(
      'invalid-input',
    )
  })

  test('say who sees them, for those who manage them', async () => {
    const project = await content.project(mia, 'organization')
    const params = { id: project.id }
    const change = (who: Somebody, body: object) => keyOf(call(who.caller, documentApi.updateProject, { params, body }))
    expect(await change(max, { access: 'private' })).toBe('forbidden')
    expect(await change(max, { memberLevel: 'view' })).toBe('forbidden')
    expect(await change(max, { name: 'Another name' })).toBe('done')
    expect(await change(gus, { name: 'Mine' })).toBe('forbidden')
    expect(await change(eve, { access: 'organization' })).toBe('not-found')
    const made = await content.document(max, project.id)
    expect(await change(mia, { memberLevel: 'comment' })).toBe('done')
    expect([await levelOf(max, made.id), await levelOf(gus, made.id)]).toEqual(['comment', 'view'])
    expect(await change(mia, { access: 'teams' })).toBe('done')
    expect([await levelOf(max, made.id), await levelOf(admin, made.id)]).toEqual(['not-found', 'manage'])
    expect(await change(mia, { memberLevel: 'manage' })).toBe('invalid-input')
  })

  test('stay with whoever makes them private', async () => {
    const project = await content.project(mia, 'organization')
    const params = { id: project.id }
    const changed = await call(admin.caller, documentApi.updateProject, { params, body: { access: 'private' } })
    expect(changed).toMatchObject({ access: 'private', level: 'manage' })
  })
})

describe('shares of documents', () => {
  test('let people in as far as they say, and what lies below with it', async () => {
    const below = await content.document(mia, own.id, document.id)
    const beside = await content.document(mia, own.id)
    expect(await levelOf(max, document.id)).toBe('not-found')
    const share = await content.share(mia, { document: document.id }, user(max), 'comment')
    expect([await levelOf(max, document.id), await levelOf(max, below.id), await levelOf(max, beside.id)]).toEqual([
      'comment',
      'comment',
      'not-found',
    ])
    const listed = await call(max.caller, documentApi.documents, { query: { organization: content.organizationId } })
    const ids = listed.documents.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining([document.id, below.id]))
    expect(ids).not.toContain(beside.id)
    // What lies above it stays unknown: it is at the top of what he sees.
    expect((await content.share(mia, { document: below.id }, user(gus), 'view')).length).toBeGreaterThan(0)
    expect(await call(gus.caller, documentApi.getDocument, { params: { id: below.id } })).toMatchObject({
      parentId: null,
      level: 'view',
    })
    // The highest wins, and another level changes the one there is.
    expect(await content.share(mia, { document: document.id }, user(max), 'edit')).toBe(share)
    expect(await levelOf(max, below.id)).toBe('edit')
    await unshare(mia, document.id, share)
    expect(await levelOf(max, document.id)).toBe('not-found')
  })

  test('are listed with where they come from, to those who see the document', async () => {
    const parent = await content.document(mia, own.id)
    const child = await content.document(mia, own.id, parent.id)
    const team = await content.team('Writers', max)
    await content.share(mia, { document: parent.id }, { type: 'team', id: team }, 'edit')
    await content.share(mia, { document: child.id }, user(gus), 'view')
    const params = { id: child.id }
    const { shares, organization, links, level } = await call(mia.caller, sharingApi.shares, { params })
    expect({ organization, links, level }).toEqual({ organization: null, links: [], level: 'manage' })
    expect(shares.map(({ name, level, inheritedFrom }) => [name, level, inheritedFrom?.type ?? 'here'])).toEqual([
      ['Mia Member', 'manage', 'project'],
      ['Writers', 'edit', 'document'],
      ['Gus Guest', 'view', 'here'],
    ])
    // Gus sees that there is more, but no title of what he cannot see.
    const asGus = await call(gus.caller, sharingApi.shares, { params })
    expect(asGus.shares.find(({ name }) => name === 'Writers')?.inheritedFrom).toMatchObject({ name: '' })
    expect(await keyOf(call(eve.caller, sharingApi.shares, { params }))).toBe('not-found')
    expect(await keyOf(call(admin.caller, sharingApi.shares, { params }))).toBe('not-found')
    await call(owner.caller, teamApi.deleteTeam, { params: { id: content.organizationId, teamId: team } })
  })

  test('give and take nothing above the own level', async () => {
    const { id } = await content.document(mia, own.id)
    const params = { id }
    await content.share(mia, { document: id }, user(max), 'edit')
    const manager = await content.share(mia, { document: id }, user(admin), 'manage')
    const give = (who: Somebody, to: Somebody, level: Level) =>
      keyOf(call(who.caller, sharingApi.share, { params, body: { grantee: user(to), level } }))
    expect(await give(max, gus, 'manage')).toBe('forbidden')
    expect(await give(max, max, 'manage')).toBe('forbidden')
    expect(await give(max, gus, 'edit')).toBe('done')
    // Not even to lower it: what somebody else gave is more than Max has.
    expect(await give(max, admin, 'view')).toBe('forbidden')
    expect(await keyOf(unshare(max, id, manager))).toBe('forbidden')
    expect(await levelOf(admin, id)).toBe('manage')
    await content.share(mia, { document: id }, user(gus), 'comment')
    expect(await give(gus, max, 'view')).toBe('forbidden')
  })

  test('are for members and teams of the organization alone', async () => {
    const { id } = await content.document(mia, own.id)
    const share = (type: 'user' | 'team', grantee: string) =>
      keyOf(
        call(mia.caller, sharingApi.share, { params: { id }, body: { grantee: { type, id: grantee }, level: 'view' } }),
      )
    expect(await share('user', eve.id)).toBe('not-found')
    expect(await share('user', 'nobody')).toBe('not-found')
    expect(await share('team', 'no-team')).toBe('not-found')
    expect(await share('user', 'no id!')).toBe('invalid-input')
  })

  test('answer nothing to another tenant, with ids of this one or of their own', async () => {
    const share = await content.share(mia, { document: document.id }, user(max), 'view')
    const their = eve.organizationId
    const project = (await call(eve.caller, documentApi.projects, { query: { organization: their } })).projects[0]
    const theirs = await call(eve.caller, documentApi.createDocument, {
      body: { projectId: project?.id ?? '', kind: 'document' },
    })
    const body = { grantee: user(eve), level: 'view' as const }
    expect(await keyOf(call(eve.caller, sharingApi.share, { params: { id: document.id }, body }))).toBe('not-found')
    // A share of one document is none of another.
    expect(await keyOf(unshare(eve, document.id, share))).toBe('not-found')
    expect(await keyOf(unshare(eve, theirs.id, share))).toBe('not-found')
    const bare: Caller = { baseUrl: eve.caller.baseUrl }
    expect(await keyOf(call(bare, sharingApi.shares, { params: { id: document.id } }))).toBe('unauthenticated')
    expect(await keyOf(call(bare, sharingApi.share, { params: { id: document.id }, body }))).toBe('unauthenticated')
    expect(await levelOf(max, document.id)).toBe('view')
    await unshare(mia, document.id, share)
  })

  test('can be left by their own people', async () => {
    const { id } = await content.document(mia, own.id)
    const share = await content.share(mia, { document: id }, user(gus), 'view')
    await unshare(gus, id, share)
    expect(await levelOf(gus, id)).toBe('not-found')
    expect(await keyOf(unshare(mia, id, share))).toBe('not-found')
  })

  test('of two at once to the same person are one', async () => {
    const { id } = await content.document(mia, own.id)
    const ids = await Promise.all(
      Array.from({ length: 6 }, () => content.share(mia, { document: id }, user(max), 'edit')),
    )
    expect(new Set(ids).size).toBe(1)
  })
})

test('who something is shared with is told, once', async () => {
  const { id } = await content.document(mia, own.id)
  const team = await content.team('Told', max, mia)
  const inbox = async (who: Somebody) => {
    const { notifications } = await call(who.caller, libraryApi.notifications, { query: {} })
    return notifications.filter(({ document }) => document?.id === id)
  }
  await content.share(mia, { document: id }, user(gus), 'view')
  await content.share(mia, { document: id }, user(gus), 'comment')
  await content.share(mia, { document: id }, { type: 'team', id: team }, 'view')
  expect(await inbox(gus)).toMatchObject([
    { type: 'shared', by: { name: 'Mia Member' }, document: { title: 'A plan' } },
  ])
  expect(await inbox(max)).toHaveLength(1)
  expect(await inbox(mia)).toHaveLength(0)
})

describe('shares of projects', () => {
  test('let teams into one that is open to teams, and end with the team', async () => {
    const project = await content.project(mia, 'teams')
    const { id } = await content.document(mia, project.id)
    const team = await content.team('Readers', max)
    await content.share(mia, { project: project.id }, { type: 'team', id: team }, 'comment')
    expect([await levelOf(max, id), await levelOf(gus, id)]).toEqual(['comment', 'not-found'])
    const { shares } = await call(max.caller, sharingApi.projectShares, { params: { id: project.id } })
    expect(shares.map(({ name, grantee }) => [name, grantee.type])).toEqual([
      ['Mia Member', 'user'],
      ['Readers', 'team'],
    ])
    const params = { id: content.organizationId, teamId: team }
    await call(owner.caller, teamApi.removeTeamMember, { params: { ...params, userId: max.id } })
    await eventually(async () => (await levelOf(max, id)) === 'not-found')
    await call(owner.caller, teamApi.deleteTeam, { params })
    await eventually(async () => {
      const left = await call(mia.caller, sharingApi.projectShares, { params: { id: project.id } })
      return left.shares.length === 1
    })
    expect(await keyOf(call(eve.caller, sharingApi.projectShares, { params: { id: project.id } }))).toBe('not-found')
  })

  test('with teams are none of a private one', async () => {
    const project = await content.project(mia, 'teams')
    const { id } = await content.document(mia, project.id)
    const team = await content.team('Once in', max)
    const grantee = { type: 'team' as const, id: team }
    await content.share(mia, { project: project.id }, grantee, 'edit')
    expect(await levelOf(max, id)).toBe('edit')
    await call(mia.caller, documentApi.updateProject, { params: { id: project.id }, body: { access: 'private' } })
    expect(await levelOf(max, id)).toBe('not-found')
    expect(await keyOf(content.share(mia, { project: project.id }, grantee, 'view'))).toBe('conflict')
  })

  test('keep somebody who manages a private one', async () => {
    const project = await content.project(mia, 'private')
    const { shares } = await call(mia.caller, sharingApi.projectShares, { params: { id: project.id } })
    const first = shares[0]?.id ?? ''
    expect(await keyOf(unshareProject(mia, project.id, first))).toBe('conflict')
    expect(await keyOf(content.share(mia, { project: project.id }, user(mia), 'edit'))).toBe('conflict')
    const second = await content.share(mia, { project: project.id }, user(max), 'manage')
    // Both leave at once: one of them stays.
    const left = await Promise.all([
      keyOf(unshareProject(mia, project.id, first)),
      keyOf(unshareProject(max, project.id, second)),
    ])
    expect(left.sort()).toEqual(['conflict', 'done'])
  })

  test('are refused to those who only look', async () => {
    const project = await content.project(mia, 'organization')
    const params = { id: project.id }
    const body = { grantee: user(gus), level: 'view' as const }
    expect(await keyOf(call(gus.caller, sharingApi.shareProject, { params, body }))).toBe('forbidden')
    expect(await keyOf(call(eve.caller, sharingApi.shareProject, { params, body }))).toBe('not-found')
    const above = { grantee: user(gus), level: 'manage' as const }
    expect(await keyOf(call(max.caller, sharingApi.shareProject, { params, body: above }))).toBe('forbidden')
    expect(await keyOf(call(max.caller, sharingApi.shareProject, { params, body }))).toBe('done')
    const wrong = { grantee: { type: 'robot', id: 'x' } as never, level: 'view' as const }
    expect(await keyOf(call(max.caller, sharingApi.shareProject, { params, body: wrong }))).toBe('invalid-input')
  })
})

describe('explaining', () => {
  test('says why oneself, and others for those who may share, see something', async () => {
    const project = await content.project(mia, 'teams', 'Secret plans')
    const { id } = await content.document(mia, project.id)
    const team = await content.team('Planners', max)
    await content.share(mia, { project: project.id }, { type: 'team', id: team }, 'view')
    await content.share(mia, { document: id }, user(max), 'edit')
    const explain = (who: Somebody, query = {}) => call(who.caller, sharingApi.explain, { params: { id }, query })
    expect(await explain(max)).toEqual({
      level: 'edit',
      reasons: [
        { source: 'person', level: 'edit', via: 'A plan' },
        { source: 'team', level: 'view', via: 'Planners' },
      ],
    })
    expect(await explain(mia)).toMatchObject({ level: 'manage', reasons: [{ source: 'creator', via: 'Secret plans' }] })
    expect(await explain(mia, { user: owner.id })).toMatchObject({ level: 'manage', reasons: [{ source: 'owner' }] })
    expect(await explain(mia, { user: admin.id })).toMatchObject({ level: 'manage', reasons: [{ source: 'admin' }] })
    const none = { level: null, reasons: [{ source: 'none', level: null, via: '' }] }
    expect(await explain(mia, { user: gus.id })).toEqual(none)
    expect(await explain(mia, { user: eve.id })).toEqual(none)
    expect(await explain(max, { user: gus.id })).toEqual(none)
    await content.share(mia, { document: id }, user(gus), 'comment')
    expect(await keyOf(explain(gus, { user: max.id }))).toBe('forbidden')
    expect((await explain(gus)).level).toBe('comment')
    expect(await keyOf(explain(eve))).toBe('not-found')
    expect(await keyOf(explain(mia, { user: 'no id!' }))).toBe('invalid-input')
    const key = await content.key(mia, 'documents:read')
    expect(await call(key, sharingApi.explain, { params: { id }, query: {} })).toMatchObject({
      level: 'view',
      reasons: [{ source: 'key', level: 'view' }, { source: 'creator' }],
    })
    const ofProject = (who: Somebody, query = {}) =>
      call(who.caller, sharingApi.explainProject, { params: { id: project.id }, query })
    expect(await ofProject(max)).toEqual({
      level: 'view',
      reasons: [{ source: 'team', level: 'view', via: 'Planners' }],
    })
    expect(await ofProject(mia, { user: max.id })).toMatchObject({ level: 'view' })
    expect(await keyOf(ofProject(max, { user: mia.id }))).toBe('forbidden')
    expect(await keyOf(ofProject(gus))).toBe('not-found')
    const bare: Caller = { baseUrl: mia.caller.baseUrl }
    expect(await keyOf(call(bare, sharingApi.explain, { params: { id }, query: {} }))).toBe('unauthenticated')
  })
})

test('memberships that end take what was shared with them along', async () => {
  const leaving = await content.member('Lea Leaving')
  const { id } = await content.document(mia, own.id)
  await content.share(mia, { document: id }, user(leaving), 'edit')
  const params = { id: content.organizationId, userId: leaving.id }
  await call(owner.caller, organizationApi.removeMember, { params })
  await eventually(async () => (await levelOf(leaving, id)) === 'not-found')
  const { sql } = content.platform.schemas.document as FreshSchema
  const statement = 'SELECT id FROM shares WHERE user_id = $1 AND organization_id = $2'
  const rows = () => sql(statement, [leaving.id, content.organizationId])
  await eventually(async () => (await rows()).length === 0)
})

test('what ended while documents were away is followed when they are back', async () => {
  const { platform, organizationId } = content
  const leaving = await content.member('Lee Leaving')
  const { id } = await content.document(mia, own.id)
  const team = await content.team('Short-lived', max)
  await content.share(mia, { document: id }, user(leaving), 'edit')
  await content.share(mia, { document: id }, { type: 'team', id: team }, 'edit')
  await content.share(mia, { document: id }, user(max), 'view')
  await platform.stopService('document')
  await call(owner.caller, organizationApi.removeMember, { params: { id: organizationId, userId: leaving.id } })
  await call(owner.caller, teamApi.deleteTeam, { params: { id: organizationId, teamId: team } })
  await platform.startService('document')
  const { sql } = platform.schemas.document as FreshSchema
  const statement = 'SELECT user_id FROM shares WHERE resource_id = $1'
  await eventually(async () => {
    expect(await sql(statement, [id])).toEqual([{ user_id: max.id }])
    return true
  })
})

test('acts of sharing are in the audit log, with who, what and from where', async () => {
  const { id } = await content.document(mia, own.id)
  const share = await content.share(mia, { document: id }, user(max), 'edit')
  await unshare(mia, id, share)
  const query = { by: mia.id, limit: 200 }
  await eventually(async () => {
    const { entries } = await call(owner.caller, auditApi.audit, { params: { id: content.organizationId }, query })
    const about = entries.filter(({ target }) => target?.id === id)
    expect(about.map(({ type }) => type)).toEqual(['document.unshared', 'document.shared'])
    expect(about[1]).toMatchObject({
      by: { principal: `user:${mia.id}`, name: 'Mia Member' },
      target: { type: 'document', name: 'A plan' },
      detail: { with: 'Max Member', level: 'edit' },
      address: '127.0.0.1',
    })
    return true
  })
})

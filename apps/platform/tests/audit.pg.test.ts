import { randomUUID } from 'node:crypto'
import {
  AUDIT_DAYS,
  type AuditEntry,
  type AuditType,
  organizationApi as api,
  auditApi,
  auditInternal,
  type Caller,
  call,
  type InputOf,
  teamApi,
} from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, castOf, create, join, organizationOf, problem, refused, remove, setRole } from './organizations.ts'
import { startPeople, type TestPerson } from './people.ts'

let cast: Cast
beforeAll(async () => {
  cast = await castOf(await startPeople())
})
afterAll(() => cast.people.stop())

type Query = InputOf<typeof auditApi.audit>['query']
type ExportQuery = InputOf<typeof auditApi.exportAudit>['query']

const read = (who: TestPerson, id: string, query: Query = {}) =>
  call(who.caller, auditApi.audit, { params: { id }, query })
const entriesOf = async (id: string, query: Query = {}) => (await read(cast.owner, id, query)).entries
const download = async (who: TestPerson, id: string, query: ExportQuery = {}) => {
  const response = await call(who.caller, auditApi.exportAudit, { params: { id }, query })
  return { headers: response.headers, text: await response.text() }
}
const note = (organizationId: string, entries: Noted[], caller = cast.people.internal) =>
  call(caller, auditInternal.note, { params: { organizationId }, body: { entries } })

type Noted = InputOf<typeof auditInternal.note>['body']['entries'][number]

const noted = (more: Partial<Noted> = {}): Noted => ({
  id: randomUUID(),
  type: 'document.shared',
  at: new Date().toISOString(),
  by: { principal: `user:${cast.member.user.id}`, name: null },
  target: { type: 'document', id: 'd1', name: 'Plan' },
  detail: { level: 'edit' },
  address: '203.0.113.9',
  device: 'Firefox',
  ...more,
})

/** Calls as somebody does through the gateway, at an address and with a browser. */
const from = (caller: Caller, address: string, device: string): Caller => ({
  ...caller,
  headers: async () => ({ ...(await caller.headers?.()), 'x-forwarded-for': address, 'user-agent': device }),
})

describe('the audit log', () => {
  it('tells who did what, to whom, when and from where', async () => {
    const id = await organizationOf(cast)
    const caller = from(cast.owner.caller, '198.51.100.7', 'Mozilla/5.0 (X11; Linux)')
    const params = { id, userId: cast.member.user.id }
    const before = Date.now()
    await call(caller, api.updateMember, { params, body: { role: 'guest' } })
    const [entry] = await entriesOf(id)
    expect(entry).toEqual({
      id: expect.any(String),
      type: 'member.role-changed',
      at: expect.any(String),
      by: { principal: `user:${cast.owner.user.id}`, name: 'Olga Owner' },
      target: { type: 'user', id: cast.member.user.id, name: 'Mia Member' },
      detail: { role: 'guest', 'role before': 'member' },
      address: '198.51.100.7',
      device: 'Mozilla/5.0 (X11; Linux)',
    } satisfies AuditEntry)
    const at = Date.parse(entry?.at ?? '')
    expect(at).toBeGreaterThanOrEqual(before - 1000)
    expect(at).toBeLessThanOrEqual(Date.now() + 1000)
  })

  it('believes no address that is none, and cuts what is too long', async () => {
    const { id } = await create(cast.owner)
    const caller = from(cast.owner.caller, 'evil<script>', 'x'.repeat(5000))
    await call(caller, api.update, { params: { id }, body: { name: 'Renamed' } })
    const [entry] = await entriesOf(id)
    expect(entry?.address).toMatch(/^(127\.0\.0\.1|::1)$/)
    expect(entry?.device).toBe('x'.repeat(300))
    expect(entry?.detail).toEqual({ name: 'Renamed', 'name before': 'Acme' })
  })

  it('has an entry for each act, once, and none for what changed nothing or was refused', async () => {
    const { owner, admin, member, guest, stranger } = cast
    const { id } = await create(owner)
    const params = { id }
    for (const role of ['admin', 'member', 'guest'] as const) await join(owner, cast[role], id, role)
    await call(admin.caller, api.update, { params, body: { slug: `s-${randomUUID().slice(0, 8)}` } })
    await call(admin.caller, api.update, { params, body: { name: 'Acme' } })
    await setRole(owner, id, guest, 'member')
    await setRole(owner, id, guest, 'member')
    const team = await call(admin.caller, teamApi.createTeam, { params, body: { name: 'Team' } })
    const inTeam = { id, teamId: team.id }
    const seat = { ...inTeam, userId: member.user.id }
    await call(admin.caller, teamApi.addTeamMember, { params: seat })
    await call(admin.caller, teamApi.addTeamMember, { params: seat })
    await call(admin.caller, teamApi.renameTeam, { params: inTeam, body: { name: 'Crew' } })
    await call(member.caller, teamApi.removeTeamMember, { params: seat })
    await call(member.caller, teamApi.removeTeamMember, { params: seat })
    await call(admin.caller, teamApi.deleteTeam, { params: inTeam })
    const invitation = await call(admin.caller, api.invite, { params, body: { email: 'new@example.com' } })
    const one = { id, invitationId: invitation.id }
    await call(admin.caller, api.resendInvitation, { params: one })
    await call(admin.caller, api.revokeInvitation, { params: one })
    await call(admin.caller, api.revokeInvitation, { params: one })
    await refused('forbidden', [remove(member, id, guest), setRole(admin, id, owner, 'guest')])
    await refused('not-found', [remove(stranger, id, guest)])
    await refused('conflict', [remove(owner, id, owner)])
    await remove(admin, id, guest)
    await remove(member, id, member)
    const body = { name: 'Acme' }
    await call(owner.caller, api.delete, { params, body })
    await call(owner.caller, api.delete, { params, body })
    await call(owner.caller, api.cancelDeletion, { params })
    await call(owner.caller, api.transferOwnership, { params, body: { userId: admin.user.id } })
    await download(admin, id)

    const { entries } = await read(admin, id, { limit: 200 })
    const joined: [AuditType, string][] = [
      ['invitation.created', ''],
      ['member.joined', ''],
    ]
    expect(entries.map(({ type, by }) => `${type} by ${by.name}`).reverse()).toEqual([
      'organization.created by Olga Owner',
      ...['Adam Admin', 'Mia Member', 'Gus Guest'].flatMap((name) =>
        joined.map(([type]) => `${type} by ${type === 'member.joined' ? name : 'Olga Owner'}`),
      ),
      'organization.changed by Adam Admin',
      'member.role-changed by Olga Owner',
      'team.created by Adam Admin',
      'team.member-added by Adam Admin',
      'team.changed by Adam Admin',
      'team.member-removed by Mia Member',
      'team.deleted by Adam Admin',
      'invitation.created by Adam Admin',
      'invitation.resent by Adam Admin',
      'invitation.revoked by Adam Admin',
      'member.removed by Adam Admin',
      'member.left by Mia Member',
      'organization.deletion-requested by Olga Owner',
      'organization.deletion-cancelled by Olga Owner',
      'organization.ownership-transferred by Olga Owner',
      'audit.exported by Adam Admin',
    ])
    // No secret is in it.
    expect(JSON.stringify(entries)).not.toContain(invitation.url.split('/').at(-1))
  })

  it('keeps what people were called then', async () => {
    const { id } = await create(cast.owner)
    const person = await cast.people.person('Maiden Name')
    await join(cast.owner, person, id)
    await cast.people.auth.database.sql(`UPDATE users SET name = 'Married Name' WHERE id = $1`, [person.user.id])
    const [entry] = await entriesOf(id)
    expect(entry).toMatchObject({ type: 'member.joined', by: { name: 'Maiden Name' }, target: { name: 'Maiden Name' } })
  })

  it('is for owners and admins', async () => {
    const id = await organizationOf(cast)
    expect((await read(cast.admin, id)).entries).toHaveLength(7)
    await refused('forbidden', [
      read(cast.member, id),
      read(cast.guest, id),
      download(cast.member, id),
      download(cast.guest, id),
    ])
    await refused('not-found', [read(cast.stranger, id), download(cast.stranger, id)])
    await refused('invalid-input', [
      read(cast.owner, id, { type: 'made.up' as AuditType }),
      read(cast.owner, id, { from: 'yesterday' }),
      read(cast.owner, id, { limit: 201 }),
      read(cast.owner, id, { limit: 0 }),
      read(cast.owner, id, { before: 'no id!' }),
      read(cast.owner, id, { q: 'x'.repeat(101) }),
      download(cast.owner, id, { format: 'xlsx' as 'csv' }),
    ])
    await refused('not-found', [read(cast.owner, id, { before: 'unknown' })])
  })

  it('is paged, each entry once, also those of the same moment', async () => {
    const { id } = await create(cast.owner)
    const at = new Date(Date.now() - 60_000).toISOString()
    const ids = Array.from({ length: 30 }, () => randomUUID())
    await note(
      id,
      ids.map((one) => noted({ id: one, at })),
    )
    const seen: string[] = []
    for (let before: string | undefined; ; ) {
      const { entries, more } = await read(cast.owner, id, { limit: 7, ...(before ? { before } : {}) })
      seen.push(...entries.map((entry) => entry.id))
      before = entries.at(-1)?.id
      if (!more) break
    }
    expect(seen).toHaveLength(31)
    expect(seen.slice(1)).toEqual(ids.sort().reverse())
  })

  it('is filtered by kind, person, names and time', async () => {
    const { id } = await create(cast.owner)
    const { member, guest } = cast
    const by = ({ user }: TestPerson, name: string) => ({ principal: `user:${user.id}`, name })
    const day = (date: number) => `2026-03-${date}T12:00:00.000Z`
    await note(id, [
      noted({ at: day(10), by: by(member, 'Mia'), target: { type: 'document', id: 'a', name: '100% Plan' } }),
      noted({ at: day(11), by: by(member, 'Mia'), type: 'link.created', target: null }),
      noted({ at: day(12), by: by(guest, 'Gus_1'), target: { type: 'document', id: 'b', name: '灯塔计划' } }),
      // By a key of theirs, and by one whose id is that of another person.
      noted({ at: day(13), by: { principal: 'key:k1', name: null, person: guest.user.id }, target: null }),
      noted({
        at: day(14),
        by: { principal: `key:${guest.user.id}`, name: 'Mia', person: member.user.id },
        target: null,
      }),
    ])
    const days = async (query: Query) =>
      (await entriesOf(id, query)).map((entry) => Number(entry.at.slice(8, 10))).filter((date) => date < 13)
    const until = { to: day(20) }
    expect(await days(until)).toEqual([12, 11, 10])
    expect(await days({ ...until, type: 'link.created' })).toEqual([11])
    expect(await days({ ...until, by: member.user.id })).toEqual([11, 10])
    expect((await entriesOf(id, { by: member.user.id }))[0]?.by.principal).toBe(`key:${guest.user.id}`)
    const acts = await entriesOf(id, { by: guest.user.id })
    expect(acts.map(({ by }) => by)).toEqual([
      { principal: 'key:k1', name: cast.guest.user.name },
      { principal: `user:${guest.user.id}`, name: 'Gus_1' },
    ])
    expect(await days({ ...until, q: 'mIA' })).toEqual([11, 10])
    expect(await days({ ...until, q: '灯塔' })).toEqual([12])
    // Wildcards of SQL stand for themselves.
    expect([await days({ ...until, q: '%' }), await days({ ...until, q: '_' })]).toEqual([[10], [12]])
    expect(await days({ ...until, q: '\\' })).toEqual([])
    expect(await days({ from: day(11), to: day(12) })).toEqual([11])
    expect(await days({ ...until, q: '\u0000' })).toEqual([12, 11, 10])
    const exported = await download(cast.owner, id, { format: 'jsonl', by: member.user.id, q: 'plan' })
    expect(exported.text.trim().split('\n')).toHaveLength(1)
    const [latest] = await entriesOf(id)
    expect(latest?.detail).toEqual({ format: 'jsonl', by: member.user.id, q: 'plan' })
  })

  it('forgets what is older than it reaches', async () => {
    const { id } = await create(cast.owner)
    const [old, young] = [randomUUID(), randomUUID()]
    const ago = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString()
    await note(id, [noted({ id: old, at: ago(AUDIT_DAYS + 1) }), noted({ id: young, at: ago(AUDIT_DAYS - 1) })])
    await eventually(async () => {
      const kept = (await entriesOf(id)).map((entry) => entry.id)
      expect(kept).toContain(young)
      return !kept.includes(old)
    })
  })
})

describe('what other services note', () => {
  it('is kept once, with the name that auth knows where none is told', async () => {
    const { id } = await create(cast.owner)
    const entry = noted()
    await note(id, [entry])
    await note(id, [{ ...entry, target: null, detail: {} }])
    const link = noted({ by: { principal: 'link:v1', name: 'Visitor' }, type: 'link.opened', target: null, detail: {} })
    await note(id, [entry, link])
    const [second, first] = (await entriesOf(id)).filter(({ type }) => type !== 'organization.created')
    expect([first, second].map((one) => one?.by.name).sort()).toEqual(['Mia Member', 'Visitor'])
    const kept = (await entriesOf(id)).find((one) => one.id === entry.id)
    expect(kept).toEqual({ ...entry, by: { principal: entry.by.principal, name: 'Mia Member' } })
  })

  it('cannot break the log: odd text, a time that lies ahead, an organization that is gone', async () => {
    const { id } = await create(cast.owner)
    const odd = noted({
      at: '2999-01-01T00:00:00.000Z',
      target: { type: 'document', id: 'd', name: `a\u0000b\n${'👩'.repeat(400)}` },
      detail: { title: 'x\u0000\ud800' },
    })
    await note(id, [odd])
    const [entry] = await entriesOf(id, { type: 'document.shared' })
    expect(entry?.target?.name.startsWith('a b 👩')).toBe(true)
    expect(entry?.detail).toEqual({ title: 'x \ufffd' })
    expect(Date.parse(entry?.at ?? '')).toBeLessThanOrEqual(Date.now() + 1000)
    await note('gone', [noted()])
    expect(await cast.people.database.sql(`SELECT 1 FROM audit_entries WHERE organization_id = 'gone'`)).toEqual([])
    await refused('invalid-input', [
      note(id, []),
      note(id, [noted({ at: 'never' })]),
      note(id, [noted({ type: 'made.up' as AuditType })]),
    ])
  })

  it('needs the service secret', async () => {
    const { id } = await create(cast.owner)
    await refused('unauthenticated', [
      note(id, [noted()], { baseUrl: cast.people.internal.baseUrl }),
      note(id, [noted()], { ...cast.owner.caller, baseUrl: cast.people.internal.baseUrl }),
    ])
    await expect(note(id, [noted()], cast.owner.caller)).rejects.toEqual(problem('not-found'))
  })
})

describe('an export', () => {
  it('is CSV that no spreadsheet takes for formulas', async () => {
    const { id } = await create(cast.owner)
    const formula = '=HYPERLINK("http://evil.example","click, me")'
    await note(id, [noted({ target: { type: 'document', id: 'd1', name: formula }, detail: { a: '1', b: 'x;y' } })])
    const { headers, text } = await download(cast.admin, await withAdmin(id))
    expect(headers.get('content-type')).toContain('text/csv')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d{2}-\d{2}\.csv"$/)
    expect(headers.get('cache-control')).toContain('private')
    const lines = text.split('\r\n')
    expect(lines[0]).toBe('time,type,principal,name,target type,target id,target name,detail,address,device,id')
    expect(lines.at(-1)).toBe('')
    expect(text).toContain(
      `,document,d1,"'=HYPERLINK(""http://evil.example"",""click, me"")",a: 1; b: x;y,203.0.113.9,`,
    )
    expect(text).not.toMatch(/(^|,)"?=/m)
    expect(lines[1]).toContain('audit.exported')
  })

  it('is lines of JSON, as many as there are, in pages', async () => {
    const { id } = await create(cast.owner)
    const many = Array.from({ length: 1300 }, (_, index) => noted({ detail: { index: String(index) } }))
    for (let at = 0; at < many.length; at += 100) await note(id, many.slice(at, at + 100))
    const { headers, text } = await download(cast.owner, id, { format: 'jsonl', type: 'document.shared' })
    expect(headers.get('content-type')).toContain('application/jsonl')
    const entries = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntry)
    expect(entries).toHaveLength(1300)
    expect(new Set(entries.map((entry) => entry.id))).toEqual(new Set(many.map((entry) => entry.id)))
    const times = entries.map((entry) => entry.at)
    expect(times).toEqual([...times].sort().reverse())
  })

  async function withAdmin(id: string): Promise<string> {
    await join(cast.owner, cast.admin, id, 'admin')
    return id
  }
})

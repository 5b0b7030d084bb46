import { organizationApi as api, auditApi, authApi, type Caller, call, documentApi, keyApi } from '@realtime/contracts'
import { bearer, eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

// The audit log as it is in the whole platform: from where acts come, and acts on content among them.

let platform: TestPlatform
let ada: Caller
let id: string
let cookie: string
beforeAll(async () => {
  platform = await startPlatform()
  const person = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ada')
  const { caller } = person
  cookie = person.cookie
  ada = { ...caller, headers: async () => ({ ...(await caller.headers?.()), 'user-agent': 'Adas browser' }) }
  id = (await call(ada, api.create, { body: { name: 'Acme' } })).id
})
afterAll(() => platform?.stop())

const entries = async () => (await call(ada, auditApi.audit, { params: { id }, query: {} })).entries

test('nobody makes up an address on the way through the gateway', async () => {
  const forged = {
    'x-forwarded-for': '6.6.6.6',
    forwarded: 'for=6.6.6.6',
    'x-real-ip': '6.6.6.6',
    'x-client-ip': '6.6.6.6',
  }
  const caller = { ...ada, headers: async () => ({ ...(await ada.headers?.()), ...forged }) }
  await call(caller, api.update, { params: { id }, body: { name: 'Lighthouse' } })
  const [entry] = await entries()
  expect(entry).toMatchObject({ type: 'organization.changed', device: 'Adas browser', by: { name: 'Ada' } })
  expect(entry?.address).toMatch(/^(127\.0\.0\.1|::1)$/)
})

test('acts on content come to it, with from where', async () => {
  const project = await call(ada, documentApi.createProject, {
    body: { organizationId: id, name: 'Secret', access: 'private' },
  })
  const entry = await eventually(async () => (await entries()).find(({ type }) => type === 'project.created'))
  expect(entry).toMatchObject({
    by: { name: 'Ada' },
    target: { type: 'project', id: project.id, name: 'Secret' },
    device: 'Adas browser',
  })
  expect(entry?.address).toMatch(/^(127\.0\.0\.1|::1)$/)
})

test('what somebody does by a key of theirs is theirs, and names the key', async () => {
  const origin = platform.publicUrl
  const session: Caller = { baseUrl: origin, headers: () => ({ cookie, origin }) }
  const body = { name: 'Nightly import', scopes: ['documents:write' as const] }
  const made = await call(session, keyApi.createKey, { body })
  const { token } = await call(bearer(origin, made.key), keyApi.exchangeKey, {})
  const byKey = bearer(origin, token)
  const { projects } = await call(ada, documentApi.projects, { query: { organization: id } })
  const document = { projectId: projects[0]?.id ?? '', kind: 'document' as const, title: 'Imported' }
  const target = await call(byKey, documentApi.createDocument, { body: document })
  await call(byKey, documentApi.deleteDocument, { params: { id: target.id } })
  const entry = await eventually(async () => (await entries()).find(({ type }) => type === 'document.trashed'))
  expect(entry).toMatchObject({
    by: { principal: `key:${made.id}`, name: 'Ada' },
    detail: { 'API key': 'Nightly import' },
  })
  const { user } = await call(session, authApi.session, {})
  const filtered = await call(ada, auditApi.audit, { params: { id }, query: { by: user.id, type: 'document.trashed' } })
  expect(filtered.entries).toEqual([entry])
})

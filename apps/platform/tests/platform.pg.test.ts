import { createProvider, type Provider } from '@realtime/client'
import { authApi, type Caller, call, documentApi, healthApi, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await startPlatform()
  await enter('/auth/setup', { name: 'root', token: platform.env.SETUP_TOKEN })
})
afterAll(async () => {
  for (const provider of providers) provider.destroy()
  await platform?.stop()
})

const gateway = () => ({ baseUrl: platform.publicUrl, name: 'gateway' })

/** Creates an account and returns its session cookie. */
async function enter(path: string, input: { name: string; token?: string | undefined }): Promise<string> {
  const response = await fetch(platform.publicUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: platform.publicUrl },
    body: JSON.stringify({ ...input, email: `${input.name}@example.org`, password: 'correct horse battery' }),
  })
  expect(response.status).toBe(201)
  return response.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
}

/** Signs somebody up through the gateway and returns a caller with their user token. */
async function person(name: string): Promise<Caller> {
  const cookie = await enter('/auth/sign-up', { name })
  const { token } = await call({ ...gateway(), headers: () => ({ cookie }) }, authApi.token, {})
  return { ...gateway(), headers: () => ({ authorization: `Bearer ${token}` }) }
}

/** A new document in the first project of a person. */
async function documentOf(caller: Caller): Promise<{ id: string }> {
  const organization = await call(caller, organizationApi.ensurePersonal, {})
  const project = await call(caller, documentApi.ensureFirstProject, { query: { organization: organization.id } })
  const body = { projectId: project.id, kind: 'document', title: 'Notes' } as const
  const { id } = await call(caller, documentApi.createDocument, { body })
  return { id }
}

const providers: Provider[] = []

/** Takes part in a document as a browser does, through the gateway. */
function open(caller: Caller, { id }: { id: string }): Provider {
  const token = async () => String((await caller.headers?.())?.authorization).replace('Bearer ', '')
  const provider = createProvider({ url: platform.publicUrl, documentId: id, epoch: null, doc: new Y.Doc(), token })
  providers.push(provider)
  return provider
}

const text = (provider: Provider) => provider.doc.getText('test')

test('the gateway reaches every service', async () => {
  const { upstreams } = await call(gateway(), healthApi.gateway, {})
  const up = upstreams.filter(({ state }) => state === 'up').map(({ name }) => name)
  expect(up.sort()).toEqual(['auth', 'collaboration', 'document', 'organization'])
})

test('one person types, another session of theirs reads it, and a stranger knows nothing of it', async () => {
  const ada = await person('ada')
  const document = await documentOf(ada)
  const [first, second] = [open(ada, document), open(ada, document)]
  await eventually(() => first.state.everSynced && second.state.everSynced)
  text(first).insert(0, 'Hello')
  await eventually(() => text(second).toString() === 'Hello')
  text(second).insert(5, ' there')
  await eventually(() => text(first).toString() === 'Hello there')

  const stranger = await person('bob')
  await expect(call(stranger, documentApi.getDocument, { params: document })).rejects.toMatchObject({ status: 404 })
})

test('what is typed while document or collaboration is away arrives once it is back', async () => {
  const ada = await person('carol')
  const document = await documentOf(ada)
  const [writer, reader] = [open(ada, document), open(ada, document)]
  await eventually(() => writer.state.everSynced && reader.state.everSynced)
  for (const name of ['document', 'collaboration'] as const) {
    await platform.stopService(name)
    text(writer).insert(text(writer).length, `[while ${name} is away]`)
    await platform.startService(name)
    const expected = text(writer).toString()
    await eventually(() => text(reader).toString() === expected, 20_000)
  }
  const response = await call(ada, documentApi.state, { params: document })
  const stored = new Y.Doc()
  Y.applyUpdate(stored, new Uint8Array(await response.arrayBuffer()))
  expect(stored.getText('test').toString()).toBe('[while document is away][while collaboration is away]')
})

test('a service that is down is named at once, the others are untouched, and it comes back', async () => {
  const eve = await person('eve')
  await platform.stopService('organization')
  await expect(call(eve, organizationApi.list, {})).rejects.toMatchObject({ key: 'unavailable', status: 503 })
  expect(await call(gateway(), authApi.status, {})).toMatchObject({ signUp: 'open' })
  await platform.startService('organization')
  await eventually(async () => (await call(eve, organizationApi.list, {})).organizations)
})

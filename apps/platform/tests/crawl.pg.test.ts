import { randomBytes } from 'node:crypto'
import * as contracts from '@realtime/contracts'
import {
  type AnyEndpoint,
  call,
  commentApi,
  documentApi,
  libraryApi,
  organizationApi,
  pathOf,
  sharingApi,
  teamApi,
} from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Content, type Somebody, startContent } from './content.ts'

// A second tenant calls every endpoint there is with the ids of the first, and learns nothing: neither an answer nor a
// name, nor by which refusal whether something is there.

type Named = [name: string, endpoint: AnyEndpoint]

const all: Named[] = Object.entries(contracts).flatMap(([group, api]) =>
  /(Api|Internal)$/.test(group) && group !== 'publicApi'
    ? Object.entries(api as Record<string, AnyEndpoint>).map(([name, one]): Named => [`${group}.${name}`, one])
    : [],
)
// A few stand in two groups, as those of versions and files do. AI and billing's provider are not there in this platform.
const paths = new Set<string>()
const endpoints = all.filter(([, { method, path, access }]) => {
  const key = `${access} ${method} ${path}`
  if (paths.has(key) || path.startsWith('/ai/')) return false
  paths.add(key)
  return true
})
const ofPeople = endpoints.filter(([, { access }]) => access !== 'service')
const ofServices = endpoints.filter(([, { access }]) => access === 'service')

/** What ends the session or account of whoever calls it comes last. */
const LAST = [
  'authApi.signOut',
  'securityApi.revokeOtherSessions',
  'organizationApi.leaveAll',
  'securityApi.deleteAccount',
]
/** Refused before anybody is asked about, whoever calls: by a signature or a token that is not there. */
const BY_SIGNATURE = [
  'billingApi.webhook',
  'fileApi.file',
  'documentApi.file',
  'sharingApi.previewLink',
  'sharingApi.openLink',
  'organizationApi.previewInvitation',
  'organizationApi.acceptInvitation',
]

/** About oneself alone, whatever ids are named: they say the same of an id that never was. */
const OF_ONESELF = ['libraryApi.removeFavourite', 'libraryApi.readNotifications']

/** What is one's own to keep, with nothing of others in it. */
const OWN_LISTS = [
  ...OF_ONESELF,
  'libraryApi.addFavourite',
  'libraryApi.visit',
  'documentApi.fileLinks',
  'fileApi.fileLinks',
  'documentApi.ensureFirstProject',
]

/** The smallest picture there is. */
const PICTURE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

let content: Content
let eve: Somebody
let cookie: string
/** The ids of the first tenant, by what parameters call them. */
let ids: Record<string, string>
/** What only the first tenant knows. */
let names: string[]

beforeAll(async () => {
  content = await startContent()
  const { owner, organizationId, platform } = content
  const secret = `Secret${randomBytes(4).toString('hex')}`
  const params = { id: organizationId }
  await call(owner.caller, organizationApi.update, { params, body: { name: `${secret} organization` } })
  const member = await content.member(`${secret} member`)
  const team = await content.team(`${secret} team`, member)
  const project = await content.project(owner, 'organization', `${secret} project`)
  const body = { projectId: project.id, kind: 'document' as const, title: `${secret} document` }
  const document = await call(owner.caller, documentApi.createDocument, { body })
  const below = await call(owner.caller, documentApi.createDocument, { body: { ...body, parentId: document.id } })
  const share = await content.share(owner, { document: document.id }, { type: 'user', id: member.id }, 'edit')
  const link = await call(owner.caller, sharingApi.createLink, { params: { id: document.id }, body: {} })
  const version = await call(owner.caller, documentApi.createVersion, {
    params: { id: document.id },
    body: { name: `${secret} version` },
  })
  const thread = await call(owner.caller, commentApi.beginThread, {
    params: { id: document.id },
    body: { text: `${secret} comment of <@${member.id}>` },
  })
  await call(owner.caller, organizationApi.invite, { params, body: {} })
  const { invitations } = await call(owner.caller, organizationApi.invitations, { params })
  const { teams } = await call(owner.caller, teamApi.teams, { params })
  expect(teams.map(({ id }) => id)).toContain(team)
  ids = {
    organization: organizationId,
    organizationId,
    project: project.id,
    projectId: project.id,
    document: document.id,
    documentId: document.id,
    parent: document.id,
    parentId: document.id,
    child: below.id,
    user: member.id,
    userId: member.id,
    by: member.id,
    teamId: team,
    shareId: share,
    linkId: link.id,
    version: version.id,
    thread: thread.id,
    comment: thread.comments[0]?.id ?? '',
    invitationId: invitations[0]?.id ?? '',
    file: 'x'.repeat(43),
  }
  names = [secret, owner.name, 'secret.', 'olga']
  eve = await content.stranger('Eve Elsewhere')
  cookie = eve.cookie
  // Until search could find it.
  await eventually(async () => {
    const query = { organization: organizationId, q: secret }
    return (await call(owner.caller, libraryApi.search, { query })).hits.length > 0
  })
  expect(platform.publicUrl).toMatch(/^http/)
})
afterAll(() => content?.stop())

/** The id that `:id` means in a path. */
function idIn(path: string): string | undefined {
  if (path.startsWith('/documents/')) return ids.document
  if (path.startsWith('/projects/')) return ids.project
  if (path.startsWith('/orgs/') || path.startsWith('/billing/')) return ids.organization
  return path.startsWith('/auth/administration/accounts/') ? ids.user : 'unknown'
}

interface Shape {
  type?: string | string[]
  anyOf?: Shape[]
  oneOf?: Shape[]
  allOf?: Shape[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minLength?: number
  minimum?: number
  items?: Shape
  minItems?: number
  properties?: Record<string, Shape>
  required?: string[]
}

/** Something that a schema takes, made of the first tenant's ids wherever one is asked for. */
function sample(shape: Shape, key = '', every = false): unknown {
  if (shape.const !== undefined) return shape.const
  if (shape.enum) return shape.enum[0]
  const one = shape.anyOf ?? shape.oneOf
  if (one?.[0]) return sample(one[0], key, every)
  const type = Array.isArray(shape.type) ? shape.type[0] : shape.type
  if (type === 'object' || shape.properties) {
    const { properties = {}, required = [] } = shape
    const taken = Object.entries(properties).filter(([name]) => every || required.includes(name) || ids[name])
    return Object.fromEntries(taken.map(([name, inner]) => [name, sample(inner, name, every)]))
  }
  if (type === 'array') return [sample(shape.items ?? {}, key === 'files' ? 'file' : key, every)]
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return Math.max(1, shape.minimum ?? 1)
  if (key === 'id' || key === 'ids' || key === 'after' || key === 'before') return ids.user
  if (ids[key]) return ids[key]
  if (shape.format === 'date-time') return new Date(Date.now() + 3_600_000).toISOString()
  if (shape.format === 'email' || key === 'email') return 'somebody@example.net'
  if (key === 'q') return names[0]
  if (key === 'logo' || key === 'image') return PICTURE
  if (key === 'code') return '123456'
  return 'x'.repeat(Math.max(8, shape.minLength ?? 0))
}

const shapeOf = (schema: unknown): Shape =>
  schema instanceof z.ZodType ? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape) : {}

/** A request for an endpoint with the ids of the first tenant, and whether it names any. */
function requestOf({ path, query, body, bodyType }: AnyEndpoint, target = '') {
  const params = Object.fromEntries(
    [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => [
      name,
      name === 'id' ? idIn(path) : (ids[name] ?? 'unknown'),
    ]),
  )
  const isEmpty = body === undefined || body instanceof z.ZodUndefined
  const given = isEmpty || body === 'binary' ? undefined : sample(shapeOf(body), '', true)
  const asked = query ? (sample(shapeOf(query)) as Record<string, unknown>) : {}
  // Of what children may be asked by, one of both.
  if ('project' in asked && 'parent' in asked) delete asked[target === 'project' ? 'parent' : 'project']
  for (const page of ['after', 'before']) delete asked[page]
  const text = isEmpty ? null : body === 'binary' ? 'bytes' : JSON.stringify(given)
  const url = pathOf({ path } as AnyEndpoint, { params, query: asked })
  const sent = `${url} ${text}`
  const type = body === 'binary' ? (bodyType ?? 'application/octet-stream') : 'application/json'
  return {
    url,
    text,
    headers: (text === null ? {} : { 'content-type': type }) as Record<string, string>,
    namesOne: Object.values(ids).some((id) => sent.includes(id)),
    sent,
  }
}

interface Told {
  status: number
  text: string
  sent: string
  namesOne: boolean
}

async function ask(base: string, endpoint: AnyEndpoint, headers: Record<string, string>): Promise<Told> {
  const { url, text, sent, namesOne, ...request } = requestOf(endpoint)
  const going = new AbortController()
  const response = await fetch(base + url, {
    method: endpoint.method,
    headers: { ...request.headers, ...headers },
    body: text,
    redirect: 'manual',
    signal: going.signal,
  })
  const streams = response.headers.get('content-type')?.includes('event-stream') && response.ok
  const told = streams ? '' : await response.text()
  going.abort()
  const all = `${told} ${JSON.stringify([...response.headers])}`
  return { status: response.status, text: all, sent, namesOne }
}

/** What of the first tenant an answer holds that was not in the request: its ids and names. */
function leaks({ text, sent }: Told): string[] {
  const lower = text.toLowerCase()
  return [...Object.values(ids), ...names].filter(
    (one) => lower.includes(one.toLowerCase()) && !sent.toLowerCase().includes(one.toLowerCase()),
  )
}

const headersOf = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  cookie,
  origin: content.platform.publicUrl,
})
const inOrder = (list: Named[]): Named[] => [
  ...list.filter(([name]) => !LAST.includes(name)),
  ...LAST.flatMap((last) => list.filter(([name]) => name === last)),
]

test('the ids and requests are right: with them the first tenant is answered', async () => {
  const { owner, platform } = content
  const token = await owner.token()
  const wrong: string[] = []
  for (const [name, endpoint] of ofPeople) {
    if (endpoint.method !== 'GET' || endpoint.access !== 'user') continue
    const { status } = await ask(platform.publicUrl, endpoint, { authorization: `Bearer ${token}` })
    if (status !== 200) wrong.push(`${name}: ${status}`)
  }
  expect(wrong).toEqual([])
})

test('another tenant is refused, and reads nothing of the first anywhere', async () => {
  const token = await eve.token()
  const answered: string[] = []
  for (const [name, endpoint] of inOrder(ofPeople)) {
    const told = await ask(content.platform.publicUrl, endpoint, headersOf(token))
    expect(leaks(told), `${name} → ${told.status} ${told.text.slice(0, 300)}`).toEqual([])
    if (!told.namesOne || BY_SIGNATURE.includes(name) || OF_ONESELF.includes(name)) continue
    // Of one's own account are those by session: they take no id of others, or say they know none.
    if (![401, 403, 404].includes(told.status)) answered.push(`${name}: ${told.status} ${told.text.slice(0, 200)}`)
  }
  expect(answered).toEqual([])
})

test('a refusal is the same for what is there and for what never was', async () => {
  const other = await content.stranger('Ivan Elsewhere')
  const token = await other.token()
  const withThese = ids
  const told: string[] = []
  for (const [name, endpoint] of ofPeople) {
    if (endpoint.access !== 'user' || !requestOf(endpoint).namesOne || BY_SIGNATURE.includes(name)) continue
    const headers = { authorization: `Bearer ${token}` }
    const strip = ({ status, text }: Told): string =>
      `${status} ${/"type":"[^"]*"/.exec(text)?.[0]} ${/"detail":"[^"]*"/.exec(text)?.[0]}`
    const there = strip(await ask(content.platform.publicUrl, endpoint, headers))
    ids = Object.fromEntries(Object.entries(withThese).map(([key, id]) => [key, id.replace(/^.{8}/, '00000000')]))
    const nowhere = strip(await ask(content.platform.publicUrl, endpoint, headers))
    ids = withThese
    if (there !== nowhere) told.push(`${name}: ${there} — ${nowhere}`)
  }
  expect(told).toEqual([])
})

test('nobody without a token learns anything', async () => {
  const answered: string[] = []
  for (const [name, endpoint] of ofPeople) {
    const told = await ask(content.platform.publicUrl, endpoint, { origin: content.platform.publicUrl })
    expect(leaks(told), `${name} → ${told.status} ${told.text.slice(0, 300)}`).toEqual([])
    if (endpoint.access !== 'public' && told.status !== 401) answered.push(`${name}: ${told.status}`)
  }
  expect(answered).toEqual([])
})

test('a visitor and a reading key change nothing, see nothing around their document, and break nothing', async () => {
  const { owner, platform } = content
  const made = await call(owner.caller, sharingApi.createLink, { params: { id: ids.document ?? '' }, body: {} })
  const body = { token: made.url.split('/s/')[1] ?? '' }
  const { token } = await call({ baseUrl: platform.publicUrl }, sharingApi.openLink, { body })
  const headers = (await (await content.key(owner, 'documents:read')).headers?.()) as Record<string, string>
  const wrong: string[] = []
  for (const [name, endpoint] of ofPeople) {
    if (endpoint.access !== 'user' || BY_SIGNATURE.includes(name)) continue
    const visitor = await ask(platform.publicUrl, endpoint, { authorization: `Bearer ${token}` })
    const key = await ask(platform.publicUrl, endpoint, headers)
    const changes = endpoint.method !== 'GET' && !OWN_LISTS.includes(name)
    for (const [who, { status, text }] of [['visitor', visitor] as const, ['key', key] as const]) {
      if (status >= 500 || (changes && status < 300)) wrong.push(`${who}: ${name}: ${status} ${text.slice(0, 200)}`)
    }
    const around = [ids.child, ids.userId, ids.teamId, ids.organization].filter(
      (id) => visitor.text.includes(id ?? '') && !visitor.sent.includes(id ?? ''),
    )
    // Its organization stands in a document itself.
    const known = visitor.status === 200 && name === 'documentApi.getDocument' ? [ids.organization] : []
    if (around.some((id) => !known.includes(id))) wrong.push(`visitor: ${name} tells ${around}`)
  }
  expect(wrong).toEqual([])
})

test('internal endpoints are on no public port, and take no token of people', async () => {
  const { urls } = content.platform
  const token = await content.owner.token()
  const answered: string[] = []
  for (const [name, endpoint] of ofServices) {
    for (const { url, internalUrl } of Object.values(urls)) {
      const headers = { authorization: `Bearer ${token}` }
      const open = await ask(url, endpoint, headers)
      // The gateway hands what it does not know to the web app, which is not there.
      if (![404, 502, 503].includes(open.status)) answered.push(`${name} at ${url}: ${open.status}`)
      if (!internalUrl) continue
      const inner = await ask(internalUrl, endpoint, headers)
      if (![401, 404].includes(inner.status)) answered.push(`${name} inside: ${inner.status}`)
    }
  }
  expect(answered).toEqual([])
})

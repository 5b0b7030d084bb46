import { createProvider, type Provider } from '@realtime/client'
import { authApi, type Caller, call, documentApi, type InputOf, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import type * as Y from 'yjs'

/** Somebody who uses the platform over its public interfaces, without a browser. */
export interface Person {
  /** Calls with the person's token. */
  caller: Caller
  token(): Promise<string>
  /** The cookie of the session, for a program that asks for tokens by itself. */
  cookie: string
  organizationId: string
  projectId: string
  /** Ends the session. */
  signOut(): Promise<void>
  /** Takes part in a document with a replica of one's own. */
  open(documentId: string, doc: Y.Doc): Provider
}

/** Creates the administrator by the setup link. */
export async function setUp(setupLink: string, name: string): Promise<Person> {
  const link = new URL(setupLink)
  const token = link.searchParams.get('token') ?? ''
  return arrive(link.origin, authApi.setUp, { body: { token, ...account(name) } })
}

/** Signs up and joins by an invitation link. */
export async function join(invitationUrl: string, name: string): Promise<Person> {
  const link = new URL(invitationUrl)
  const token = link.pathname.split('/').at(-1) ?? ''
  const person = await arrive(link.origin, authApi.signUp, { body: { invitation: token, ...account(name) } })
  await call(person.caller, organizationApi.acceptInvitation, { body: { token } })
  return person
}

/** The credentials of a person of a test, by first name. */
export function account(name: string): { name: string; email: string; password: string } {
  return { name, email: `${name.toLowerCase().replace(/\W+/g, '.')}@example.org`, password: 'correct horse battery' }
}

async function arrive<E extends typeof authApi.setUp | typeof authApi.signUp>(
  url: string,
  endpoint: E,
  input: InputOf<E>,
): Promise<Person> {
  const response = await fetch(url + endpoint.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify((input as { body: unknown }).body),
  })
  if (!response.ok) throw new Error(`${endpoint.path}: ${response.status} ${await response.text()}`)
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  const session: Caller = { baseUrl: url, headers: () => ({ cookie, origin: url }) }
  const token = async () => (await eventually(() => call(session, authApi.token, {}), 60_000)).token
  const caller: Caller = { baseUrl: url, headers: async () => ({ authorization: `Bearer ${await token()}` }) }
  const organization = await call(caller, organizationApi.ensurePersonal, {})
  const project = await call(caller, documentApi.ensureFirstProject, { query: { organization: organization.id } })
  return {
    caller,
    token,
    cookie,
    organizationId: organization.id,
    projectId: project.id,
    signOut: () => call(session, authApi.signOut, {}),
    open: (documentId, doc) => createProvider({ url, documentId, epoch: null, doc, token }),
  }
}

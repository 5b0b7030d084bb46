import { documentApi as api, type Caller, call, libraryApi, organizationApi, type Resource } from '@realtime/contracts'
import { type DocumentConfig, start } from '@realtime/document'
import type { Running } from '@realtime/kit'
import { type FreshSchema, freshSchema } from '@realtime/kit/database'
import { expect } from 'vitest'
import { documentConfigOf, startPeople, type TestPeople, type TestPerson } from './people.ts'

/** A document service beside people: an owner, a member and a guest of Acme, and Eve, who has an organization of her own. */
export interface Library {
  people: TestPeople
  database: FreshSchema
  config: DocumentConfig
  document: Running
  ada: TestPerson
  max: TestPerson
  gus: TestPerson
  eve: TestPerson
  organization: string
  /** Open to the organization. */
  project: string
  /** Of Eve's organization. */
  elsewhere: { organization: string; project: string; document: string }
  /** How somebody calls the document service. */
  at(who: TestPerson): Caller
  create(title: string, where?: { parentId?: string; projectId?: string; by?: TestPerson }): Promise<Resource>
  /** Titles of what lies at the top of the project, or below a document. */
  below(parent?: string, who?: TestPerson): Promise<string[]>
  stop(): Promise<void>
}

/** Starts all of it on free ports and schemas of its own. */
export async function startLibrary(): Promise<Library> {
  const people = await startPeople()
  const database = freshSchema('document')
  const config = documentConfigOf(people, database)
  const document = await start(config)
  const [ada, max, gus, eve] = [
    await people.person('Ada'),
    await people.person('Max'),
    await people.person('Gus'),
    await people.person('Eve'),
  ]
  const at = (who: TestPerson): Caller => ({ ...who.caller, baseUrl: document.url })
  const organization = (await call(ada.caller, organizationApi.create, { body: { name: 'Acme' } })).id
  await invite({ organization, owner: ada }, max, 'member')
  await invite({ organization, owner: ada }, gus, 'guest')
  const first = (await call(at(ada), api.createProject, { body: { organizationId: organization, name: 'Work' } })).id
  const own = (await call(eve.caller, organizationApi.ensurePersonal, {})).id
  const theirs = (await call(at(eve), api.createProject, { body: { organizationId: own, name: 'Secret' } })).id
  const body = { projectId: theirs, kind: 'document', title: 'Hidden' } as const
  const hidden = (await call(at(eve), api.createDocument, { body })).id
  return {
    people,
    database,
    config,
    document,
    ada,
    max,
    gus,
    eve,
    organization,
    project: first,
    elsewhere: { organization: own, project: theirs, document: hidden },
    at,
    create: (title, { parentId, projectId = first, by = ada } = {}) =>
      call(at(by), api.createDocument, {
        body: { projectId, kind: 'document', title, ...(parentId ? { parentId } : {}) },
      }),
    async below(parent, who = ada) {
      const query = parent === undefined ? { project: first } : { parent }
      return (await call(at(who), libraryApi.children, { query })).documents.map(({ title }) => title)
    },
    async stop() {
      await document.stop()
      await database.drop()
      await people.stop()
    },
  }
}

/** Brings somebody into an organization. */
export async function invite(
  { organization, owner }: { organization: string; owner: TestPerson },
  who: TestPerson,
  role: 'member' | 'guest',
): Promise<void> {
  const { url } = await call(owner.caller, organizationApi.invite, { params: { id: organization }, body: { role } })
  await call(who.caller, organizationApi.acceptInvitation, { body: { token: url.split('/join/')[1] ?? '' } })
}

/** Expects that all of these calls are refused with one problem. */
export async function refused(key: string, calls: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(calls)
  const reason = expect.objectContaining({ key })
  expect(results).toEqual(calls.map(() => ({ status: 'rejected', reason })))
}

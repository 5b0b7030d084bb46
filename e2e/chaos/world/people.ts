import { call, documentApi, organizationApi } from '@realtime/contracts'
import { join, type Person, setUp } from '@realtime/platform/person'
import type { World } from './world.ts'

/** Creates the administrator and so many others, all members of one organization. */
export async function bringPeople({ setupLink }: World, count: number): Promise<Person[]> {
  const first = await setUp(setupLink, 'Ann Example')
  const people = [first]
  const params = { id: first.organizationId }
  while (people.length < count) {
    const invitation = await call(first.caller, organizationApi.invite, { params, body: { role: 'member' } })
    people.push(await join(invitation.url, `Member ${people.length}`))
  }
  return people
}

/** Creates documents that all of them may write to. */
export async function createDocuments(person: Person, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const body = { projectId: person.projectId, kind: 'document', title: `Under fire ${ids.length}` } as const
    ids.push((await call(person.caller, documentApi.createDocument, { body })).id)
  }
  return ids
}

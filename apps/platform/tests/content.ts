import {
  authApi,
  type Caller,
  call,
  documentApi,
  type Grantee,
  type KeyScope,
  keyApi,
  type Level,
  organizationApi,
  type Project,
  type ProjectAccess,
  type Resource,
  type Role,
  sharingApi,
  teamApi,
} from '@realtime/contracts'
import { bearer } from '@realtime/kit/testing'
import { join, type Person, setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

/** Somebody with an account, in an organization or not. */
export interface Somebody extends Person {
  id: string
  name: string
}

/** A platform with one organization, and what is needed to fill it. */
export interface Content {
  platform: TestPlatform
  organizationId: string
  owner: Somebody
  /** A new account, which is no member of the organization. */
  stranger(name: string): Promise<Somebody>
  /** A new member of the organization. */
  member(name: string, role?: Role): Promise<Somebody>
  team(name: string, ...people: Somebody[]): Promise<string>
  project(by: Somebody, access: ProjectAccess, name?: string): Promise<Project>
  document(by: Somebody, projectId: string, parentId?: string | null): Promise<Resource>
  share(by: Somebody, on: { document: string } | { project: string }, grantee: Grantee, level: Level): Promise<string>
  /** A caller with a token of an API key of somebody. */
  key(of: Somebody, ...scopes: KeyScope[]): Promise<Caller>
  stop(): Promise<void>
}

/** Starts all services, with an owner and their organization. */
export async function startContent(): Promise<Content> {
  // A table of everything is more than one person does in ten seconds.
  const platform = await startPlatform({ env: { RATE_LIMIT_ACTOR: '0' } })
  const { publicUrl } = platform
  const owner = await known(
    publicUrl,
    await setUp(`${publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Olga Owner'),
    'Olga Owner',
  )
  const organizationId = (await call(owner.caller, organizationApi.create, { body: { name: 'Acme' } })).id
  const invited = async (name: string, id: string, role: 'admin' | 'member' | 'guest') => {
    const { url } = await call(owner.caller, organizationApi.invite, { params: { id }, body: { role } })
    return known(publicUrl, await join(url, name), name)
  }
  return {
    platform,
    organizationId,
    owner,
    // By way of another organization: nobody signs up without an invitation everywhere.
    stranger: async (name) => {
      const aside = await call(owner.caller, organizationApi.create, { body: { name: `Aside of ${name}` } })
      return invited(name, aside.id, 'guest')
    },
    async member(name, role = 'member') {
      if (role !== 'owner') return invited(name, organizationId, role)
      const person = await invited(name, organizationId, 'admin')
      const params = { id: organizationId, userId: person.id }
      await call(owner.caller, organizationApi.updateMember, { params, body: { role } })
      return person
    },
    async team(name, ...people) {
      const { id: teamId } = await call(owner.caller, teamApi.createTeam, {
        params: { id: organizationId },
        body: { name },
      })
      for (const { id: userId } of people) {
        await call(owner.caller, teamApi.addTeamMember, { params: { id: organizationId, teamId, userId } })
      }
      return teamId
    },
    project: (by, access, name = `A project: ${access}`) =>
      call(by.caller, documentApi.createProject, { body: { organizationId, name, access } }),
    document: (by, projectId, parentId = null) =>
      call(by.caller, documentApi.createDocument, { body: { projectId, parentId, kind: 'document', title: 'A plan' } }),
    async share(by, on, grantee, level) {
      const body = { grantee, level }
      if ('document' in on) return (await call(by.caller, sharingApi.share, { params: { id: on.document }, body })).id
      return (await call(by.caller, sharingApi.shareProject, { params: { id: on.project }, body })).id
    },
    async key(of, ...scopes) {
      const session: Caller = { baseUrl: publicUrl, headers: () => ({ cookie: of.cookie, origin: publicUrl }) }
      const { key } = await call(session, keyApi.createKey, { body: { name: 'A program', scopes } })
      return bearer(publicUrl, (await call(bearer(publicUrl, key), keyApi.exchangeKey, {})).token)
    },
    stop: () => platform.stop(),
  }
}

async function known(url: string, person: Person, name: string): Promise<Somebody> {
  const session: Caller = { baseUrl: url, headers: () => ({ cookie: person.cookie, origin: url }) }
  const { user } = await call(session, authApi.session, {})
  return { ...person, caller: bearer(url, await person.token()), id: user.id, name }
}

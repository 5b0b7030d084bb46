import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AppendFrame,
  type Caller,
  call,
  documentApi,
  documentInternal,
  EPOCH_HEADER,
  encodeAppend,
  organizationApi,
} from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { join as joinAs, type Person, setUp } from '@realtime/platform/person'
import { startPostgres } from '@realtime/platform/postgres'
import { testEnvironment } from '@realtime/platform/testing'
import type { Door } from '../load/client.ts'
import { ours } from '../load/protocol/ours.ts'
import { moveToServerCore } from './cores.ts'
import { plainEnv } from './peer.ts'
import { listensAt } from './ports.ts'
import { cpuOfFamily, familyOf } from './proc.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import type { Target } from './target.ts'

const services = ['auth', 'organization', 'document', 'collaboration', 'gateway'] as const
type Service = (typeof services)[number]

/** As many as the clients of the load are: one person may not open hundreds of documents at once, again and again. */
const PEOPLE = 8

/** The platform as `npm start` runs it without web and AI: a process a service, and PostgreSQL, all on one core. */
export interface Platform extends Target {
  name: 'ours'
  document: ServerProcess
  /** The way in that people take. */
  gateway: Door
  databaseUrl: string
  /** Calls the document service as somebody who may write. */
  caller: Caller
  /** Makes a document as new ones are. */
  create(): Promise<string>
  append(id: string, frames: Pick<AppendFrame, 'clientIds' | 'update'>[]): Promise<void>
  /** The collaboration process anew, with nothing in memory; renews the tokens, too. */
  restart(): Promise<void>
  /** The document process anew. */
  restartDocument(): Promise<void>
  /** Open rooms, as the collaboration service tells. */
  rooms(): Promise<number>
}

/** Starts it on data of its own below `folder`. */
export async function startPlatform(folder: string): Promise<Platform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
  const log = { info() {}, warn() {}, error() {}, debug() {} }
  const postgres = await startPostgres({ dataDir, password: randomBytes(32).toString('hex'), log })
  moveToServerCore(familyOf(postgres.pid))
  const env = {
    ...plainEnv(),
    ...(await testEnvironment({
      DATABASE_URL: postgres.url,
      DATABASE_ADMIN_URL: postgres.adminUrl,
      DATABASE_DIRECT_URL: postgres.url,
    })),
  } as Record<string, string>
  const running = new Map<Service, ServerProcess>()
  const run = (name: Service): void => {
    running.set(name, startServer(name, ['--import', 'tsx', 'apps/platform/src/main.ts', name], env, folder))
  }
  const part = (name: Service) => running.get(name) as ServerProcess
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((server) => server.stop()))
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const ready = async (name: Service): Promise<void> => {
    await eventually(async () => {
      if (part(name).ended()) return true
      if (name === 'gateway') return listensAt(portOf(env, 'GATEWAY'))
      return (await fetch(`${env[`${name.toUpperCase()}_INTERNAL_URL`]}/ready`)).ok
    }, 60_000)
    const ended = part(name).ended()
    if (ended) throw new Error(`${ended}: ${part(name).lastWords()}`)
  }
  try {
    for (const name of services) run(name)
    for (const name of services) await ready(name)
    const person = await setUp(`${env.PUBLIC_URL}/setup?token=${env.SETUP_TOKEN}`, 'Ann Example')
    const people = [person, ...(await colleagues(person, PEOPLE - 1))]
    let tokens = await Promise.all(people.map((one) => one.token()))
    const [token = ''] = tokens
    const caller: Caller = {
      baseUrl: env.DOCUMENT_URL as string,
      headers: () => ({ authorization: `Bearer ${tokens[0]}` }),
      timeoutMs: 60_000,
    }
    const inside = serviceCaller({
      from: 'collaboration',
      to: 'document',
      url: env.DOCUMENT_INTERNAL_URL as string,
      secret: env.DOCUMENT_SERVICE_SECRET as string,
      timeoutMs: 60_000,
    })
    // A client id is one person's for good.
    const protocol = ours((clientId) => tokens[clientId % tokens.length] ?? '')
    const principal = `user:${subjectOf(token)}`
    const create = async (): Promise<string> => {
      const body = { projectId: person.projectId, kind: 'document', title: 'Bench' } as const
      return (await call(caller, documentApi.createDocument, { body })).id
    }
    const epochs = new Map<string, string>()
    const append: Platform['append'] = async (id, frames) => {
      const epoch = epochs.get(id) ?? (await epochOf(inside, id))
      epochs.set(id, epoch)
      const body = encodeAppend(frames.map((frame) => ({ principal, origin: 'user', ...frame })))
      await call(inside, documentInternal.append, { params: { id }, query: { epoch }, body })
    }
    return {
      name: 'ours',
      door: { host: '127.0.0.1', port: portOf(env, 'COLLABORATION'), protocol },
      gateway: { host: '127.0.0.1', port: portOf(env, 'GATEWAY'), protocol },
      get server() {
        return part('collaboration')
      },
      get document() {
        return part('document')
      },
      databaseUrl: postgres.adminUrl,
      caller,
      beside: () => ({
        gateway: part('gateway').cpu(),
        document: part('document').cpu(),
        PostgreSQL: cpuOfFamily(postgres.pid),
      }),
      create,
      append,
      async prepare({ clientIds, state }) {
        const id = await create()
        await append(id, [{ clientIds, update: state }])
        return { name: id, release() {} }
      },
      async restart() {
        await part('collaboration').stop()
        run('collaboration')
        await ready('collaboration')
        tokens = await Promise.all(people.map((one) => one.token()))
      },
      async restartDocument() {
        await part('document').stop()
        run('document')
        await ready('document')
      },
      async rooms() {
        const metrics = await (await fetch(`${env.COLLABORATION_INTERNAL_URL}/metrics`)).text()
        return Number(/^collaboration_rooms\S* (\d+)/m.exec(metrics)?.[1] ?? Number.NaN)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** People who join the organization of somebody as members. */
async function colleagues(person: Person, count: number): Promise<Person[]> {
  const params = { id: person.organizationId }
  const { url } = await call(person.caller, organizationApi.invite, { params, body: {} })
  return Promise.all(Array.from({ length: count }, (_, index) => joinAs(url, `Colleague ${index}`)))
}

/** The epoch of a document, from the answer about a part of its log that nothing has reached. */
async function epochOf(inside: Caller, id: string): Promise<string> {
  const response = await call(inside, documentInternal.load, { params: { id }, query: { after: 2 ** 40 } })
  await response.body?.cancel()
  return response.headers.get(EPOCH_HEADER) ?? ''
}

function portOf(env: Record<string, string>, name: string): number {
  return Number(new URL(env[`${name}_URL`] ?? `http://${env[`${name}_LISTEN`]}`).port)
}

/** Whom a user token is about. */
function subjectOf(token: string): string {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
  return (JSON.parse(payload) as { sub: string }).sub
}

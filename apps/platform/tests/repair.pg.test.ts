import { call, documentApi, EPOCH_HEADER, organizationApi, type Resource } from '@realtime/contracts'
import { clientConfig, connectClient, freshSchema } from '@realtime/kit/database'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { checkDatabase } from '../src/doctor/database.ts'
import type { Finding } from '../src/doctor/finding.ts'
import { join, type Person, setUp } from '../src/person.ts'
import { repairDocument } from '../src/repair.ts'
import { readSettings } from '../src/supervisor/settings.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

let platform: TestPlatform
let ann: Person
let bob: Person

beforeAll(async () => {
  platform = await startPlatform()
  ann = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ann')
  const invite = { params: { id: ann.organizationId }, body: { role: 'member' } } as const
  bob = await join((await call(ann.caller, organizationApi.invite, invite)).url, 'Bob')
})
afterAll(() => platform?.stop())

const create = (): Promise<Resource> =>
  call(ann.caller, documentApi.createDocument, { body: { projectId: ann.projectId, kind: 'document', title: 'T' } })

/** What a page would show. */
async function shown(person: Person, id: string): Promise<{ text: string; epoch: string | null }> {
  const answer = await call(person.caller, documentApi.state, { params: { id } })
  const doc = new Y.Doc()
  Y.applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()))
  return { text: doc.getXmlFragment('content').toString(), epoch: answer.headers.get(EPOCH_HEADER) }
}

function opened(person: Person, id: string) {
  const doc = new Y.Doc()
  return { doc, provider: person.open(id, doc) }
}

test('a repaired document ends for whoever has it open, and merges with nothing of theirs', async () => {
  const { id } = await create()
  const [own, other] = [opened(ann, id), opened(bob, id)]
  try {
    await eventually(() => own.provider.state.phase === 'online' && other.provider.state.phase === 'online')
    const old = new Y.XmlElement('heading')
    own.doc.getXmlFragment('content').insert(0, [old])
    await eventually(() => other.doc.getXmlFragment('content').toString().includes('heading'))
    const anew = new Y.Doc()
    anew.getXmlFragment('content').insert(0, [new Y.XmlElement('horizontalRule')])
    const repaired = await repairDocument(platform.env, id, Y.encodeStateAsUpdate(anew))
    for (const { provider } of [own, other]) {
      await eventually(() => provider.state.problem?.key === 'epoch-changed')
    }
    other.doc.getXmlFragment('content').insert(0, [new Y.XmlElement('blockquote')])
    expect(await shown(bob, id)).toEqual({ text: '<horizontalrule></horizontalrule>', epoch: repaired.epoch })
    const { versions } = await call(ann.caller, documentApi.versions, { params: { id }, query: {} })
    expect(versions).toMatchObject([{ reason: 'before-restore', people: [{ name: 'Ann' }] }])
  } finally {
    own.provider.destroy()
    other.provider.destroy()
  }
})

test('a document with a row that cannot be read is an error, never empty, until it is repaired', async () => {
  const { id } = await create()
  await platform.schemas.document?.sql(
    `INSERT INTO updates (resource_id, seq, epoch, principal, origin, bytes)
     SELECT id, 2, epoch, created_by, 'user', '\\x010203' FROM resources WHERE id = $1`,
    [id],
  )
  await platform.schemas.document?.sql('UPDATE resources SET seq = 2 WHERE id = $1', [id])
  await expect(shown(ann, id)).rejects.toMatchObject({ key: 'internal' })
  const session = opened(ann, id)
  try {
    await eventually(() => session.provider.state.problem?.key === 'internal')
    expect(session.provider.state.everSynced).toBe(false)
    await repairDocument(platform.env, id)
    expect((await shown(ann, id)).text).toBe('<paragraph></paragraph>')
    session.provider.retry()
    await eventually(() => session.provider.state.phase === 'online')
  } finally {
    session.provider.destroy()
  }
})

test('the doctor names documents whose log is in trouble', async () => {
  const fresh = freshSchema('doctor')
  await fresh.sql(`CREATE DATABASE ${fresh.schema}`)
  const url = new URL(fresh.url)
  url.pathname = fresh.schema
  const client = await connectClient(clientConfig({ url: url.href }))
  const findings = async (): Promise<Finding[]> => {
    const settings = { ...readSettings({ DATA_DIR: '/nowhere/at/all' }), databaseUrl: url.href }
    const told: Finding[] = []
    for await (const finding of checkDatabase(settings, {}, null)) told.push(finding)
    return told.filter(({ about }) => about === 'document')
  }
  try {
    expect(await findings()).toEqual([])
    await client.query('CREATE SCHEMA document')
    await client.query(
      'CREATE TABLE document.log_troubles (resource_id text, reason text, detail text, at timestamptz)',
    )
    await client.query(`INSERT INTO document.log_troubles VALUES ('abc', 'unreadable', 'row 7: cut', now())`)
    expect(await findings()).toEqual([
      {
        level: 'fail',
        about: 'document',
        text: 'abc: unreadable: row 7: cut',
        mend: 'npm run repair abc (see docs/running.md)',
      },
    ])
  } finally {
    await client.end()
    await fresh.sql(`DROP DATABASE ${fresh.schema}`)
  }
})

test('without a service to ask it says what is missing', async () => {
  const { DOCUMENT_INTERNAL_URL } = platform.env
  await expect(repairDocument({ DOCUMENT_INTERNAL_URL }, 'x')).rejects.toThrow('DOCUMENT_SERVICE_SECRET')
  await expect(repairDocument({ DATA_DIR: '/nowhere/at/all' }, 'x')).rejects.toThrow('does not run')
  const wrong = { DOCUMENT_INTERNAL_URL, DOCUMENT_SERVICE_SECRET: 'another secret that is long enough' }
  await expect(repairDocument(wrong, 'x')).rejects.toMatchObject({ key: 'unauthenticated' })
  await expect(repairDocument(platform.env, 'nowhere')).rejects.toMatchObject({ key: 'not-found' })
})

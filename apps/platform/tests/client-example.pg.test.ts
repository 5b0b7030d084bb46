import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileStore } from '@realtime/client/file'
import { call, documentApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { resourceKinds } from '@realtime/resources'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { account, type Person, setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

// The example in the README of packages/client, as a stranger runs it.

const example = fileURLToPath(new URL('../../../packages/client/examples/notes.ts', import.meta.url))
let platform: TestPlatform
let ann: Person

beforeAll(async () => {
  platform = await startPlatform()
  ann = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ann')
})
afterAll(() => platform.stop())

const textOf = (doc: Y.Doc): string => resourceKinds.document.text(doc)
const create = () =>
  call(ann.caller, documentApi.createDocument, { body: { projectId: ann.projectId, kind: 'document', title: 'Notes' } })

function run(args: string[], env: Record<string, string>) {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', example, ...args], { env: { PATH, ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output.err += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { child, output, ended }
}

test('the example prints what others write, adds its lines, and leaves when they are saved', async () => {
  const { id } = await create()
  const doc = new Y.Doc()
  const provider = ann.open(id, doc)
  await eventually(() => provider.state.phase === 'online')
  const { email, password } = account('Ann')
  const outbox = join(await mkdtemp(join(tmpdir(), 'notes-')), 'outbox')
  const { child, output, ended } = run([platform.publicUrl, id, outbox], { EMAIL: email, PASSWORD: password })
  child.stdin.write('Hello from the command line\n')
  await eventually(() => textOf(doc).includes('Hello from the command line'))
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText('Hello back')])
  doc.getXmlFragment('content').push([paragraph])
  await eventually(() => output.out.includes('Hello from the command line\nHello back'))
  child.stdin.end('Goodbye\n')
  expect(await ended, output.err).toBe(0)
  await eventually(() => textOf(doc).endsWith('Goodbye'))
  provider.destroy()
  const store = await fileStore(outbox)
  expect(await store.epochs(id)).toEqual([])
  await store.close()
}, 60_000)

test('the example says why it could not save', async () => {
  const { child, output, ended } = run([platform.publicUrl, 'nothing-here'], { TOKEN: await ann.token() })
  child.stdin.end('Lost?\n')
  expect(await ended).toBe(1)
  expect(output.err).toMatch(/Not saved: There is nothing here/)
}, 60_000)

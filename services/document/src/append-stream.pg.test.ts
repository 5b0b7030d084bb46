import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { type AppendFrame, documentInternal, encodeGroup, type GroupedAppend } from '@realtime/contracts'
import { bearer, eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Resource } from './database/client.ts'
import { type Bench, load, replay, startBench, typed } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 30_000)
afterAll(() => bench?.stop())

interface Line {
  group: number
  index?: number
  firstSeq?: number
  lastSeq?: number
  problem?: { type: string }
}

/** An open stream of groups. */
interface Stream {
  request: ClientRequest
  lines: Line[]
  status: number
  ended: boolean
  send(...group: GroupedAppend[]): void
}

async function open(headers?: Record<string, string>): Promise<Stream> {
  const { method, path } = documentInternal.appends
  const asking = request(new URL(path, bench.internal.baseUrl), {
    method,
    headers: { ...(headers ?? (await bench.internal.headers?.())), 'content-type': 'application/octet-stream' },
  })
  asking.on('error', () => undefined)
  asking.flushHeaders()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const stream: Stream = {
    request: asking,
    lines: [],
    status: response.statusCode ?? 0,
    ended: false,
    send: (...group) => void asking.write(framed(encodeGroup(group))),
  }
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) stream.lines.push(JSON.parse(line) as Line)
  })
  response.on('end', () => {
    stream.ended = true
  })
  return stream
}

function framed(group: Uint8Array): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(group.length)
  return Buffer.concat([head, group])
}

const to = ({ id, epoch }: Resource, ...frames: AppendFrame[]): GroupedAppend => ({ document: id, epoch, frames })
const notesOf = async (id: string): Promise<string> =>
  replay((await load(bench, id)).frames)
    .getText('notes')
    .toString()

test('groups follow one another; each append is answered by group and place', async () => {
  const [one, two] = [await bench.document(), await bench.document()]
  const stream = await open()
  expect(stream.status).toBe(200)
  stream.send(to(one, typed('a')), to(two, typed('x')))
  await eventually(() => stream.lines.length === 2)
  stream.send(to(one, typed('b')))
  await eventually(() => stream.lines.length === 3)
  expect(stream.lines.slice(0, 2).sort((a, b) => (a.index ?? 0) - (b.index ?? 0))).toEqual([
    { group: 0, index: 0, firstSeq: 2, lastSeq: 2 },
    { group: 0, index: 1, firstSeq: 2, lastSeq: 2 },
  ])
  expect(stream.lines[2]).toEqual({ group: 1, index: 0, firstSeq: 3, lastSeq: 3 })
  expect(await notesOf(one.id)).toHaveLength(2)
  stream.request.end()
  await eventually(() => stream.ended)
})

test('however the network cuts them', async () => {
  const document = await bench.document()
  const stream = await open()
  const groups = [...'abcdefghij'].map((letter) => framed(encodeGroup([to(document, typed(letter))])))
  const bytes = Buffer.concat(groups)
  for (let at = 0; at < bytes.length; at += 7) {
    stream.request.write(bytes.subarray(at, at + 7))
    // So that each piece leaves by itself.
    await new Promise((resolve) => setImmediate(resolve))
  }
  await eventually(() => stream.lines.length === 10)
  expect(stream.lines.every(({ problem }) => problem === undefined)).toBe(true)
  expect(await notesOf(document.id)).toHaveLength(10)
  stream.request.destroy()
})

test('a wrong append is its own trouble; a group that is none ends the stream after what was taken', async () => {
  const document = await bench.document()
  const stream = await open()
  stream.send({ document: 'nowhere', epoch: document.epoch, frames: [typed('a')] })
  await eventually(() => stream.lines.length === 1)
  expect(stream.lines[0]).toMatchObject({ group: 0, index: 0, problem: { type: '/problems/not-found' } })
  stream.send(to(document, typed('b')))
  stream.request.write(framed(Uint8Array.of(200, 1, 2)))
  await eventually(() => stream.ended)
  expect(stream.lines).toContainEqual({ group: 1, index: 0, firstSeq: 2, lastSeq: 2 })
  expect(stream.lines.find(({ group }) => group === 2)).toMatchObject({ problem: { type: '/problems/invalid-input' } })
})

test('a group that is too long is refused before it has come', async () => {
  const stream = await open()
  stream.request.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]))
  await eventually(() => stream.ended)
  expect(stream.lines).toMatchObject([{ problem: { type: '/problems/payload-too-large' } }])
})

test('only services may', async () => {
  const headers = await bearer('', 'nonsense').headers?.()
  expect((await open(headers)).status).toBe(401)
  expect((await open({})).status).toBe(401)
})

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { eventually } from '@realtime/kit/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Link, openLink } from './link.ts'

let server: Server
let link: Link
/** The server's ends, and what reached them. */
let ends: Socket[]
let heard: string

beforeEach(async () => {
  ends = []
  heard = ''
  server = createServer({ allowHalfOpen: true }, (socket) => {
    ends.push(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard += bytes
      socket.write(`<${bytes}>`)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  link = await openLink((server.address() as AddressInfo).port)
})
afterEach(async () => {
  await link.stop()
  for (const end of ends) end.destroy()
  server.close()
})

interface Client {
  socket: Socket
  heard: string
  over: 'no' | 'end' | 'close' | 'reset'
}

function open(): Client {
  const client: Client = {
    socket: connect({ port: link.port, host: '127.0.0.1', allowHalfOpen: true }),
    heard: '',
    over: 'no',
  }
  client.socket.on('data', (bytes) => {
    client.heard += bytes
  })
  client.socket.on('end', () => {
    client.over = 'end'
  })
  client.socket.on('error', () => {})
  client.socket.on('close', (failed) => {
    client.over = failed ? 'reset' : 'close'
  })
  return client
}

/** A connection through which something went already. */
async function talking(): Promise<Client> {
  const client = open()
  client.socket.write('a')
  await eventually(() => client.heard === '<a>')
  return client
}

describe('a link', () => {
  test('passes on what is sent, and its end', async () => {
    const client = await talking()
    client.socket.end('b')
    await eventually(() => heard === 'ab' && ends[0]?.readableEnded)
    ends[0]?.end('c')
    await eventually(() => client.heard === '<a><b>c' && client.over === 'close')
    expect(link.bytes).toBe(9)
  })

  test('cuts and resets what there is, and takes new connections', async () => {
    const [first, second] = [await talking(), open()]
    link.suffer('cut', 0)
    await eventually(() => first.over !== 'no' && ends[0]?.readableEnded)
    second.socket.destroy()
    const third = await talking()
    link.suffer('reset', 0)
    await eventually(() => third.over === 'reset')
    await talking()
  })

  test('refuses until it is healed', async () => {
    const client = await talking()
    link.suffer('refuse', 60_000)
    await eventually(() => client.over === 'reset')
    const refused = open()
    await eventually(() => refused.over === 'reset')
    expect(refused.heard).toBe('')
    link.heal()
    await talking()
  })

  test('tells one side alone that the other is gone', async () => {
    const client = await talking()
    link.suffer('half-up', 0)
    await eventually(() => ends[0]?.readableEnded)
    ends[0]?.write('still')
    await eventually(() => client.heard === '<a>still')
    const other = await talking()
    link.suffer('half-down', 0)
    await eventually(() => other.over === 'end')
    other.socket.write('still')
    await eventually(() => heard.endsWith('still'))
  })

  test('holds back one way or both, and lets go later', async () => {
    const client = await talking()
    link.suffer('stall-down', 60_000)
    client.socket.write('b')
    await eventually(() => heard === 'ab')
    link.suffer('stall-up', 60_000)
    client.socket.write('c')
    await eventually(() => client.socket.bytesWritten === 3)
    expect(client.heard).toBe('<a>')
    link.heal()
    await eventually(() => heard === 'abc' && client.heard === '<a><b><c>')
  })

  test('swallows what is sent into a hole, and ends those connections after it', async () => {
    const client = await talking()
    link.suffer('hole', 300)
    const later = open()
    client.socket.write('b')
    later.socket.write('c')
    await eventually(() => client.over !== 'no' && later.over !== 'no')
    expect(heard).toBe('a')
    await talking()
  })

  test('takes its time, and loses nothing', async () => {
    const client = await talking()
    link.suffer('delay', 60_000)
    const began = performance.now()
    client.socket.write('b')
    await eventually(() => client.heard === '<a><b>')
    expect(performance.now() - began).toBeGreaterThan(500)
    link.heal()
    link.suffer('slow', 60_000)
    client.socket.write('x'.repeat(10_000))
    await eventually(() => client.heard.includes(`x>`))
    expect(performance.now() - began).toBeGreaterThan(1_400)
    expect(heard).toHaveLength(10_002)
  })
})

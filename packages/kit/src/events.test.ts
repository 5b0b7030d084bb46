import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, expect, test } from 'vitest'
import { type EventStream, openEvents, readEvents } from './events.ts'
import { eventually } from './testing.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

async function listen(app: express.Express): Promise<string> {
  const server = createServer(app)
  stops.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('events read as they were sent', async () => {
  let closed = 0
  const url = await listen(
    express().get('/', (request, response) => {
      const stream = openEvents(request, response, { heartbeatMs: 20, onClose: () => closed++ })
      stream.send('one', { text: 'a\nb\r\nü 👋' })
      setTimeout(() => {
        stream.send('two', [1])
        stream.close()
        stream.send('late', {})
      }, 60)
    }),
  )
  const response = await fetch(url)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const events = []
  for await (const event of readEvents(response)) events.push(event)
  expect(events.filter(({ event }) => event !== 'comment')).toEqual([
    { event: 'one', data: JSON.stringify({ text: 'a\nb\r\nü 👋' }) },
    { event: 'two', data: '[1]' },
  ])
  expect(events.some(({ data }) => data.trim() === 'beat')).toBe(true)
  await eventually(() => closed === 1)
})

test('a reader who left before the stream was opened leaves nothing running', async () => {
  let opened = false
  let closed = 0
  let writes = 0
  const leaving = new AbortController()
  const url = await listen(
    express().get('/', (request, response) => {
      response.once('close', () => {
        const write = response.write.bind(response)
        response.write = ((text: string) => {
          writes++
          return write(text)
        }) as typeof response.write
        openEvents(request, response, { heartbeatMs: 5, onClose: () => closed++ })
        opened = true
      })
      leaving.abort()
    }),
  )
  await expect(fetch(url, { signal: leaving.signal })).rejects.toThrow()
  await eventually(() => opened && closed === 1)
  const before = writes
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(writes).toBe(before)
})

test('characters and lines may be cut anywhere', async () => {
  const bytes = new TextEncoder().encode('event: a\r\ndata: ü👋\n\n: hi\ndata: 名\ndata: 前\n\n')
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte))
      controller.close()
    },
  })
  const events = []
  for await (const event of readEvents(new Response(body))) events.push(event)
  expect(events.filter(({ event }) => event !== 'comment')).toEqual([
    { event: 'a', data: 'ü👋' },
    { event: 'message', data: '名\n前' },
  ])
})

test('a reader that goes away closes the stream, and what is sent then is nothing', async () => {
  let stream: EventStream | undefined
  let closed = 0
  const url = await listen(
    express().get('/', (request, response) => {
      stream = openEvents(request, response, { onClose: () => closed++ })
    }),
  )
  for await (const event of readEvents(await fetch(url))) {
    expect(event.event).toBe('comment')
    break
  }
  await eventually(() => closed === 1)
  stream?.send('late', {})
  stream?.close()
})

import { afterEach, expect, test } from 'vitest'
import { type Listener, type ListenState, listen } from './listen.ts'
import { freshSchema } from './testing.ts'

const fresh = freshSchema('listen')
let listener: Listener | undefined
afterEach(() => listener?.close())

test('hears its channel, says when it went deaf, and hears again after its backend is killed', async () => {
  const channel = `${fresh.schema}.appended`
  const heard: string[] = []
  const states: ListenState[] = []
  listener = listen(
    { url: fresh.url, channel },
    (payload) => heard.push(payload),
    (state) => states.push(state),
  )
  await listener.ready
  await fresh.sql('SELECT pg_notify($1, $2)', [channel, 'one'])
  await expect.poll(() => heard).toEqual(['one'])
  await fresh.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = $1`, [`LISTEN "${channel}"`])
  await expect.poll(() => states, { timeout: 5000 }).toEqual(['up', 'down', 'up'])
  await fresh.sql('SELECT pg_notify($1, $2)', [channel, 'two'])
  await expect.poll(() => heard).toEqual(['one', 'two'])
  await listener.close()
  await fresh.sql('SELECT pg_notify($1, $2)', [channel, 'three'])
  expect(states).toEqual(['up', 'down', 'up'])
  expect(heard).toEqual(['one', 'two'])
})

test('waits for a server that is not there, and closes without it', async () => {
  const states: ListenState[] = []
  const early = listen(
    { url: 'postgresql://nobody@127.0.0.1:1/none', channel: 'x' },
    () => undefined,
    (state) => states.push(state),
  )
  await early.close()
  expect(states).toEqual([])
})

import { afterEach, expect, it } from 'vitest'
import { Overdue, Stopped, type Thread, thread } from './thread.ts'

// The thread answers what it was asked; asked to hang it never comes back, asked to die it ends.
const source = `
import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ what }) => {
  if (what === 'hang') for (;;);
  if (what === 'die') process.exit(3)
  parentPort.postMessage(what === 'fail' ? { error: 'no' } : { answer: what })
})`
const file = new URL(`data:text/javascript,${encodeURIComponent(source)}`)

let worker: Thread<{ what: string }, string>
const ask = (what: string) => worker.ask({ what }, [])
afterEach(() => worker.stop())

it('answers in order, and goes on after a failure', async () => {
  worker = thread(file, 'it cannot be done')
  const answers = await Promise.allSettled(['one', 'fail', 'two'].map(ask))
  expect(answers).toMatchObject([{ value: 'one' }, { reason: { message: 'it cannot be done: no' } }, { value: 'two' }])
})

it('is ended when it does not come to an end, and whoever waits is answered by the next', async () => {
  worker = thread(file, 'it cannot be done', 500)
  const [hung, next] = await Promise.allSettled([ask('hang'), ask('next')])
  expect(hung).toMatchObject({ status: 'rejected', reason: expect.any(Overdue) })
  expect(next).toMatchObject({ status: 'fulfilled', value: 'next' })
})

it('begins anew after it died', async () => {
  worker = thread(file, 'it cannot be done')
  const [died, next] = await Promise.allSettled([ask('die'), ask('next')])
  expect(died).toMatchObject({ status: 'rejected', reason: { message: 'the thread ended' } })
  expect(next).toMatchObject({ status: 'fulfilled', value: 'next' })
})

it('says so when it is stopped', async () => {
  worker = thread(file, 'it cannot be done')
  const asked = Promise.allSettled([ask('hang'), ask('next')])
  await worker.stop()
  for (const one of await asked) expect(one).toMatchObject({ reason: expect.any(Stopped) })
})

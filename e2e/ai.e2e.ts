import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { aiApi, call, problemFrom } from '@realtime/contracts'
import { readEvents } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { type Person, setUp } from '@realtime/platform/person'
import { afterEach, expect, test } from 'vitest'
import type { Platform } from './platform/platform.ts'
import { freePort } from './platform/ports.ts'
import { root, type Spawned, spawnProgram } from './platform/process.ts'
import { startSupervised } from './platform/supervised.ts'

let platform: Platform | undefined
let gemini: Spawned | undefined
afterEach(async () => {
  await platform?.stop()
  await gemini?.end('SIGTERM')
  platform = undefined
  gemini = undefined
})

async function start(env: Record<string, string>): Promise<Person> {
  platform = await startSupervised(env)
  return setUp(platform.setupLink, 'Ann')
}

const ask = (person: Person, signal?: AbortSignal) =>
  call(person.caller, aiApi.generate, { body: { prompt: 'Continue.' } }, signal ? { signal } : {})

test.each([
  ['Python', { AI_PYTHON: 'off' }, /Python/],
  ['a key', {}, /GEMINI_API_KEY/],
])('without %s everything else works, and AI says how to switch it on', async (_what, env, how) => {
  const ann = await start(env)
  const problem = await ask(ann).catch((error: unknown) => error)
  expect(problem).toMatchObject({ key: 'ai-unavailable', status: 503, message: expect.stringMatching(how) })
})

test('an answer streams through the gateway, and ends at Gemini within a second of the reader leaving', async () => {
  const folder = join(root, 'services/ai')
  const python = join(folder, '.venv/bin/python')
  expect(existsSync(python)).toBe(true)
  const port = await freePort()
  const fake = `http://127.0.0.1:${port}`
  gemini = spawnProgram(python, ['-m', 'tests.fake_gemini', String(port)], {}, folder)
  const calls = async () =>
    (await (await fetch(`${fake}/calls`)).json()) as { aborted_at: number | null; sent: number }[]
  await eventually(calls, 20_000)
  const ann = await start({ GEMINI_API_KEY: 'test', GEMINI_BASE_URL: fake })

  const texts: string[] = []
  for await (const { event, data } of readEvents(await ask(ann))) {
    if (event === 'delta') texts.push((JSON.parse(data) as { text: string }).text)
    expect(event === 'problem' ? problemFrom(JSON.parse(data)) : null).toBeNull()
  }
  expect(texts.length).toBeGreaterThan(1)
  expect(texts.join('')).toBe('Words from a fake Gemini.')

  await fetch(`${fake}/script`, { method: 'POST', body: JSON.stringify({ pause: 0.2 }) })
  const leaving = new AbortController()
  const events = readEvents(await ask(ann, leaving.signal))
  await events.next()
  const left = performance.now()
  leaving.abort()
  await events.next().catch(() => undefined)
  await eventually(async () => (await calls()).at(-1)?.aborted_at !== null, 5_000)
  expect(performance.now() - left).toBeLessThan(1_000)
})

import { Problem } from '@realtime/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Api } from '../../../api.ts'
import { createFileLinks } from './file-links.ts'

const fileOf = (letter: string) => letter.repeat(43)

/** A server that gives an address for an hour to each file but those named. */
function serverOf(missing: string[] = []) {
  const asked: string[][] = []
  const server = { refusals: 0 }
  const api = (async (_endpoint: unknown, { body }: { body: { files: string[] } }) => {
    asked.push(body.files)
    if (server.refusals > 0) {
      server.refusals--
      throw new Problem('unavailable')
    }
    const links = body.files
      .filter((file) => !missing.includes(file))
      .map((file) => ({ file, url: `/${file[0]}?${asked.length}`, type: 'image/png' }))
    return { links, expiresAt: new Date(Date.now() + 3_600_000).toISOString() }
  }) as unknown as Api
  return { api, asked, server }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('files wanted at one time are asked for in one question', async () => {
  const { api, asked } = serverOf()
  const links = createFileLinks('deck', api)
  links.subscribe(() => {})
  links.want([fileOf('a')])
  links.want([fileOf('b'), fileOf('a')])
  expect(links.get(fileOf('a'))).toBe(undefined)
  await vi.advanceTimersByTimeAsync(20)
  expect(asked).toEqual([[fileOf('a'), fileOf('b')]])
  expect(links.get(fileOf('b'))).toBe('/b?1')
})

test('a file without an address is told as such; an id that is none is never asked for', async () => {
  const { api, asked } = serverOf([fileOf('b')])
  const links = createFileLinks('deck', api)
  links.subscribe(() => {})
  links.want([fileOf('a'), fileOf('b'), '../x'])
  await vi.advanceTimersByTimeAsync(20)
  expect(asked).toEqual([[fileOf('a'), fileOf('b')]])
  expect([links.get(fileOf('b')), links.get('../x')]).toEqual([null, null])
})

test('addresses are renewed before they end, as long as somebody looks', async () => {
  const { api, asked } = serverOf()
  const links = createFileLinks('deck', api)
  const leave = links.subscribe(() => {})
  links.want([fileOf('a')])
  await vi.advanceTimersByTimeAsync(56 * 60_000)
  expect(asked).toHaveLength(2)
  expect(links.get(fileOf('a'))).toBe('/a?2')
  leave()
  await vi.advanceTimersByTimeAsync(3 * 3_600_000)
  expect(asked).toHaveLength(2)
  links.subscribe(() => {})
  await vi.advanceTimersByTimeAsync(20)
  expect(asked).toHaveLength(3)
})

test('a question that failed is asked again', async () => {
  const { api, asked, server } = serverOf()
  server.refusals = 2
  const links = createFileLinks('deck', api)
  links.subscribe(() => {})
  links.want([fileOf('a')])
  await vi.advanceTimersByTimeAsync(20)
  expect(links.get(fileOf('a'))).toBe(undefined)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(asked).toHaveLength(3)
  expect(links.get(fileOf('a'))).toBe('/a?3')
})

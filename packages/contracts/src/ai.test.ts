import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generateRequest } from './ai.ts'

// The Python service reads the same files in its own tests.
const folder = new URL('../examples/ai/', import.meta.url)
const names = readdirSync(folder)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

test.each(names.filter((name) => name.startsWith('good-')))('%s is accepted', (name) => {
  expect(generateRequest.safeParse(read(name)).error).toBeUndefined()
})

test.each(names.filter((name) => name.startsWith('bad-')))('%s is refused', (name) => {
  expect(generateRequest.safeParse(read(name)).success).toBe(false)
})

test('every example says which it is', () => {
  expect(names.filter((name) => !/^(good|bad)-.+\.json$/.test(name))).toEqual([])
  expect(names.length).toBeGreaterThan(20)
})

test('the text of a request is counted in bytes', () => {
  const blocks = (text: string) => Array(5).fill({ type: 'p', text })
  const request = (text: string) => ({ documentId: 'd', action: 'continue', before: blocks(text), after: blocks(text) })
  expect(generateRequest.safeParse(request('語'.repeat(3_333))).success).toBe(true)
  const { error } = generateRequest.safeParse(request('語'.repeat(3_334)))
  expect(error?.issues).toMatchObject([{ path: [] }])
})

test.each([
  [{ action: 'improve' }, ['selection']],
  [{ action: 'write' }, ['prompt']],
  [{ action: 'translate', selection: 'a' }, ['language']],
])('what %j lacks is named', (more, path) => {
  const { error } = generateRequest.safeParse({ documentId: 'd', ...more })
  expect(error?.issues.map((issue) => issue.path)).toEqual([path])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fileOutbox } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'outbox-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('an outbox in a file gives back what was added and not removed, in order, after whatever end', async () => {
  const file = join(folder, 'outbox')
  const first = fileOutbox(file)
  const ids = [await first.add('d', 'e', new Uint8Array([1])), await first.add('d', 'e', new Uint8Array([2]))]
  await first.add('other', 'e', new Uint8Array([9]))
  await first.remove([ids[0] as number])
  writeFileSync(file, '\n{"id":7,"document":"d","epo', { flag: 'a' })
  const second = fileOutbox(file)
  const third = await second.add('d', 'e', new Uint8Array([3]))
  for (const store of [second, fileOutbox(file)]) {
    expect(await store.load('d', 'e')).toEqual([
      { id: ids[1], update: expect.objectContaining({ 0: 2, length: 1 }) },
      { id: third, update: expect.objectContaining({ 0: 3, length: 1 }) },
    ])
    expect(await store.load('d', 'f')).toEqual([])
  }
})

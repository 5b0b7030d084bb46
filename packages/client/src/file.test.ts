import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem } from '@realtime/contracts'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { copyOf } from './copies.ts'
import { fileStore } from './file.ts'

const newPath = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'outbox-')), 'outbox')
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

test('a file holds everything for the next process, for nobody else to read', async () => {
  const path = await newPath()
  const store = await fileStore(path)
  const ids = await store.add('doc', 'e1', [bytes(1), bytes(2), bytes(0, 255)])
  await store.remove(ids.slice(0, 1))
  await store.keepBase('doc', 'e1', { state: bytes(9), about: { title: 'T' } })
  const made = { document: 'doc', epoch: 'e0', problem: new Problem('not-found'), count: 1, about: null }
  const copy = copyOf(new Y.Doc(), made)
  await store.setAside(copy, ids.slice(1, 2))
  await store.close()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  for (let round = 0; round < 2; round++) {
    const again = await fileStore(path)
    expect(await again.load('doc', 'e1')).toEqual([{ id: ids[2], update: bytes(0, 255) }])
    expect(await again.loadBase('doc', 'e1')).toEqual({ state: bytes(9), about: { title: 'T' } })
    expect(await again.copies()).toEqual([copy])
    await again.close()
  }
  const last = await fileStore(path)
  await last.forget(copy.id)
  expect(await last.copies()).toEqual([])
  expect(await last.add('doc', 'e1', [bytes(3)])).not.toEqual([ids[2]])
  await last.close()
})

test('a line that was cut off is dropped, and spoils nothing after it', async () => {
  const path = await newPath()
  const store = await fileStore(path)
  await store.add('doc', 'e1', [bytes(1)])
  await store.close()
  await appendFile(path, '{"is":"add","document":"doc","epo')
  const again = await fileStore(path)
  await again.add('doc', 'e1', [bytes(2)])
  await again.close()
  const last = await fileStore(path)
  expect((await last.load('doc', 'e1')).map((row) => row.update)).toEqual([bytes(1), bytes(2)])
  await last.close()
})

test('a file that was damaged otherwise is not opened', async () => {
  const path = await newPath()
  await appendFile(path, 'something else\n')
  await expect(fileStore(path)).rejects.toThrow()
  expect(await readFile(path, 'utf8')).toBe('something else\n')
})

test('a file does not grow with what is settled', async () => {
  const path = await newPath()
  const store = await fileStore(path)
  const [first = 0] = await store.add('doc', 'e1', [bytes(7)])
  for (let round = 0; round < 12; round++) {
    const ids = await store.add('doc', 'e1', [new Uint8Array(1024 * 1024)])
    await store.remove(ids)
  }
  expect((await stat(path)).size).toBeLessThan(7 * 1024 * 1024)
  expect(await store.load('doc', 'e1')).toEqual([{ id: first, update: bytes(7) }])
  await store.add('doc', 'e1', [bytes(8)])
  await store.close()
  const again = await fileStore(path)
  expect((await again.load('doc', 'e1')).map((row) => row.update)).toEqual([bytes(7), bytes(8)])
  await again.close()
})

test('what was called kept outlives a SIGKILL at any moment', async () => {
  const path = await newPath()
  const module = fileURLToPath(new URL('./file.ts', import.meta.url))
  const program = `
    import { fileStore } from ${JSON.stringify(module)}
    const store = await fileStore(${JSON.stringify(path)})
    for (let number = 0; ; number++) {
      await store.add('doc', 'e1', [new Uint8Array(new Uint32Array([number]).buffer)])
      process.stdout.write(number + '\\n')
    }`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let told = ''
  const ended = new Promise((resolve) => child.on('close', resolve))
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk
    if (told.length > 200) child.kill('SIGKILL')
  })
  await ended
  const last = Number(told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1))
  expect(last).toBeGreaterThan(10)
  const store = await fileStore(path)
  const numbers = (await store.load('doc', 'e1')).map((row) => new Uint32Array(row.update.slice().buffer)[0])
  expect(numbers.slice(0, last + 1)).toEqual(Array.from({ length: last + 1 }, (_, number) => number))
  await store.close()
})

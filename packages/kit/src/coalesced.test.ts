import { expect, test } from 'vitest'
import { coalesced } from './coalesced.ts'

test('whoever asks while it runs shares the next run, also after one that failed', async () => {
  const runs: { resolve(value: number): void; reject(error: Error): void }[] = []
  const ask = coalesced(() => new Promise<number>((resolve, reject) => runs.push({ resolve, reject })))
  const first = ask()
  const [second, third] = [ask(), ask()]
  expect(runs).toHaveLength(1)
  runs[0]?.reject(new Error('failed'))
  await expect(first).rejects.toThrow('failed')
  await Promise.resolve()
  expect(runs).toHaveLength(2)
  const fourth = ask()
  runs[1]?.resolve(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
  await Promise.resolve()
  expect(runs).toHaveLength(3)
  runs[2]?.resolve(3)
  expect(await fourth).toBe(3)
  const later = ask()
  expect(runs).toHaveLength(4)
  runs[3]?.resolve(4)
  expect(await later).toBe(4)
})

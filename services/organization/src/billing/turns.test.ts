import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

/** Work that waits until it is let go. */
function held<T>(value: T) {
  let go = () => {}
  const promise = new Promise<T>((resolve) => {
    go = () => resolve(value)
  })
  return { promise, go }
}

it('runs two at once, and the next when one has ended or failed', async () => {
  const turns = new Turns()
  const begun: number[] = []
  const works = [held(1), held(2), held(3)]
  const results = works.map((work, at) =>
    turns.run(async () => {
      begun.push(at)
      if ((await work.promise) === 1) throw new Error('failed')
      return at
    }),
  )
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  works[0]?.go()
  await expect(results[0]).rejects.toThrow('failed')
  works[2]?.go()
  expect(await results[2]).toBe(2)
  works[1]?.go()
  await turns.settled(1_000)
  expect(await results[1]).toBe(1)
})

it('does equal work once for all who came before it looked, and again for who came later', async () => {
  const turns = new Turns()
  let looked = 0
  const lock = held(null)
  const sync = () =>
    turns.share('acme', async (looks) => {
      await lock.promise
      looks()
      return ++looked
    })
  const early = [sync(), sync(), sync()]
  lock.go()
  expect(await Promise.all(early)).toEqual([1, 1, 1])
  expect(await sync()).toBe(2)
})

it('does not keep the failure of one for the next', async () => {
  const turns = new Turns()
  const failing = () => turns.share('acme', () => Promise.reject(new Error('away')))
  await expect(failing()).rejects.toThrow('away')
  expect(await turns.share('acme', async () => 'here')).toBe('here')
})

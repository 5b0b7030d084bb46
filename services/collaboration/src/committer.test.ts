import { decodeGroup, Problem } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { expect, test } from 'vitest'
import { Committer } from './committer.ts'

const frame = (bytes = 10) => ({ principal: 'user:a', origin: 'user', clientIds: [1], update: new Uint8Array(bytes) })
const append = (document: string, bytes?: number) => ({ document, epoch: 'e', frames: [frame(bytes)] })

/** Requests that are answered by hand. */
function requests() {
  const groups: { documents: string[]; line(value: object): void; end(error?: Error): void }[] = []
  const request = (body: Uint8Array, _count: number, onResult: (result: unknown) => void) =>
    new Promise<void>((resolve, reject) => {
      groups.push({
        documents: decodeGroup(body).map(({ document }) => document),
        line: onResult,
        end: (error) => (error ? reject(error) : resolve()),
      })
    })
  return { groups, request }
}

test('L3: what comes together leaves together; each is answered by itself, in whichever order', async () => {
  const { groups, request } = requests()
  const committer = new Committer(request)
  const all = ['a', 'b', 'c'].map((document) => committer.append(append(document)))
  await eventually(() => groups.length === 1)
  expect(groups[0]?.documents).toEqual(['a', 'b', 'c'])
  groups[0]?.line({ index: 2, firstSeq: 7, lastSeq: 8 })
  expect(await all[2]).toEqual({ firstSeq: 7, lastSeq: 8 })
  groups[0]?.line({ index: 0, problem: new Problem('epoch-changed').toJson('r') })
  await expect(all[0]).rejects.toMatchObject({ key: 'epoch-changed' })
  groups[0]?.line({ index: 1, firstSeq: 1, lastSeq: 1 })
  groups[0]?.end()
  await all[1]
})

test('L3: a group that is not answered yet holds up no other', async () => {
  const { groups, request } = requests()
  const committer = new Committer(request)
  void committer.append(append('slow'))
  await eventually(() => groups.length === 1)
  const quick = committer.append(append('quick'))
  await eventually(() => groups.length === 2)
  groups[1]?.line({ index: 0, firstSeq: 1, lastSeq: 1 })
  await quick
})

test('L3: a group is bounded; the rest follows at once', async () => {
  const { groups, request } = requests()
  const committer = new Committer(request)
  for (const document of ['a', 'b', 'c']) void committer.append(append(document, 3 * 1024 * 1024))
  await eventually(() => groups.length === 3)
  expect(groups.map(({ documents }) => documents)).toEqual([['a'], ['b'], ['c']])
})

test('L3: what has no answer is nobody knows what: also when the answer ends too early, or is none', async () => {
  // A problem of the whole group is no verdict on its updates either: a wrong address, an older document service.
  for (const end of [
    undefined,
    new Error('connection reset'),
    new Problem('not-found'),
    new Problem('invalid-input'),
  ]) {
    const { groups, request } = requests()
    const committer = new Committer(request)
    const [answered, lost] = [committer.append(append('a')), committer.append(append('b'))]
    await eventually(() => groups.length === 1)
    groups[0]?.line({ index: 0, firstSeq: 1, lastSeq: 1 })
    groups[0]?.end(end)
    await answered
    await expect(lost).rejects.toSatisfy((problem: Problem) => problem.status >= 500)
  }
})

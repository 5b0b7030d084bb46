import { saveState } from '@realtime/client'
import { call, documentApi, organizationApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { join, type Person, setUp } from '@realtime/platform/person'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Platform } from './platform/platform.ts'
import { ways } from './platform/ways.ts'
import { readTrace, type Transaction } from './trace.ts'

/**
 * One friend: `replica` takes part over the network, `editor` stands at exactly the state a transaction was typed in.
 * The other's updates reach the editor only once they have reached the replica.
 */
class Friend {
  readonly replica = new Y.Doc()
  readonly editor = new Y.Doc()
  readonly updates: Uint8Array[] = []
  readonly clocks: number[] = []
  seen = 0
  readonly provider

  constructor(person: Person, documentId: string, clientId: number) {
    this.editor.clientID = clientId
    this.provider = person.open(documentId, this.replica)
  }

  get text(): string {
    return this.replica.getText('trace').toString()
  }

  async catchUp(other: Friend, count: number): Promise<void> {
    if (this.seen >= count) return
    const wanted = other.clocks[count - 1] ?? 0
    await eventually(() => Y.getState(this.replica.store, other.editor.clientID) >= wanted, 60_000)
    while (this.seen < count) Y.applyUpdate(this.editor, other.updates[this.seen++] as Uint8Array)
  }

  edit(transaction: Transaction): void {
    let update: Uint8Array | undefined
    this.editor.once('update', (bytes: Uint8Array) => {
      update = bytes
    })
    const text = this.editor.getText('trace')
    this.editor.transact(() => {
      for (const [position, deleted, inserted] of transaction.patches) {
        if (deleted > 0) text.delete(position, deleted)
        if (inserted) text.insert(position, inserted)
      }
    })
    this.updates.push(update ?? Y.encodeStateAsUpdate(new Y.Doc()))
    this.clocks.push(Y.getState(this.editor.store, this.editor.clientID))
    if (update) Y.applyUpdate(this.replica, update)
  }
}

describe.each(ways)('%s', (_name, start) => {
  let platform: Platform
  let people: Person[]
  let documentId: string

  beforeAll(async () => {
    platform = await start()
    const ann = await setUp(platform.setupLink, 'Ann')
    const { url } = await call(ann.caller, organizationApi.invite, { params: { id: ann.organizationId }, body: {} })
    people = [ann, await join(url, 'Bob')]
    const created = await call(ann.caller, documentApi.createDocument, {
      body: { projectId: ann.projectId, kind: 'document', title: 'Friends forever' },
    })
    documentId = created.id
  })

  afterAll(() => platform?.stop())

  test('two friends type a real concurrent trace; replicas and stored state equal its end, also after a restart', async () => {
    const trace = readTrace('friendsforever')
    // The trace breaks ties for its first agent, as Yjs does for the smaller client id.
    const friends = people.map((person, index) => new Friend(person, documentId, 1_000 + index))
    const [ann, bob] = friends as [Friend, Friend]
    await eventually(() => friends.every((friend) => friend.provider.state.phase === 'online'), 30_000)
    for (const transaction of trace.txns) {
      const friend = friends[transaction.agent] as Friend
      const other = friend === ann ? bob : ann
      await friend.catchUp(other, transaction.needs[1 - transaction.agent] ?? 0)
      friend.edit(transaction)
    }
    const settled = () => friends.every((friend) => saveState(friend.provider.state).kind === 'saved')
    await eventually(() => settled() && ann.text === bob.text, 120_000)
    expect(ann.text).toBe(trace.endContent)

    await platform.restart()
    await eventually(settled, 60_000)
    expect(ann.text).toBe(trace.endContent)
    expect(bob.text).toBe(trace.endContent)
    const stored = new Y.Doc()
    const response = await call((people[0] as Person).caller, documentApi.state, { params: { id: documentId } })
    Y.applyUpdate(stored, new Uint8Array(await response.arrayBuffer()))
    expect(stored.getText('trace').toString()).toBe(trace.endContent)

    const late = new Friend(people[1] as Person, documentId, 3_000)
    await eventually(() => late.text === trace.endContent, 30_000)
    for (const friend of [...friends, late]) friend.provider.destroy()
  }, 600_000)
})

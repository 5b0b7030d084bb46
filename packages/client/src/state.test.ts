import { Problem } from '@realtime/contracts'
import { expect, test } from 'vitest'
import { type ProviderState, saveState } from './state.ts'

const online: ProviderState = {
  phase: 'online',
  everSynced: true,
  pending: 0,
  persisted: true,
  stalledMs: null,
  permission: 'write',
  problem: null,
  loading: false,
  unread: false,
  setAside: null,
  copies: 0,
}

test('saved is said only when nothing is unconfirmed and the connection lives', () => {
  expect(saveState(online).kind).toBe('saved')
  expect(saveState({ ...online, pending: 1 }).kind).toBe('saving')
  // What an earlier session kept is not read yet: nobody knows whether all is saved.
  expect(saveState({ ...online, loading: true }).kind).toBe('saving')
  expect(saveState({ ...online, loading: true, unread: true })).toMatchObject({ kind: 'unread', count: 0 })
  expect(saveState({ ...online, loading: true, unread: true, pending: 1 }).kind).toBe('saving')
  expect(saveState({ ...online, phase: 'offline' }).kind).toBe('reconnecting')
  expect(saveState({ ...online, phase: 'offline', pending: 3 })).toEqual({ kind: 'offline', count: 3, reason: null })
  expect(saveState({ ...online, phase: 'connecting', everSynced: false }).kind).toBe('reconnecting')
})

test('a commit that stalls and a refusal are failures with a reason', () => {
  expect(saveState({ ...online, pending: 2, stalledMs: 7_000 })).toMatchObject({ kind: 'failed', count: 2 })
  const refused = saveState({ ...online, phase: 'refused', pending: 1, problem: new Problem('epoch-changed') })
  expect(refused).toEqual({ kind: 'failed', count: 1, reason: 'The document was replaced; open it again' })
})

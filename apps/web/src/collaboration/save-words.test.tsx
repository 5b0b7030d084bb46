import type { ProviderState } from '@realtime/client'
import { Problem } from '@realtime/contracts'
import { describe, expect, it } from 'vitest'
import { saveWords } from './save-words.ts'

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
const text = (change: Partial<ProviderState>) => saveWords({ ...online, ...change }).text

describe('the save state in words', () => {
  it('is one of the five', () => {
    expect(text({})).toBe('Saved')
    expect(text({ pending: 2 })).toBe('Saving…')
    expect(text({ phase: 'offline', pending: 3 })).toBe('Offline — 3 changes kept on this device')
    expect(text({ phase: 'offline' })).toBe('Reconnecting…')
    expect(text({ phase: 'refused', problem: new Problem('read-only') })).toBe(
      'Cannot save: you may read this document but not change it',
    )
  })

  it('counts one change as one', () => {
    expect(text({ phase: 'offline', pending: 1 })).toBe('Offline — 1 change kept on this device')
  })

  it('does not claim that the device keeps what it does not', () => {
    const words = saveWords({ ...online, phase: 'offline', pending: 3, persisted: false })
    expect(words.text).toBe('Offline — 3 changes kept only in this tab')
    expect(words.brief).toBe('Only in this tab')
    expect(words.explanation).toContain('keep this tab open')
  })

  it('says that it goes on by itself when the server asked for a pause', () => {
    const paused = { phase: 'offline', pending: 2, problem: new Problem('rate-limited') } as const
    expect(text(paused)).toBe('Paused — 2 changes kept on this device')
    expect(text({ ...paused, persisted: false })).toBe('Offline — 2 changes kept only in this tab')
  })

  it('does not say Saved while what an earlier visit left is still being read', () => {
    expect(text({ loading: true })).toBe('Saving…')
  })

  it('does not say that all is saved, or that nothing waits, when an earlier visit’s changes cannot be read', () => {
    const unread = { ...online, persisted: false, loading: true, unread: true }
    const words = saveWords(unread)
    expect(words.text).toBe('This device cannot be read')
    expect(words.explanation).toContain('is not known')
    expect(text({ ...unread, pending: 1 })).toBe('Saving…')
    for (const phase of ['offline', 'refused'] as const)
      expect(saveWords({ ...unread, phase }).explanation).not.toContain('waiting to be saved')
  })

  it('is brief where there is no room', () => {
    const brief = (change: Partial<ProviderState>) => saveWords({ ...online, ...change }).brief
    expect(brief({ phase: 'offline', pending: 3 })).toBe('Offline')
    expect(brief({ pending: 1, stalledMs: 7_000 })).toBe('Cannot save')
  })

  it('says Connecting… before the first sync', () => {
    expect(text({ phase: 'connecting', everSynced: false })).toBe('Connecting…')
  })

  it('says why when the server does not confirm', () => {
    expect(text({ pending: 1, stalledMs: 7_000 })).toBe(
      'Cannot save: the server has not confirmed the last changes for 7 s; still trying',
    )
  })
})

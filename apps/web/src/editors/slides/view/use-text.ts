import { readRichText, type TextBlock } from '@realtime/resources'
import { useCallback, useSyncExternalStore } from 'react'
import type * as Y from 'yjs'

interface Read {
  blocks: TextBlock[] | null
  listeners: Set<() => void>
}

// A fragment is observed once and for as long as it lives, however many places show it.
const reads = new WeakMap<Y.XmlFragment, Read>()

function readOf(fragment: Y.XmlFragment): Read {
  const known = reads.get(fragment)
  if (known) return known
  const read: Read = { blocks: null, listeners: new Set() }
  reads.set(fragment, read)
  fragment.observeDeep(() => {
    read.blocks = null
    for (const listener of read.listeners) listener()
  })
  return read
}

const NOTHING: TextBlock[] = []

/** What is written in a fragment, as state: the same value until it changes. */
export function useText(fragment: Y.XmlFragment | null): TextBlock[] {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!fragment) return () => {}
      const { listeners } = readOf(fragment)
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    [fragment],
  )
  const snapshot = () => {
    if (!fragment) return NOTHING
    const read = readOf(fragment)
    read.blocks ??= readRichText(fragment)
    return read.blocks
  }
  return useSyncExternalStore(subscribe, snapshot, snapshot)
}

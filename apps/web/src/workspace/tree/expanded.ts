'use client'
import { useMemo } from 'react'
import { useRemembered } from '../current.ts'

/** Which branches were opened or closed by hand, the latest last. */
export type Folding = readonly (readonly [id: string, open: boolean])[]

const MOST = 400

/** What was remembered; nothing of it when it cannot be read. */
export function readFolding(stored: string | null): Folding {
  try {
    const value: unknown = JSON.parse(stored ?? '[]')
    if (!Array.isArray(value)) return []
    return value.filter((one): one is [string, boolean] => Array.isArray(one) && typeof one[0] === 'string')
  } catch {
    return []
  }
}

/** With branches opened or closed; those touched longest ago are forgotten beyond a few hundred. */
export function withFolded(folding: Folding, ids: readonly string[], open: boolean): Folding {
  return [...folding.filter(([id]) => !ids.includes(id)), ...ids.map((id) => [id, open] as const)].slice(-MOST)
}

export interface Expanded {
  /** Whether a branch is open; `byDefault` when nobody has said. */
  isOpen(id: string, byDefault?: boolean): boolean
  set(ids: readonly string[], open: boolean): void
}

/** Which branches of the tree are open on this device. */
export function useExpanded(organization: string): Expanded {
  const [stored, remember] = useRemembered(`realtime.tree.${organization}`)
  return useMemo(() => {
    const known = new Map(readFolding(stored))
    return {
      isOpen: (id, byDefault = false) => known.get(id) ?? byDefault,
      set(ids, open) {
        if (ids.some((id) => known.get(id) !== open))
          remember((now) => JSON.stringify(withFolded(readFolding(now), ids, open)))
      },
    }
  }, [stored, remember])
}

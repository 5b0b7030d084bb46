'use client'
import type { Resource } from '@realtime/contracts'
import { createContext, use } from 'react'
import type { MenuAnchor } from '../../ui/menu.tsx'
import type { Expanded } from './expanded.ts'
import type { TreeNode } from './nodes.ts'

/** What is asked about a node in a dialog. */
export type TreeDialog = 'move' | 'share' | 'delete' | 'icon'

interface TreeContextValue {
  expanded: Expanded
  /** The node whose name is being typed. */
  renaming: string | null
  rename(key: string | null): void
  /** Opens the menu of a node: what can be done with it, or what can be made in it. */
  openMenu(node: TreeNode, which: 'options' | 'create', anchor: MenuAnchor): void
  /** The node whose menu is open. */
  menuOf: TreeNode | null
  /** Moves a document to the trash; the page goes home when it shows it. */
  trash(document: Resource): void
  openDialog(node: TreeNode, dialog: TreeDialog): void
}

export const TreeContext = createContext<TreeContextValue | null>(null)

/** The tree around a row. */
export function useTree(): TreeContextValue {
  const tree = use(TreeContext)
  if (!tree) throw new Error('useTree outside of a tree')
  return tree
}

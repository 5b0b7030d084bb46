import type { Kind, PresenceIdentity } from '@realtime/contracts'
import { FileText, type LucideIcon } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ComponentType, createElement, type Ref } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { TextSkeleton } from '../ui/text-skeleton.tsx'

/** What the page may ask of an editor. */
export interface EditorHandle {
  /** Puts the focus at the beginning of the content. */
  focusStart(): void
}

export interface EditorProps {
  doc: Y.Doc
  /** Presence; the editor writes its own cursor fields only. */
  awareness: Awareness
  editable: boolean
  self: PresenceIdentity
  ref?: Ref<EditorHandle>
}

/** What the pages know of a kind of resource. */
export interface Editor {
  /** Its name in a sentence. */
  label: string
  icon: LucideIcon
  /** What stands in place of an empty title. */
  untitled: string
  /** Loaded when the first one is opened. */
  Component: ComponentType<EditorProps>
  /** Fetches the component ahead. */
  preload(): void
}

const documentEditor = () => import('./document/editor.tsx').then((module) => module.DocumentEditor)

/** Every kind; the compiler asks for each word of the contract. */
export const editors: Record<Kind, Editor> = {
  document: {
    label: 'document',
    icon: FileText,
    untitled: 'Untitled',
    Component: dynamic(documentEditor, { ssr: false, loading: () => createElement(TextSkeleton) }),
    preload: () => void documentEditor().catch(() => {}),
  },
}

import type { Kind, PresenceIdentity } from '@realtime/contracts'
import { FileText, type LucideIcon, Presentation, Shapes } from 'lucide-react'
import dynamic from 'next/dynamic'
import { type ComponentType, createElement, type Ref } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { StageSkeleton } from '../ui/stage-skeleton.tsx'
import { TextSkeleton } from '../ui/text-skeleton.tsx'

/** What the page may ask of an editor. */
export interface EditorHandle {
  /** Puts the focus at the beginning of the content. */
  focusStart(): void
}

export interface EditorProps {
  documentId: string
  /** Of the resource, for the names of exported files. */
  title: string
  doc: Y.Doc
  /** Presence; the editor writes its own cursor fields only. */
  awareness: Awareness
  editable: boolean
  self: PresenceIdentity
  ref?: Ref<EditorHandle>
}

export interface PreviewProps {
  documentId: string
  /** A state that nobody edits. */
  doc: Y.Doc
}

/** A state to make a file of, without an editor in sight. */
export interface FileSource {
  documentId: string
  title: string
  doc: Y.Doc
}

/** The file that the states of a kind leave as. */
export interface EditorFile {
  /** What it is, for a menu. */
  label: string
  extension: string
  make(source: FileSource): Promise<Blob>
}

/** What the pages know of a kind of resource. */
export interface Editor {
  /** Its name in a sentence. */
  label: string
  /** One sentence for whoever chooses what to create. */
  hint: string
  icon: LucideIcon
  /** What stands in place of an empty title. */
  untitled: string
  /** `page`: a column with the title above it, which the page scrolls; `full`: all the room below the bar. */
  layout: 'page' | 'full'
  /** Loaded when the first one is opened. */
  Component: ComponentType<EditorProps>
  /** A state to look at, in the room that `Component` has. */
  Preview: ComponentType<PreviewProps>
  file: EditorFile
  /** The files that a state shows. */
  imagesOf(doc: Y.Doc): Promise<string[]>
  /** Fetches the component ahead. */
  preload(): void
}

const documentEditor = () => import('./document/editor.tsx').then((module) => module.DocumentEditor)
const canvasEditor = () => import('./canvas/editor.tsx').then((module) => module.CanvasEditor)
const slidesEditor = () => import('./slides/editor.tsx').then((module) => module.SlidesEditor)

const text = () => createElement(TextSkeleton)
const stage = () => createElement(StageSkeleton)

/** Every kind; the compiler asks for each word of the contract. */
export const editors: Record<Kind, Editor> = {
  document: {
    label: 'document',
    hint: 'Text, lists and headings',
    icon: FileText,
    untitled: 'Untitled',
    layout: 'page',
    Component: dynamic(documentEditor, { ssr: false, loading: text }),
    Preview: dynamic(() => import('./document/preview.tsx').then((module) => module.DocumentPreview), {
      ssr: false,
      loading: text,
    }),
    file: {
      label: 'Markdown (.md)',
      extension: 'md',
      make: (source) => import('./document/file.ts').then((module) => module.markdownFile(source)),
    },
    imagesOf: async () => [],
    preload: () => void documentEditor().catch(() => {}),
  },
  canvas: {
    label: 'canvas',
    hint: 'Shapes, arrows and freehand',
    icon: Shapes,
    untitled: 'Untitled canvas',
    layout: 'full',
    Component: dynamic(canvasEditor, { ssr: false, loading: stage }),
    Preview: dynamic(() => import('./canvas/preview.tsx').then((module) => module.CanvasPreview), {
      ssr: false,
      loading: stage,
    }),
    file: {
      label: 'SVG drawing (.svg)',
      extension: 'svg',
      make: (source) => import('./canvas/file.ts').then((module) => module.svgFile(source)),
    },
    imagesOf: (doc) => import('./canvas/file.ts').then((module) => module.imagesIn(doc)),
    preload: () => void canvasEditor().catch(() => {}),
  },
  slides: {
    label: 'slide deck',
    hint: 'Slides to present',
    icon: Presentation,
    untitled: 'Untitled deck',
    layout: 'full',
    Component: dynamic(slidesEditor, { ssr: false, loading: stage }),
    Preview: dynamic(() => import('./slides/preview.tsx').then((module) => module.SlidesPreview), {
      ssr: false,
      loading: stage,
    }),
    file: {
      label: 'PowerPoint (.pptx)',
      extension: 'pptx',
      make: (source) => import('./slides/export/file.ts').then((module) => module.pptxFile(source)),
    },
    imagesOf: (doc) => import('./slides/export/file.ts').then((module) => module.imagesIn(doc)),
    preload: () => void slidesEditor().catch(() => {}),
  },
}

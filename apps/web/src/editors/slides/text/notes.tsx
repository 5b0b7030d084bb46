'use client'
import type { Slide } from '@realtime/resources'
import { type Editor, EditorContent, useEditor } from '@tiptap/react'
import { ChevronDown, NotebookPen } from 'lucide-react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { cn } from '../../../ui/classes.ts'
import '../../document/content.css'
import { undoOf } from '../studio/undo.ts'
import { textExtensions } from './extensions.ts'
import './text.css'

interface NotesProps {
  slide: Slide
  doc: Y.Doc
  awareness: Awareness
  editable: boolean
  open: boolean
  onOpenChange(open: boolean): void
}

/** What the speaker wants to say, below the slide; it can be folded away. */
export function Notes({ slide, doc, awareness, editable, open, onOpenChange }: NotesProps) {
  return (
    <section aria-label="Speaker notes" className="shrink-0 border-t bg-background">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onOpenChange(!open)}
        className="flex h-8 w-full items-center gap-2 px-4 text-left font-medium text-muted-foreground text-xs hover:text-foreground focus-visible:-outline-offset-2 max-md:h-10"
      >
        <NotebookPen aria-hidden className="size-3.5" />
        Speaker notes
        <ChevronDown aria-hidden className={cn('ml-auto size-4 transition-transform', !open && 'rotate-180')} />
      </button>
      {open && slide.notes ? (
        <div className="h-28 overflow-y-auto px-4 pb-3 max-md:h-20">
          <NotesText key={slide.id} fragment={slide.notes} doc={doc} awareness={awareness} editable={editable} />
        </div>
      ) : null}
    </section>
  )
}

function promptOfNotes({ editor }: { editor: Editor }): string {
  return editor.isEditable ? 'What you want to say with this slide' : 'No notes'
}

function NotesText({
  fragment,
  doc,
  awareness,
  editable,
}: Pick<NotesProps, 'doc' | 'awareness' | 'editable'> & { fragment: Y.XmlFragment }) {
  const editor = useEditor(
    {
      extensions: textExtensions({ fragment, doc, undo: undoOf(doc), awareness, prompt: promptOfNotes }),
      editable,
      immediatelyRender: true,
      shouldRerenderOnTransaction: false,
      editorProps: {
        attributes: {
          class: 'notes-text',
          role: 'textbox',
          'aria-multiline': 'true',
          'aria-label': 'Speaker notes',
          'data-testid': 'notes',
        },
      },
    },
    [fragment, doc, awareness, editable],
  )
  return <EditorContent editor={editor} className="h-full" />
}

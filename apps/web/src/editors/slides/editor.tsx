'use client'
import { Presentation } from 'lucide-react'
import { useImperativeHandle, useRef, useState } from 'react'
import { PageActions } from '../../collaboration/page-actions.tsx'
import { Blank } from '../../ui/blank.tsx'
import { useVisit } from '../../visiting/visit-context.ts'
import type { EditorProps } from '../editors.ts'
import { ExportItems, ExportMenu } from './export/export-menu.tsx'
import { SlideList } from './list/slide-list.tsx'
import { PresentButton, PresentingNow } from './present/actions.tsx'
import { Stage } from './stage/stage.tsx'
import { StudioContext } from './studio/studio.ts'
import { useDeckKeys } from './studio/use-deck-keys.ts'
import { useStudioState } from './studio/use-studio.ts'
import { Notes } from './text/notes.tsx'
import { Toolbar } from './toolbar/toolbar.tsx'

/** The editor of decks: the slides, the one that is worked on with its notes, and the tools for it. */
export function SlidesEditor(props: EditorProps) {
  const visit = useVisit()
  const studio = useStudioState(props)
  const { slide, editable, doc, awareness } = studio
  const root = useRef<HTMLDivElement>(null)
  const exported = { documentId: props.documentId, title: props.title, doc, author: props.self.name }
  const [notes, setNotes] = useState(() => typeof window !== 'undefined' && window.innerHeight > 640)
  useImperativeHandle(props.ref, () => ({
    focusStart: () => root.current?.querySelector<HTMLElement>('[data-testid=stage]')?.focus(),
  }))
  useDeckKeys(root, studio)

  return (
    <StudioContext value={studio}>
      <div ref={root} data-testid="deck" className="flex min-h-0 flex-1 flex-col">
        <PageActions>
          {visit ? null : <PresentingNow documentId={props.documentId} awareness={awareness} self={props.self} />}
          <ExportMenu {...exported} />
          {/* The pages of a presentation are for people of the organization. */}
          {visit ? null : (
            <PresentButton
              documentId={props.documentId}
              slide={slide?.id ?? null}
              more={<ExportItems {...exported} />}
            />
          )}
        </PageActions>
        {editable ? <Toolbar /> : null}
        <div className="flex min-h-0 flex-1 max-md:flex-col">
          <SlideList />
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            {slide ? (
              <>
                <Stage slide={slide} />
                <Notes
                  slide={slide}
                  doc={doc}
                  awareness={awareness}
                  editable={editable}
                  open={notes}
                  onOpenChange={setNotes}
                />
              </>
            ) : (
              <Blank page icon={Presentation} title="No slides" className="m-auto">
                {editable ? 'Add the first one with New slide.' : 'Nobody has added one yet.'}
              </Blank>
            )}
          </div>
        </div>
      </div>
    </StudioContext>
  )
}

'use client'
import { indexedDbImages } from '@realtime/client/kept-images'
import { bindCanvas, type SceneElement } from '@realtime/resources'
import { useTheme } from 'next-themes'
import { useEffect, useImperativeHandle, useRef, useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../account/problems.ts'
import { PageActions } from '../../collaboration/page-actions.tsx'
import type { EditorProps } from '../editors.ts'
import { admitImage } from './admitting.ts'
import './canvas.css'
import { Cursors } from './cursors.tsx'
import { takeDrop } from './dropping.ts'
import { CanvasStage, type Stage, type View } from './excalidraw.tsx'
import { ExportMenu } from './export-menu.tsx'
import { Hint } from './hint.tsx'
import { followImages, type Unstored } from './images.ts'
import { followPeople } from './people.ts'
import { type OwnPresence, sharePresence } from './presence.ts'
import { imageSource } from './source.ts'
import { keepWaiting } from './waiting.ts'
import { WaitingNote } from './waiting-note.tsx'

const tellError = (message: string) => toast.error(message)

/** The editor of canvases: Excalidraw, bound to the shared elements. */
export function CanvasEditor(props: EditorProps) {
  // A stage belongs to one replica, for as long as it lives.
  return <Board key={props.doc.guid} {...props} />
}

function Board({ documentId, title, doc, awareness, editable, self, ref }: EditorProps) {
  const { resolvedTheme } = useTheme()
  const root = useRef<HTMLDivElement>(null)
  const live = useRef<{ changed(): void; setEditable(editable: boolean): void } | null>(null)
  const mayEdit = useRef(editable)
  mayEdit.current = editable
  const [stage, setStage] = useState<Stage | null>(null)
  const [view, setView] = useState<View>({ scrollX: 0, scrollY: 0, zoom: 1 })
  const [empty, setEmpty] = useState(false)
  const [selected, setSelected] = useState(0)
  const [unstored, setUnstored] = useState<Unstored>({ count: 0, late: 0, loose: 0 })
  const presence = useRef<OwnPresence | null>(null)

  useEffect(() => live.current?.setEditable(editable), [editable])
  useEffect(() => {
    const shared = sharePresence(awareness)
    presence.current = shared
    return () => shared.stop()
  }, [awareness])
  useEffect(() => (stage ? followPeople(awareness, stage) : undefined), [awareness, stage])
  useEffect(() => {
    if (unstored.loose === 0) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unstored.loose])
  useEffect(() => {
    const element = root.current
    if (!element) return
    const dropped = (event: DragEvent) => {
      if (mayEdit.current) takeDrop(event, element, tellError)
    }
    element.addEventListener('drop', dropped, true)
    return () => element.removeEventListener('drop', dropped, true)
  }, [])
  useImperativeHandle(ref, () => ({ focusStart: () => focusOf(root.current)?.focus() }), [])

  function ready(made: Stage): () => void {
    const binding = bindCanvas({ doc, scene: made, editable: mayEdit.current })
    const waiting = keepWaiting({
      documentId,
      doc,
      stage: made,
      store: indexedDbImages<SceneElement>(self.id),
      locks: navigator.locks,
      onChange: () => images.changed(),
      onRestored(count) {
        if (shownOn(made).length === count) made.fit()
      },
    })
    const images = followImages({
      stage: made,
      source: imageSource(documentId),
      editable: () => mayEdit.current,
      waiting,
      onUnstored: setUnstored,
      onTrouble(error, kept) {
        const gone = 'Others do not see it, and it is gone when you leave this page.'
        toast.error('The image cannot be stored', {
          description: `${messageOf(error)} ${kept ? 'Others do not see it; it is kept on this device.' : gone}`,
          action: { label: 'Try again', onClick: () => images.retry() },
          duration: 20_000,
        })
      },
    })
    if (mayEdit.current) waiting.restore()
    live.current = {
      changed() {
        binding.changed()
        images.changed()
        const shown = shownOn(made)
        if (root.current) root.current.dataset.elements = String(shown.length)
        setEmpty(shown.length === 0)
        const chosen = made.selected()
        setSelected(chosen.length)
        presence.current?.select(chosen)
      },
      setEditable(next) {
        binding.setEditable(next)
        if (next) waiting.restore()
        images.changed()
      },
    }
    made.fit()
    if (document.activeElement === document.body) focusOf(root.current)?.focus({ preventScroll: true })
    window.addEventListener('pagehide', binding.flush)
    setStage(made)
    return () => {
      live.current = null
      window.removeEventListener('pagehide', binding.flush)
      images.destroy()
      waiting.destroy()
      binding.destroy()
      setStage(null)
    }
  }

  return (
    <>
      <PageActions>
        <ExportMenu stage={stage} title={title} empty={empty} selected={selected} />
      </PageActions>
      <section
        ref={root}
        aria-label="Canvas"
        data-testid="canvas"
        data-ready={stage !== null}
        data-editable={editable}
        data-waiting={unstored.count}
        className="canvas relative isolate min-h-0 flex-1"
        onPointerLeave={() => presence.current?.point(null, false)}
      >
        <CanvasStage
          editable={editable}
          theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
          onReady={ready}
          onChange={() => live.current?.changed()}
          onView={(next) =>
            setView((last) =>
              last.scrollX === next.scrollX && last.scrollY === next.scrollY && last.zoom === next.zoom ? last : next,
            )
          }
          onPointer={(pointer, down) => presence.current?.point(pointer, down)}
          onError={tellError}
          admitImage={admitImage}
        />
        <Cursors awareness={awareness} view={view} />
        <WaitingNote {...unstored} />
        {stage && empty ? <Hint editable={editable} /> : null}
      </section>
    </>
  )
}

const shownOn = (stage: Stage) => stage.elements().filter((element) => !element.isDeleted)

function focusOf(root: HTMLElement | null): HTMLElement | null | undefined {
  return root?.querySelector<HTMLElement>('.excalidraw')
}

'use client'
import type { Version } from '@realtime/contracts'
import { useCallback, useRef, useState } from 'react'
import { CommentsButton } from '../comments/comments-button.tsx'
import { CommentsContext } from '../comments/context.ts'
import { CommentsPanel } from '../comments/panel.tsx'
import { useComments } from '../comments/use-comments.ts'
import type { EditorHandle } from '../editors/editors.ts'
import { focusIfLost } from '../history/focus.ts'
import { HistoryPanel } from '../history/panel.tsx'
import { VersionView } from '../history/version-view.tsx'
import { useVisit } from '../visiting/visit-context.ts'
import { useWorkspace } from '../workspace/workspace.tsx'
import { CopiesNotice } from './copies/copies-notice.tsx'
import { CopyView } from './copies/copy-view.tsx'
import { DocumentBar, HistoryButton } from './document-bar.tsx'
import { PageActionsSlot } from './page-actions.tsx'
import { Failed, Gone, LinkEnded, Loading } from './page-states.tsx'
import { Surface } from './surface.tsx'
import { useOpenDocument } from './use-open-document.ts'
import { identityOf } from './use-session.ts'

/** A document: its header, its content as its kind shows it, and one panel beside it at a time. */
export function DocumentPage({ id }: { id: string }) {
  const { me } = useWorkspace()
  const visit = useVisit()
  const open = useOpenDocument(id)
  const { document, session, copies } = open
  const [copy, setCopy] = useState<string | null>(null)
  const [panel, setPanel] = useState<'history' | 'comments' | null>(null)
  const [version, setVersion] = useState<Version | null>(null)
  const [actions, setActions] = useState<HTMLElement | null>(null)
  const handle = useRef<EditorHandle>(null)
  const historyButton = useRef<HTMLButtonElement>(null)
  const commentsButton = useRef<HTMLButtonElement>(null)
  const show = useCallback((next: 'history' | 'comments' | null) => {
    setPanel(next)
    setVersion(null)
  }, [])
  const comments = useComments(
    id,
    document,
    panel === 'comments',
    useCallback(() => show('comments'), [show]),
  )

  if (open.gone) return visit ? <LinkEnded copies={copies} /> : <Gone copies={copies} />
  const viewing = copy !== null && copies.length > 0
  return (
    <>
      <DocumentBar
        open={open}
        actions={setActions}
        onLeaveTitle={() => handle.current?.focusStart()}
        panels={
          <>
            {comments.ofText ? (
              <CommentsButton
                ref={commentsButton}
                count={comments.openThreads}
                pressed={panel === 'comments'}
                onClick={() => (panel === 'comments' ? show(null) : comments.openPanel())}
              />
            ) : null}
            {document && !visit ? (
              <HistoryButton
                ref={historyButton}
                pressed={panel === 'history'}
                onClick={() => show(panel === 'history' ? null : 'history')}
              />
            ) : null}
          </>
        }
      />
      {open.error ? (
        <Failed error={open.error} retry={open.retry} />
      ) : document && session.opened && session.state ? (
        <div className="flex min-h-0 flex-1 max-md:flex-col">
          <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
            <PageActionsSlot value={actions}>
              {/* It stays while a version is looked at: its undo history and what it has not yet sent stay with it. */}
              <div inert={version !== null || viewing} className="flex min-h-0 flex-1 flex-col">
                <CopiesNotice
                  copies={copies}
                  onView={(one) => {
                    setCopy(one.id)
                    setVersion(null)
                  }}
                />
                <CommentsContext value={comments.ofText}>
                  <Surface
                    key={session.opened.doc.guid}
                    document={document}
                    doc={session.opened.doc}
                    provider={session.opened.provider}
                    state={session.state}
                    self={identityOf(me)}
                    handle={handle}
                    retry={session.retry}
                  />
                </CommentsContext>
              </div>
            </PageActionsSlot>
            {viewing && copy ? (
              <CopyView copies={copies} shown={copy} onShow={(one) => setCopy(one.id)} onLeave={() => setCopy(null)} />
            ) : null}
            {version ? (
              <VersionView
                document={document}
                version={version}
                onLeave={() => {
                  setVersion(null)
                  focusIfLost(historyButton)
                }}
              />
            ) : null}
          </div>
          {panel === 'history' ? (
            <HistoryPanel
              document={document}
              shown={version}
              onShow={(one) => {
                setVersion(one)
                setCopy(null)
              }}
              onClose={() => {
                show(null)
                historyButton.current?.focus()
              }}
            />
          ) : null}
          {panel === 'comments' && comments.ofText ? (
            <CommentsPanel
              document={document}
              comments={comments}
              onClose={() => {
                show(null)
                commentsButton.current?.focus()
              }}
            />
          ) : null}
        </div>
      ) : (
        <Loading document={document} />
      )}
    </>
  )
}

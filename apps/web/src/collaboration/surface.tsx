'use client'
import type { Provider, ProviderState } from '@realtime/client'
import type { PresenceIdentity, Resource } from '@realtime/contracts'
import type { RefObject } from 'react'
import type * as Y from 'yjs'
import { type EditorHandle, editors } from '../editors/editors.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Notice } from '../ui/notice.tsx'
import { CoverBand } from './header/cover.tsx'
import { PageHead } from './header/page-head.tsx'
import { standingOf } from './standing.ts'
import { Title } from './title.tsx'

interface SurfaceProps {
  document: Resource
  doc: Y.Doc
  provider: Provider
  state: ProviderState
  self: PresenceIdentity
  handle: RefObject<EditorHandle | null>
  retry(): void
}

/** Title and content of an open document, and a banner when it cannot be edited as usual. */
export function Surface({ document, doc, provider, state, self, handle, retry }: SurfaceProps) {
  const { editable, banner } = standingOf(state, document.permission)
  const { Component, layout, untitled } = editors[document.kind]
  const content = (
    <Component
      ref={handle}
      documentId={document.id}
      title={document.title || untitled}
      doc={doc}
      awareness={provider.awareness}
      editable={editable}
      self={self}
    />
  )
  return (
    <main
      id="main"
      tabIndex={-1}
      className={cn('min-h-0 flex-1 outline-none', layout === 'full' ? 'flex flex-col' : 'overflow-y-auto')}
    >
      {banner ? (
        <Notice
          tone={banner.tone}
          className="sticky top-0 z-20 items-center rounded-none px-4 md:px-6"
          actions={
            banner.action === 'retry' ? (
              <Button variant="outline" size="small" onClick={retry}>
                Retry
              </Button>
            ) : banner.action === 'reload' ? (
              <Button variant="outline" size="small" onClick={() => location.reload()}>
                Reload
              </Button>
            ) : banner.action === 'sign-in' ? (
              <Button
                variant="outline"
                size="small"
                onClick={() => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`)}
              >
                Sign in
              </Button>
            ) : null
          }
        >
          {banner.text}
        </Notice>
      ) : null}
      {layout === 'page' ? <CoverBand document={document} editable={document.permission === 'write'} /> : null}
      {layout === 'full' ? (
        content
      ) : (
        <div className="group/page page-column flex min-h-full flex-col">
          <PageHead document={document} editable={document.permission === 'write'} />
          <Title document={document} onLeave={() => handle.current?.focusStart()} />
          {content}
        </div>
      )}
    </main>
  )
}

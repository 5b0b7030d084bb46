'use client'
import { type PresenceIdentity, Problem } from '@realtime/contracts'
import { type Deck, type Theme, themeOf } from '@realtime/resources'
import { useQuery } from '@tanstack/react-query'
import { FileX2, ServerCrash } from 'lucide-react'
import Link from 'next/link'
import { type ReactNode, useEffect } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { messageOf } from '../../../account/problems.ts'
import { isPassing, isUnauthenticated } from '../../../api.ts'
import { identityOf, useSession } from '../../../collaboration/use-session.ts'
import { Blank } from '../../../ui/blank.tsx'
import { Button, buttonStyle } from '../../../ui/button.tsx'
import { Mark } from '../../../ui/mark.tsx'
import { documentQuery } from '../../../workspace/queries.ts'
import { useWorkspace } from '../../../workspace/workspace.tsx'
import { type Images, useFileLinks } from '../view/file-links.ts'
import { filesOf } from '../view/files-of.ts'
import { useDeck } from '../view/use-deck.ts'

/** A deck that is open, live, in a page of its own. */
export interface OpenedDeck {
  documentId: string
  title: string
  doc: Y.Doc
  awareness: Awareness
  deck: Deck
  theme: Theme
  images: Images
  self: PresenceIdentity
  /** Whether the person may change the deck. */
  mayWrite: boolean
}

interface OpenDeckProps {
  id: string
  /** What the page is, before the title. */
  name: string
  children(opened: OpenedDeck): ReactNode
}

/** Opens a deck outside of the workspace's frame: a show, its presenter window, its pages for printing. */
export function OpenDeck({ id, name, children }: OpenDeckProps) {
  const { me } = useWorkspace()
  const query = useQuery(documentQuery(id))
  const session = useSession(id, me, null)
  const title = query.data?.title || 'Untitled deck'
  useEffect(() => {
    window.document.title = `${name}: ${title} · Realtime Collaborator`
  }, [name, title])

  const failed = [query.error, session.failure?.error].find(isGone)
  if (!session.opened) {
    if (failed)
      return (
        <Message icon={FileX2} title="This deck does not exist, or you have no access" action={<GoHome />}>
          If someone sent you the link, ask them to invite you to their organization.
        </Message>
      )
    const { failure } = session
    if (failure && (failure.times > 2 || !isPassing(failure.error)))
      return (
        <Message
          icon={ServerCrash}
          title={isUnauthenticated(failure.error) ? 'Your session has ended' : 'The deck cannot be opened now'}
          action={
            isUnauthenticated(failure.error) ? (
              <Button onClick={() => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`)}>
                Sign in
              </Button>
            ) : (
              <Button onClick={session.retry}>Retry</Button>
            )
          }
        >
          {messageOf(failure.error)}
        </Message>
      )
    return (
      <main id="main" aria-busy className="grid min-h-dvh place-items-center">
        <Mark className="size-9 animate-[shimmer_1.8s_ease-in-out_infinite]" />
        <span className="sr-only" role="status">
          Loading the deck
        </span>
      </main>
    )
  }
  const { doc, provider } = session.opened
  return (
    <Opened
      documentId={id}
      title={title}
      doc={doc}
      awareness={provider.awareness}
      self={identityOf(me)}
      mayWrite={(session.state?.permission ?? query.data?.permission) === 'write'}
    >
      {children}
    </Opened>
  )
}

function Opened({
  children,
  ...rest
}: Omit<OpenedDeck, 'deck' | 'theme' | 'images'> & Pick<OpenDeckProps, 'children'>) {
  const deck = useDeck(rest.doc)
  const images = useFileLinks(rest.documentId, filesOf(deck.slides))
  return children({ ...rest, deck, theme: themeOf(deck.theme), images })
}

function isGone(error: unknown): boolean {
  return (
    error instanceof Problem &&
    (error.key === 'not-found' || error.key === 'forbidden' || error.key === 'invalid-input')
  )
}

function GoHome() {
  return (
    <Link href="/home" className={buttonStyle({ variant: 'outline' })}>
      Go home
    </Link>
  )
}

interface MessageProps {
  icon: typeof FileX2
  title: string
  action: ReactNode
  children: ReactNode
}

function Message({ icon, title, action, children }: MessageProps) {
  return (
    <main id="main" className="grid min-h-dvh place-items-center">
      <Blank page icon={icon} title={title} actions={action}>
        {children}
      </Blank>
    </main>
  )
}

'use client'
import { colorOf, libraryApi, type Notification } from '@realtime/contracts'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Bell, CheckCheck } from 'lucide-react'
import Link from 'next/link'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { api, failureOf } from '../api.ts'
import { VisitorWord } from '../comments/visitor-word.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { notificationWords, sectionsOf } from './inbox-words.ts'
import { ListingPage, RowsSkeleton } from './listing-page.tsx'
import { NotShown } from './not-shown.tsx'
import { INBOX_KEY, inboxQuery, unreadQuery } from './queries.ts'
import { agoOf } from './time.ts'
import { untitledOf } from './titles.ts'
import { useWorkspace } from './workspace.tsx'

/** Marks some of the inbox, or all of it (null), as read or unread: at once, and back when the server refuses. */
function useRead() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ ids, read = true }: { ids: string[] | null; read?: boolean }) =>
      api(libraryApi.readNotifications, { body: { ids, read } }),
    onMutate: async ({ ids, read = true }) => {
      await client.cancelQueries({ queryKey: INBOX_KEY })
      const readAt = read ? new Date().toISOString() : null
      client.setQueryData(
        inboxQuery.queryKey,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              notifications: page.notifications.map((one) =>
                ids === null || ids.includes(one.id) ? { ...one, readAt: read ? (one.readAt ?? readAt) : null } : one,
              ),
            })),
          },
      )
    },
    onSuccess: ({ unread }) => client.setQueryData(unreadQuery.queryKey, unread),
    onError: (error) => toast.error('The inbox was not changed', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: INBOX_KEY }),
  })
}

/** What concerns oneself: invitations, mentions, what was shared, comments. */
export function Inbox() {
  const inbox = useInfiniteQuery(inboxQuery)
  const unread = useQuery(unreadQuery)
  const read = useRead()
  const failure = failureOf(inbox)
  const notifications = inbox.data?.pages.flatMap((page) => page.notifications)
  return (
    <ListingPage
      title="Inbox"
      actions={
        <Button
          variant="outline"
          size="small"
          className="max-sm:h-10"
          disabled={!unread.data}
          busy={read.isPending && read.variables.ids === null}
          onClick={() => read.mutate({ ids: null })}
        >
          <CheckCheck aria-hidden />
          Mark all as read
        </Button>
      }
    >
      <div className="mt-4">
        {failure ? (
          <NotShown error={failure} retry={() => void inbox.refetch()} />
        ) : !notifications ? (
          <RowsSkeleton />
        ) : notifications.length === 0 ? (
          <Blank icon={Bell} title="Nothing for you yet" className="mt-2 rounded-xl border border-dashed sm:max-w-none">
            When somebody shares something with you, mentions you or answers you, you read it here.
          </Blank>
        ) : (
          <>
            {sectionsOf(notifications).map((section) => (
              <section key={section.age} aria-label={section.age}>
                <h2 className="mt-6 mb-1.5 font-medium text-[13px] text-muted-foreground">{section.age}</h2>
                <ul className="-mx-3 flex flex-col gap-px">
                  {section.notifications.map((one) => (
                    <NotificationRow key={one.id} notification={one} onRead={(state) => read.mutate(state)} />
                  ))}
                </ul>
              </section>
            ))}
            {inbox.hasNextPage ? (
              <Button
                variant="outline"
                size="small"
                className="mt-4"
                busy={inbox.isFetchingNextPage}
                onClick={() => void inbox.fetchNextPage()}
              >
                Show more
              </Button>
            ) : null}
          </>
        )}
      </div>
    </ListingPage>
  )
}

interface NotificationRowProps {
  notification: Notification
  onRead(state: { ids: string[]; read?: boolean }): void
}

function NotificationRow({ notification, onRead }: NotificationRowProps) {
  const { organizations } = useWorkspace()
  const { id, by, document, threadId, text, at, readAt, organizationId } = notification
  const unread = readAt === null
  const title = document && (document.title || untitledOf(document))
  const organization = organizations?.find((one) => one.id === organizationId)?.name
  const content = (
    <>
      <Avatar name={by.name} image={by.image} color={colorOf(by.id)} className="mt-0.5 size-8" />
      <span className="min-w-0 flex-1">
        <span className={cn('block break-words', unread && 'font-medium')}>
          <bdi>{by.name}</bdi> <VisitorWord id={by.id} /> {notificationWords[notification.type]}{' '}
          {title ? <bdi>“{title}”</bdi> : organization}
        </span>
        {text ? (
          <span dir="auto" className="line-clamp-2 break-words text-left text-[13px] text-muted-foreground">
            {text}
          </span>
        ) : null}
        <span className="block text-muted-foreground text-xs">
          <time dateTime={at} title={new Date(at).toLocaleString()}>
            {agoOf(at)}
          </time>
          {title && organization ? ` · ${organization}` : ''}
        </span>
      </span>
    </>
  )
  const style = 'flex min-w-0 flex-1 gap-3 rounded-lg px-3 py-2.5 text-left'
  return (
    <li data-testid="notification" className="flex items-start rounded-lg hover:bg-accent/70">
      {document ? (
        <Link
          href={`/d/${document.id}${threadId ? `?thread=${threadId}` : ''}`}
          prefetch={false}
          className={style}
          onClick={() => unread && onRead({ ids: [id] })}
        >
          {content}
        </Link>
      ) : (
        <div className={style}>{content}</div>
      )}
      <button
        type="button"
        aria-label={unread ? 'Mark as read' : 'Mark as unread'}
        title={unread ? 'Mark as read' : 'Mark as unread'}
        onClick={() => onRead({ ids: [id], read: unread })}
        className="group/dot m-1.5 grid size-8 shrink-0 place-items-center rounded-md hover:bg-accent"
      >
        <span
          className={cn(
            'size-2 rounded-full',
            unread ? 'bg-primary' : 'border border-input bg-transparent group-hover/dot:border-faint',
          )}
        />
      </button>
    </li>
  )
}

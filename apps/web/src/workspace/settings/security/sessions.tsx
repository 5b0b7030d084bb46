'use client'
import { authApi, type Session, securityApi } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Laptop, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../../account/problems.ts'
import { sessionsQuery } from '../../../account/queries.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { agoOf } from '../../time.ts'
import { useSignOut } from '../../user-menu.tsx'
import { QueryRows, Row, Section, Tag } from '../section.tsx'
import { deviceOf } from './device.ts'

/** Where one is signed in. */
export function Sessions() {
  const client = useQueryClient()
  const sessions = useQuery(sessionsQuery)
  const signOut = useSignOut()
  const [asking, setAsking] = useState(false)
  const others = sessions.data?.filter((session) => !session.current).length ?? 0
  const revokeOthers = useMutation({
    mutationFn: () => api(securityApi.revokeOtherSessions, {}),
    onSuccess: () => toast('All other sessions are ended'),
    onError: (error) => toast.error('The sessions were not ended', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  return (
    <Section
      title="Sessions"
      description="Where you are signed in. End any that you do not know."
      actions={
        <div className="flex flex-wrap gap-2">
          {others > 0 ? (
            <Button
              variant="outline"
              size="small"
              className="max-sm:h-10"
              busy={revokeOthers.isPending}
              onClick={() => setAsking(true)}
            >
              End all others
            </Button>
          ) : null}
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            busy={signOut.isPending}
            onClick={() => signOut.mutate()}
          >
            Sign out
          </Button>
        </div>
      }
    >
      <QueryRows
        query={sessions}
        empty="No sessions"
        row={(session) => <SessionRow key={session.id} session={session} />}
      />
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="End all other sessions?"
        description="Every other browser and device is signed out at once."
        action="End all others"
        onConfirm={() => revokeOthers.mutate()}
      />
    </Section>
  )
}

function SessionRow({ session }: { session: Session }) {
  const client = useQueryClient()
  const device = deviceOf(session.device)
  const revoke = useMutation({
    mutationFn: () => api(authApi.revokeSession, { params: { id: session.id } }),
    onMutate: () =>
      client.setQueryData(sessionsQuery.queryKey, (list) => list?.filter((other) => other.id !== session.id)),
    onError: (error) => toast.error('The session was not ended', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  return (
    <Row
      icon={device.phone ? Smartphone : Laptop}
      title={device.name}
      detail={
        <>
          {session.address ? `${session.address} · ` : ''}
          {session.current ? 'this session' : `last used ${agoOf(session.lastUsedAt)}`} · signed in{' '}
          {agoOf(session.createdAt)}
        </>
      }
      actions={
        session.current ? (
          <Tag>Current</Tag>
        ) : (
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            aria-label={`End the session on ${device.name}`}
            onClick={() => revoke.mutate()}
          >
            End
          </Button>
        )
      }
    />
  )
}

'use client'
import { type Account, administrationApi, colorOf } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ban, Ellipsis, RotateCcw, ShieldMinus, ShieldPlus } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../../account/problems.ts'
import { meQuery } from '../../../account/queries.ts'
import { api } from '../../../api.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { agoOf } from '../../time.ts'
import { useWorkspace } from '../../workspace.tsx'
import { Row, Tag } from '../section.tsx'

type Change = 'suspend' | 'restore' | 'promote' | 'demote'

const bodies = {
  suspend: { suspended: true },
  restore: { suspended: false },
  promote: { administrator: true },
  demote: { administrator: false },
} as const

/** When somebody was here last, in words. */
function hereOf(lastUsedAt: string | null): string {
  if (!lastUsedAt) return 'signed in nowhere'
  const ago = agoOf(lastUsedAt)
  return ago === 'now' ? 'here now' : `last here ${ago}`
}

/** Somebody with an account: who, how safe, and what may be done about it. */
export function AccountRow({ account }: { account: Account }) {
  const { me } = useWorkspace()
  const client = useQueryClient()
  const [asking, setAsking] = useState<Change>()
  const self = account.id === me.id
  const change = useMutation({
    mutationFn: (what: Change) =>
      api(administrationApi.updateAccount, { params: { id: account.id }, body: bodies[what] }),
    onSuccess: () => (self ? client.invalidateQueries({ queryKey: meQuery.queryKey }) : undefined),
    onError: (error) => toast.error(`${account.name} was not changed`, { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['administration', 'accounts'] }),
  })
  const words: Record<Change, { title: string; description: string; action: string }> = {
    suspend: {
      title: `Suspend ${account.name}?`,
      description: 'They are signed out within a second, and their API keys end. Nothing of theirs is deleted.',
      action: 'Suspend',
    },
    restore: {
      title: `Let ${account.name} in again?`,
      description: 'They can sign in again. API keys have to be made anew.',
      action: 'Let in again',
    },
    promote: {
      title: `Make ${account.name} an administrator?`,
      description: 'They may do all that you may on this server, also suspend you.',
      action: 'Make administrator',
    },
    demote: {
      title: self ? 'Stop being an administrator?' : `Take ${account.name}'s administration?`,
      description: self ? 'You cannot take this back yourself.' : 'They keep their account and all that is in it.',
      action: 'Take it',
    },
  }
  const asked = words[asking ?? 'suspend']
  return (
    <Row
      picture={<Avatar name={account.name} image={account.image} color={colorOf(account.id)} />}
      title={
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="min-w-0 truncate">{account.name}</bdi>
          {self ? <span className="font-normal text-muted-foreground">(you)</span> : null}
          {account.administrator ? <Tag tone="primary">Administrator</Tag> : null}
          {account.suspended ? <Tag tone="warning">Suspended</Tag> : null}
        </span>
      }
      detail={
        <>
          <span className="block truncate">{account.email}</span>
          {[
            account.emailVerified ? null : 'address not confirmed',
            account.twoFactor ? 'two-factor on' : null,
            hereOf(account.lastUsedAt),
            `since ${new Date(account.createdAt).toLocaleDateString('en', { dateStyle: 'medium' })}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </>
      }
      actions={
        <>
          <Menu
            align="end"
            trigger={
              <Button
                variant="ghost"
                size="icon"
                className="size-7 max-sm:size-10"
                busy={change.isPending}
                aria-label={`Options of ${account.name}`}
              >
                {change.isPending ? null : <Ellipsis />}
              </Button>
            }
          >
            <MenuItem onClick={() => setAsking(account.administrator ? 'demote' : 'promote')}>
              {account.administrator ? <ShieldMinus /> : <ShieldPlus />}
              {account.administrator ? 'Take administration' : 'Make administrator'}
            </MenuItem>
            {account.suspended ? (
              <MenuItem onClick={() => setAsking('restore')}>
                <RotateCcw />
                Let in again
              </MenuItem>
            ) : self ? null : (
              <MenuItem destructive onClick={() => setAsking('suspend')}>
                <Ban />
                Suspend
              </MenuItem>
            )}
          </Menu>
          <Confirm
            open={asking !== undefined}
            onOpenChange={(open) => (open ? undefined : setAsking(undefined))}
            {...asked}
            onConfirm={() => asking && change.mutate(asking)}
          />
        </>
      }
    />
  )
}

'use client'
import { type ApiKey, keyApi } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/classes.ts'
import { Confirm } from '../../../ui/dialog.tsx'
import { agoOf } from '../../time.ts'
import { QueryRows, Row, Section } from '../section.tsx'
import { CreateKey } from './create-key.tsx'
import { keysQuery } from './queries.ts'
import { expiryWords, scopeWords } from './scope-words.ts'

/** The own API keys: making one, and deleting it. */
export function KeySettings() {
  const keys = useQuery(keysQuery)
  const [creating, setCreating] = useState(false)
  return (
    <Section
      only
      title="API keys"
      description="A key acts as you, with what you allow it and never more than you may yourself."
      actions={
        <Button size="small" className="max-sm:h-10" onClick={() => setCreating(true)}>
          <Plus aria-hidden />
          New key
        </Button>
      }
    >
      <QueryRows query={keys} empty="No keys yet" row={(key) => <KeyRow key={key.id} apiKey={key} />} />
      <p className="mt-3 text-[13px] text-muted-foreground">
        A program exchanges its key at <code className="font-mono text-xs">POST /auth/api-keys/token</code> for a token
        that works for ten minutes.
      </p>
      <CreateKey open={creating} onOpenChange={setCreating} />
    </Section>
  )
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const expiry = expiryWords(apiKey.expiresAt)
  const remove = useMutation({
    mutationFn: () => api(keyApi.deleteKey, { params: { id: apiKey.id } }),
    onMutate: () => client.setQueryData(keysQuery.queryKey, (list) => list?.filter((other) => other.id !== apiKey.id)),
    onError: (error) => toast.error('The key still works', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  })
  return (
    <Row
      icon={KeyRound}
      title={
        <>
          <bdi>{apiKey.name}</bdi>{' '}
          <code className="font-mono font-normal text-muted-foreground text-xs">{apiKey.start}…</code>
        </>
      }
      detail={
        <>
          <span className="block">{apiKey.scopes.map((scope) => scopeWords[scope].label).join(', ')}</span>
          <span>
            {apiKey.lastUsedAt ? `last used ${agoOf(apiKey.lastUsedAt)}` : 'never used'} ·{' '}
            <span className={cn(expiry.near && 'text-warning')}>{expiry.text}</span>
          </span>
        </>
      }
      actions={
        <>
          <Button
            variant="ghost"
            size="icon"
            className="max-sm:size-10"
            aria-label={`Delete the key ${apiKey.name}`}
            onClick={() => setAsking(true)}
          >
            <Trash2 />
          </Button>
          <Confirm
            open={asking}
            onOpenChange={setAsking}
            title={`Delete the key ${apiKey.name}?`}
            description="Programs that use it stop working within a second. This cannot be taken back."
            action="Delete"
            onConfirm={() => remove.mutate()}
          />
        </>
      }
    />
  )
}

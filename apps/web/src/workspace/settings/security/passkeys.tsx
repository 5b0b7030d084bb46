'use client'
import { type Passkey, securityApi } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Fingerprint, Pencil, Plus, Trash2 } from 'lucide-react'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { toast } from 'sonner'
import { makePasskey, PasskeyRefused, passkeysWork } from '../../../account/passkeys.ts'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { messageOf } from '../../../account/problems.ts'
import { providersQuery, securityQuery } from '../../../account/queries.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm, Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { agoOf } from '../../time.ts'
import { Empty, Row, Rows, Section } from '../section.tsx'
import { deviceOf } from './device.ts'

const never = () => () => {}

/** Passkeys: adding, renaming and removing. */
export function Passkeys({ passkeys }: { passkeys: Passkey[] }) {
  const client = useQueryClient()
  const { data: providers } = useQuery(providersQuery)
  const able = useSyncExternalStore(never, passkeysWork, () => true)
  const add = useMutation({
    mutationFn: async () => {
      const response = await makePasskey(await api(securityApi.passkeyOptions, {}))
      await api(securityApi.addPasskey, { body: { name: deviceOf(navigator.userAgent).name.slice(0, 60), response } })
    },
    onSuccess: () => {
      toast('The passkey is added')
      return client.invalidateQueries({ queryKey: securityQuery.queryKey })
    },
  })
  const possible = able && providers?.passkeys !== false
  return (
    <Section
      title="Passkeys"
      description="Sign in with your fingerprint, face or a security key: no password, no code."
      actions={
        possible ? (
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            busy={add.isPending}
            onClick={() => add.mutate()}
          >
            <Plus aria-hidden />
            Add a passkey
          </Button>
        ) : null
      }
    >
      <div className="grid gap-3">
        {possible ? null : (
          <Notice>Passkeys need https (or localhost) and a browser that knows them, so none can be added here.</Notice>
        )}
        {add.error instanceof PasskeyRefused ? (
          <Notice tone={add.error.cancelled ? 'info' : 'error'}>{add.error.message}</Notice>
        ) : (
          <ProblemNotice error={add.error} />
        )}
        {passkeys.length > 0 ? (
          <Rows>
            {passkeys.map((passkey) => (
              <PasskeyRow key={passkey.id} passkey={passkey} />
            ))}
          </Rows>
        ) : possible ? (
          <Empty>No passkeys yet</Empty>
        ) : null}
      </div>
    </Section>
  )
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const client = useQueryClient()
  const [renaming, setRenaming] = useState(false)
  const [removing, setRemoving] = useState(false)
  const params = { id: passkey.id }
  const renewed = () => client.invalidateQueries({ queryKey: securityQuery.queryKey })
  const rename = useMutation({
    mutationFn: (name: string) => api(securityApi.renamePasskey, { params, body: { name } }),
    onSuccess: () => {
      setRenaming(false)
      return renewed()
    },
  })
  const remove = useMutation({
    mutationFn: () => api(securityApi.removePasskey, { params }),
    onSuccess: renewed,
    onError: (error) => toast.error('The passkey was not removed', { description: messageOf(error) }),
  })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim()
    if (name) rename.mutate(name)
  }
  return (
    <Row
      icon={Fingerprint}
      title={<bdi>{passkey.name}</bdi>}
      detail={`${passkey.synced ? 'On all your devices' : 'On one device'} · added ${agoOf(passkey.createdAt)}`}
      actions={
        <>
          <Button
            variant="ghost"
            size="icon"
            className="max-sm:size-10"
            aria-label={`Rename the passkey ${passkey.name}`}
            onClick={() => setRenaming(true)}
          >
            <Pencil />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            className="max-sm:size-10"
            aria-label={`Remove the passkey ${passkey.name}`}
            onClick={() => setRemoving(true)}
          >
            <Trash2 />
          </Button>
          <Dialog open={renaming} onOpenChange={setRenaming} title="Rename the passkey">
            <form onSubmit={submit} className="grid gap-4">
              <TextField
                label="Name"
                name="name"
                dir="auto"
                defaultValue={passkey.name}
                maxLength={60}
                autoFocus
                required
              />
              <ProblemNotice error={rename.error} />
              <div className="flex justify-end">
                <Button type="submit" busy={rename.isPending} className="max-sm:h-11">
                  Save
                </Button>
              </div>
            </form>
          </Dialog>
          <Confirm
            open={removing}
            onOpenChange={setRemoving}
            title={`Remove the passkey ${passkey.name}?`}
            description="You cannot sign in with it any more. Remove it from your device, too."
            action="Remove"
            onConfirm={() => remove.mutate()}
          />
        </>
      }
    />
  )
}

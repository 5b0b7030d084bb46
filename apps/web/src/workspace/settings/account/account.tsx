'use client'
import { colorOf, personName, securityApi, type User } from '@realtime/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { meQuery } from '../../../account/queries.ts'
import { api } from '../../../api.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { useWorkspace } from '../../workspace.tsx'
import { LineForm } from '../line-form.tsx'
import { PictureField } from '../picture-field.tsx'
import { Section, Tag } from '../section.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { EmailSettings } from './email.tsx'
import { ExportAccount } from './export.tsx'
import { ThemeChoice } from './theme-choice.tsx'

/** Who one is, how it looks, and leaving for good. */
export function AccountSettings() {
  const { me } = useWorkspace()
  const client = useQueryClient()
  const keep = async (body: { name?: string; image?: string | null }) => {
    const { user } = await api(securityApi.updateProfile, { body })
    client.setQueryData(meQuery.queryKey, (old) => old && { ...old, user })
    await client.invalidateQueries({ queryKey: ['members'] })
  }
  return (
    <>
      <Section
        title="Profile"
        description="How others see you."
        actions={me.administrator ? <Tag tone="primary">Administrator</Tag> : null}
      >
        <div className="grid gap-5 rounded-lg border bg-card p-4">
          <PictureField
            of="picture"
            has={me.image !== null}
            shown={<Portrait user={me} />}
            onChange={(image) => keep({ image })}
          />
          <LineForm
            label="Name"
            value={me.name}
            schema={personName}
            maxLength={80}
            autoComplete="name"
            onSave={(name) => keep({ name })}
          />
        </div>
      </Section>
      <EmailSettings />
      <Section title="Theme" description="How the app looks on this device.">
        <ThemeChoice />
      </Section>
      <ExportAccount />
      <DeleteAccount />
    </>
  )
}

function Portrait({ user }: { user: User }) {
  return <Avatar name={user.name} image={user.image} color={colorOf(user.id)} className="size-16 text-xl" />
}

'use client'
import { Tabs } from '@base-ui/react/tabs'
import { type Organization, organizationApi, type Role } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link2, Send } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { SeatNotice } from '../../../billing/seats.tsx'
import { Button } from '../../../ui/button.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { TextArea } from '../../../ui/text-area.tsx'
import { invitationsQuery, teamsQuery } from '../../queries.ts'
import { grantable, manages, roleWords } from '../../roles.ts'
import { dateOf } from '../organization/dates.ts'
import { complaintOf, readAddresses } from './addresses.ts'
import { type Invited, InvitedList } from './invited-list.tsx'
import { TeamChoice } from './team-choice.tsx'

type InvitedRole = Exclude<Role, 'owner'>

const tabStyle =
  'h-8 flex-1 rounded-md font-medium text-[13px] text-muted-foreground data-active:bg-background data-active:text-foreground data-active:shadow-soft max-sm:h-10 dark:data-active:bg-accent'

const lives = [1, 7, 30, 90] as const
const uses = [1, 5, 25, 100] as const

/** Invites by a link that is shown once, or by mail to addresses; into which role and teams, until when. */
export function InviteForm({ organization }: { organization: Organization }) {
  const client = useQueryClient()
  const [way, setWay] = useState<'link' | 'mail'>('link')
  const [role, setRole] = useState<InvitedRole>('member')
  const [days, setDays] = useState('7')
  const [maxUses, setMaxUses] = useState('null')
  const [chosen, setChosen] = useState<string[]>([])
  const [text, setText] = useState('')
  const [complaint, setComplaint] = useState<string>()
  const teams = useQuery({ ...teamsQuery(organization.id), enabled: manages(organization.role) })

  const params = { id: organization.id }
  const shared = { role, expiresInDays: Number(days), teams: chosen }
  const renewed = () => client.invalidateQueries({ queryKey: invitationsQuery(organization.id).queryKey })
  const link = useMutation({
    mutationFn: () =>
      api(organizationApi.invite, {
        params,
        body: { ...shared, maxUses: maxUses === 'null' ? null : Number(maxUses) },
      }),
    onSuccess: renewed,
  })
  const mail = useMutation({
    mutationFn: async (addresses: string[]): Promise<Invited[]> => {
      const list: Invited[] = []
      // One after the other: each is an answer of its own, and what failed does not stop the others.
      for (const address of addresses) {
        try {
          const made = await api(organizationApi.invite, { params, body: { ...shared, email: address } })
          list.push({ address, url: made.url, sent: made.sentAt !== null })
        } catch (error) {
          list.push({ address, problem: messageOf(error) })
        }
      }
      return list
    },
    onSettled: renewed,
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (way === 'link') return link.mutate()
    const read = readAddresses(text)
    const wrong = complaintOf(read)
    setComplaint(wrong)
    if (wrong === undefined) mail.mutate(read.addresses)
  }

  if (!manages(organization.role))
    return <Notice>Owners and admins of {organization.name} can invite people. Ask one of them for a link.</Notice>
  if (link.data)
    return (
      <div className="grid gap-2.5">
        <CopyField label="Invitation link" value={link.data.url} focus />
        <p className="text-[13px] text-muted-foreground">
          Whoever opens it joins as {roleWords[link.data.role].article} {roleWords[link.data.role].label.toLowerCase()}
          {link.data.maxUses === null
            ? ''
            : `, ${link.data.maxUses === 1 ? 'once' : `${link.data.maxUses} times at most`}`}
          . It works until {dateOf(link.data.expiresAt)}, and is shown only now.
        </p>
      </div>
    )
  if (mail.data) return <InvitedList invited={mail.data} again={() => mail.reset()} />

  const invited = grantable(organization.role).filter((one): one is InvitedRole => one !== 'owner')
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <SeatNotice organization={organization} />
      <Tabs.Root value={way} onValueChange={(next) => setWay(next === 'mail' ? 'mail' : 'link')}>
        <Tabs.List className="flex gap-0.5 rounded-lg bg-muted p-0.5" aria-label="How to invite">
          <Tabs.Tab value="link" className={tabStyle}>
            By link
          </Tabs.Tab>
          <Tabs.Tab value="mail" className={tabStyle}>
            By mail
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="mail" className="mt-4 outline-none">
          <TextArea
            label="E-mail addresses"
            placeholder="ada@example.org, bob@example.org"
            hint="Each gets an invitation for that address alone."
            autoComplete="off"
            spellCheck={false}
            value={text}
            error={complaint}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </Tabs.Panel>
      </Tabs.Root>
      <div className="grid gap-2.5">
        <Line label="Role">
          <Select<InvitedRole>
            label="Role of the invited"
            value={role}
            onChange={setRole}
            className="w-36"
            choices={invited.map((one) => ({ value: one, label: roleWords[one].label, hint: roleWords[one].hint }))}
          />
        </Line>
        <Line label="Works for">
          <Select
            label="Works for"
            value={days}
            onChange={setDays}
            className="w-36"
            choices={lives.map((one) => ({ value: String(one), label: one === 1 ? 'One day' : `${one} days` }))}
          />
        </Line>
        {way === 'link' ? (
          <Line label="Can be used">
            <Select
              label="Can be used"
              value={maxUses}
              onChange={setMaxUses}
              className="w-36"
              choices={[
                { value: 'null', label: 'Any number' },
                ...uses.map((one) => ({ value: String(one), label: one === 1 ? 'Once' : `${one} times` })),
              ]}
            />
          </Line>
        ) : null}
      </div>
      <TeamChoice teams={teams.data ?? []} chosen={chosen} onChange={setChosen} />
      <ProblemNotice error={way === 'link' ? link.error : mail.error} />
      <Button type="submit" busy={link.isPending || mail.isPending} className="max-sm:h-11">
        {way === 'link' ? <Link2 aria-hidden /> : <Send aria-hidden />}
        {way === 'link' ? 'Create invitation link' : 'Invite'}
      </Button>
    </form>
  )
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-3">
      <span aria-hidden className="font-medium text-[13px]">
        {label}
      </span>
      {children}
    </div>
  )
}

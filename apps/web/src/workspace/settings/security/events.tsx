'use client'
import type { SecurityEvent } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { securityEventsQuery } from '../../../account/queries.ts'
import { Button } from '../../../ui/button.tsx'
import { QueryRows, Section } from '../section.tsx'
import { deviceOf } from './device.ts'
import { eventWords } from './event-words.ts'

/** How many events are shown before one asks for all. */
const FIRST = 8

/** What happened to the account lately. */
export function Events() {
  const [all, setAll] = useState(false)
  const events = useQuery({
    ...securityEventsQuery,
    select: (list: SecurityEvent[]) => (all ? list : list.slice(0, FIRST)),
  })
  const { data: known } = useQuery(securityEventsQuery)
  const more = !all && (known?.length ?? 0) > FIRST
  return (
    <Section title="Recent activity" description="What happened to your account. Not you? Change your password.">
      <QueryRows query={events} empty="Nothing yet" row={(event) => <EventRow key={event.id} event={event} />} />
      {more ? (
        <Button variant="outline" size="small" className="mt-3 max-sm:h-10" onClick={() => setAll(true)}>
          Show all
        </Button>
      ) : null}
    </Section>
  )
}

const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

function EventRow({ event }: { event: SecurityEvent }) {
  const { title, detail } = eventWords(event)
  const where = [event.address, event.device ? deviceOf(event.device).name : null].filter(Boolean).join(' · ')
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-52">
        <p className="break-words text-[13px]">
          {title}
          {detail ? (
            <>
              {': '}
              <bdi className="break-all font-medium">{detail}</bdi>
            </>
          ) : null}
        </p>
        {where ? <p className="truncate text-muted-foreground text-xs">{where}</p> : null}
      </div>
      <time dateTime={event.at} className="shrink-0 text-muted-foreground text-xs">
        {when.format(new Date(event.at))}
      </time>
    </li>
  )
}

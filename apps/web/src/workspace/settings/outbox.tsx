'use client'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { outboxQuery } from '../../account/queries.ts'
import { agoOf } from '../time.ts'
import { QueryRows, Section } from './section.tsx'

/** The mails that could not be sent because no mail server is configured; for the administrator only. */
export function Outbox() {
  const mails = useQuery(outboxQuery)
  return (
    <Section
      title="Outbox"
      description="No mail server is configured, so mails wait here. Pass on yourself what is urgent."
    >
      <QueryRows
        query={mails}
        empty="No mail is waiting"
        row={(mail) => (
          <li key={mail.id}>
            <details className="group">
              <summary className="flex list-none items-center gap-3 rounded-lg px-4 py-3 hover:bg-accent/50 [&::-webkit-details-marker]:hidden">
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium text-[13px]">{mail.subject}</span>
                  <span className="block truncate text-muted-foreground text-xs">to {mail.to}</span>
                </span>
                <span className="shrink-0 text-muted-foreground text-xs">{agoOf(mail.createdAt)}</span>
                <ChevronRight
                  aria-hidden
                  className="size-4 shrink-0 text-faint transition-transform duration-100 group-open:rotate-90"
                />
              </summary>
              <pre className="overflow-x-auto whitespace-pre-wrap break-words border-t bg-muted px-4 py-3 font-mono text-xs leading-relaxed">
                {mail.text}
              </pre>
            </details>
          </li>
        )}
      />
    </Section>
  )
}

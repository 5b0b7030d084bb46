'use client'
import { Problem } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { outboxQuery } from '../../../account/queries.ts'
import { failureOf } from '../../../api.ts'
import { agoOf } from '../../time.ts'
import { Empty, QueryRows, Section } from '../section.tsx'
import { piecesOf } from './links.ts'

/** The mails that could not be sent because no mail server is configured; for the administrator only. */
export function Outbox() {
  const mails = useQuery(outboxQuery)
  const failure = failureOf(mails)
  const off = failure instanceof Problem && failure.key === 'not-found'
  if (off)
    return (
      <Section only title="Outbox">
        <Empty>{failure.message}</Empty>
      </Section>
    )
  return (
    <Section
      only
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
                  <span dir="auto" className="block truncate text-left font-medium text-[13px]">
                    {mail.subject}
                  </span>
                  <span className="block truncate text-muted-foreground text-xs">to {mail.to}</span>
                </span>
                <span className="shrink-0 text-muted-foreground text-xs">{agoOf(mail.createdAt)}</span>
                <ChevronRight
                  aria-hidden
                  className="size-4 shrink-0 text-faint transition-transform duration-100 group-open:rotate-90"
                />
              </summary>
              <pre className="overflow-x-auto whitespace-pre-wrap break-words border-t bg-muted px-4 py-3 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
                <Text>{mail.text}</Text>
              </pre>
            </details>
          </li>
        )}
      />
    </Section>
  )
}

/** The words of a mail; its links to this server can be followed. */
function Text({ children }: { children: string }) {
  return piecesOf(children, location.origin).map((piece) =>
    piece.link ? (
      <a key={piece.at} href={piece.text} className="text-primary-text underline underline-offset-2">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  )
}

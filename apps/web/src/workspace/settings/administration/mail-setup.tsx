'use client'
import { administrationApi } from '@realtime/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Mail, MailX } from 'lucide-react'
import Link from 'next/link'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { api, failureOf } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useWorkspace } from '../../workspace.tsx'
import { Row, RowsSkeleton, Section } from '../section.tsx'
import { serverQuery } from './queries.ts'

const words = {
  smtp: { title: 'A mail server is set up', detail: 'Mails go out by SMTP.' },
  outbox: {
    title: 'No mail server is set up',
    detail: 'Mails wait in the outbox, which administrators read. Set SMTP_URL and MAIL_FROM to send them.',
  },
  none: {
    title: 'No mail server is set up',
    detail: 'Nothing can be mailed: no resets, no confirmations. Set SMTP_URL and MAIL_FROM to change that.',
  },
}

/** Whether mails are sent, and trying it. */
export function MailSetup() {
  const { me } = useWorkspace()
  const server = useQuery(serverQuery)
  const failure = failureOf(server)
  const test = useMutation({ mutationFn: () => api(administrationApi.testMail, {}) })
  const mail = server.data?.mail
  return (
    <Section title="Mail">
      <div className="grid gap-3">
        {mail ? (
          <Row
            alone
            icon={mail === 'smtp' ? Mail : MailX}
            title={words[mail].title}
            detail={words[mail].detail}
            actions={
              <>
                {mail === 'outbox' ? (
                  <Link
                    href="/settings/outbox"
                    className="rounded-sm font-medium text-[13px] text-primary-text underline-offset-4 hover:underline"
                  >
                    Open the outbox
                  </Link>
                ) : null}
                {mail === 'none' ? null : (
                  <Button
                    variant="outline"
                    size="small"
                    className="max-sm:h-10"
                    busy={test.isPending}
                    onClick={() => test.mutate()}
                  >
                    Send a test mail
                  </Button>
                )}
              </>
            }
          />
        ) : failure ? (
          <ProblemNotice error={failure} retry={() => void server.refetch()} />
        ) : (
          <RowsSkeleton count={1} />
        )}
        {test.data ? (
          <Notice tone={test.data.sent ? 'info' : 'warning'}>
            {test.data.sent ? `A mail to ${me.email} was sent. The mail server answered:` : 'No mail was sent:'}{' '}
            <span className="break-words font-mono text-xs">{test.data.answer}</span>
          </Notice>
        ) : null}
        <ProblemNotice error={test.error} />
      </div>
    </Section>
  )
}

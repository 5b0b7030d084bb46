'use client'
import { securityApi } from '@realtime/contracts'
import { useMutation } from '@tanstack/react-query'
import { Download, FileJson } from 'lucide-react'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { download } from '../../../ui/download.ts'
import { Row, Section } from '../section.tsx'

/** Taking along what is known of the account. */
export function ExportAccount() {
  const fetchAll = useMutation({
    mutationFn: () => api(securityApi.exportAccount, {}),
    onSuccess: (all) =>
      download(new Blob([JSON.stringify(all, null, 2)], { type: 'application/json' }), 'account.json'),
  })
  return (
    <Section title="Your data">
      <div className="grid gap-3">
        <Row
          alone
          icon={FileJson}
          title="All that is known of your account"
          detail="Profile, sessions, keys and events, as JSON. Documents are exported from their own pages."
          actions={
            <Button
              variant="outline"
              size="small"
              className="max-sm:h-10"
              busy={fetchAll.isPending}
              onClick={() => fetchAll.mutate()}
            >
              <Download aria-hidden />
              Export
            </Button>
          }
        />
        <ProblemNotice error={fetchAll.error} />
      </div>
    </Section>
  )
}

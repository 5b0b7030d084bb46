'use client'
import { MailCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'

/** Word that a mail is on its way, with the way back for who mistyped the address. */
export function MailSent({ children, again }: { children: ReactNode; again(): void }) {
  return (
    <div className="grid justify-items-center gap-3 text-center" role="status">
      <MailCheck aria-hidden className="size-8 text-primary-text" strokeWidth={1.5} />
      <p className="min-w-0 max-w-full text-balance break-words [overflow-wrap:anywhere]">{children}</p>
      <p className="text-[13px] text-muted-foreground">Nothing there? Look among junk mail, or try again.</p>
      <Button variant="outline" className="max-sm:h-11" onClick={again}>
        Try another address
      </Button>
    </div>
  )
}

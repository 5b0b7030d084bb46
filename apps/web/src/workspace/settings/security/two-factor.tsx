'use client'
import { type OutputOf, securityApi } from '@realtime/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { RefreshCw, ShieldCheck, ShieldOff } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { securityQuery } from '../../../account/queries.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { PasswordDialog } from '../password-dialog.tsx'
import { Row, Section, Tag } from '../section.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { TwoFactorSetup } from './two-factor-setup.tsx'

/** Fewer recovery codes than this are few. */
const FEW = 3

type Security = OutputOf<typeof securityApi.security>

/** Codes of an app as the second step of signing in: setting up, recovery codes, turning off. */
export function TwoFactor({ security }: { security: Security }) {
  const client = useQueryClient()
  const [asking, setAsking] = useState<'begin' | 'renew' | 'end'>()
  const [setup, setSetup] = useState<OutputOf<typeof securityApi.beginTwoFactor>>()
  const [codes, setCodes] = useState<string[]>()
  const renewed = () => client.invalidateQueries({ queryKey: securityQuery.queryKey })
  const dialog = (which: typeof asking) => ({
    open: asking === which,
    onOpenChange: (open: boolean) => setAsking(open ? which : undefined),
  })
  const bodyOf = (password: string | undefined) => (password === undefined ? {} : { password })
  return (
    <Section
      title="Two-factor authentication"
      description="After the password a code of an app on your phone is asked for. A stolen password opens nothing then."
    >
      {security.twoFactor ? (
        <Row
          alone
          icon={ShieldCheck}
          title={
            <span className="flex items-center gap-2">
              On <Tag tone="primary">Protected</Tag>
            </span>
          }
          detail={
            <span className={security.recoveryCodes < FEW ? 'text-warning' : undefined}>
              {security.recoveryCodes === 1 ? '1 recovery code is' : `${security.recoveryCodes} recovery codes are`}{' '}
              left
              {security.recoveryCodes < FEW ? '. Make new ones.' : ''}
            </span>
          }
          actions={
            <>
              <Button variant="outline" size="small" className="max-sm:h-10" onClick={() => setAsking('renew')}>
                <RefreshCw aria-hidden />
                New recovery codes
              </Button>
              <Button variant="outline" size="small" className="max-sm:h-10" onClick={() => setAsking('end')}>
                Turn off
              </Button>
            </>
          }
        />
      ) : (
        <Row
          alone
          icon={ShieldOff}
          title="Off"
          detail="Any authenticator app will do, and so do many password managers."
          actions={
            <Button size="small" className="max-sm:h-10" onClick={() => setAsking('begin')}>
              Set up
            </Button>
          }
        />
      )}
      <PasswordDialog
        {...dialog('begin')}
        title="Set up two-factor authentication"
        description="First make sure that it is you."
        action="Continue"
        onConfirm={async (password) => setSetup(await api(securityApi.beginTwoFactor, { body: bodyOf(password) }))}
      />
      <PasswordDialog
        {...dialog('renew')}
        title="Make new recovery codes?"
        description="The codes you have now work no longer."
        action="Make new codes"
        onConfirm={async (password) => {
          const { recoveryCodes } = await api(securityApi.renewRecoveryCodes, { body: bodyOf(password) })
          setCodes(recoveryCodes)
          await renewed()
        }}
      />
      <PasswordDialog
        {...dialog('end')}
        title="Turn off two-factor authentication?"
        description="From then on the password alone is enough. Your recovery codes work no longer."
        action="Turn off"
        destructive
        onConfirm={async (password) => {
          await api(securityApi.endTwoFactor, { body: bodyOf(password) })
          toast('Two-factor authentication is off')
          await renewed()
        }}
      />
      <TwoFactorSetup
        setup={setup}
        onClose={() => setSetup(undefined)}
        onDone={(recoveryCodes) => {
          setSetup(undefined)
          setCodes(recoveryCodes)
          void renewed()
        }}
      />
      <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />
    </Section>
  )
}

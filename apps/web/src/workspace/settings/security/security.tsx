'use client'
import { useQuery } from '@tanstack/react-query'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { securityQuery } from '../../../account/queries.ts'
import { failureOf } from '../../../api.ts'
import { RowsSkeleton, Section } from '../section.tsx'
import { Events } from './events.tsx'
import { LinkedAccounts } from './linked.tsx'
import { Passkeys } from './passkeys.tsx'
import { PasswordSettings } from './password.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './two-factor.tsx'

/** How the own account is kept safe, where it is signed in, and what happened to it. */
export function SecuritySettings() {
  const security = useQuery(securityQuery)
  const failure = failureOf(security)
  return (
    <>
      {security.data ? (
        <>
          <PasswordSettings has={security.data.password} />
          <TwoFactor security={security.data} />
          <Passkeys passkeys={security.data.passkeys} />
          <LinkedAccounts linked={security.data.linked} />
        </>
      ) : failure ? (
        <ProblemNotice className="mt-9" error={failure} retry={() => void security.refetch()} />
      ) : (
        ['Password', 'Two-factor authentication', 'Passkeys'].map((title) => (
          <Section key={title} title={title}>
            <RowsSkeleton count={1} />
          </Section>
        ))
      )}
      <Sessions />
      <Events />
    </>
  )
}

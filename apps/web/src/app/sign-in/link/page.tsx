import type { Metadata } from 'next'
import { SignInByMail } from '../../../account/mailed.tsx'

export const metadata: Metadata = { title: 'Sign in by e-mail' }

export default function Page() {
  return <SignInByMail />
}

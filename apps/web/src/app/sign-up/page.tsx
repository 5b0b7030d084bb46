import type { Metadata } from 'next'
import { SignUp } from '../../account/sign-up.tsx'

export const metadata: Metadata = { title: 'Create your account' }

export default function Page() {
  return <SignUp />
}

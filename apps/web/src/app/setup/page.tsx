import type { Metadata } from 'next'
import { Setup } from '../../account/setup.tsx'

export const metadata: Metadata = { title: 'Setup' }

export default function Page() {
  return <Setup />
}

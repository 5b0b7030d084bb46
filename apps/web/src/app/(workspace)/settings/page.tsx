import type { Metadata } from 'next'
import { Settings } from '../../../workspace/settings/settings.tsx'

export const metadata: Metadata = { title: 'Settings' }

export default function Page() {
  return <Settings />
}

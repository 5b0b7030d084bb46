import type { Metadata } from 'next'
import { Trash } from '../../../workspace/trash.tsx'

export const metadata: Metadata = { title: 'Trash' }

export default function Page() {
  return <Trash />
}

import type { Metadata } from 'next'
import { ShowPage } from '../../../editors/slides/present/show.tsx'

export const metadata: Metadata = { title: 'Presentation' }

interface Props {
  params: Promise<{ id: string }>
  searchParams: Promise<{ slide?: string | string[]; follow?: string | string[] }>
}

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params
  const { slide, follow } = await searchParams
  return (
    <ShowPage
      id={id}
      slide={typeof slide === 'string' ? slide : null}
      leader={typeof follow === 'string' ? follow : null}
    />
  )
}

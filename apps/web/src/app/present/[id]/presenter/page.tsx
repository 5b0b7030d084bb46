import type { Metadata } from 'next'
import { PresenterPage } from '../../../../editors/slides/present/presenter.tsx'

export const metadata: Metadata = { title: 'Presenter' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <PresenterPage id={id} />
}

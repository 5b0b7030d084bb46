import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { isSection, sectionWords } from '../../../../workspace/settings/sections.ts'
import { Settings } from '../../../../workspace/settings/settings.tsx'

interface Props {
  params: Promise<{ section: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { section } = await params
  return { title: isSection(section) ? `${sectionWords[section].label} · Settings` : 'Settings' }
}

export default async function Page({ params }: Props) {
  const { section } = await params
  if (!isSection(section)) notFound()
  return <Settings section={section} />
}

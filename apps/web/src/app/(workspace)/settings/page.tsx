import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { sectionOfTab } from '../../../workspace/settings/sections.ts'
import { Settings } from '../../../workspace/settings/settings.tsx'

export const metadata: Metadata = { title: 'Settings' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The list of all sections; an address of old, with `?tab=`, leads to its section with all else it says. */
export default async function Page({ searchParams }: Props) {
  const { tab, ...rest } = await searchParams
  if (typeof tab === 'string') {
    const query = new URLSearchParams(Object.entries(rest).flatMap(([name, value]) => pairs(name, value)))
    redirect(`/settings/${sectionOfTab(tab)}${query.size > 0 ? `?${query}` : ''}`)
  }
  return <Settings section={null} />
}

function pairs(name: string, value: string | string[] | undefined): [string, string][] {
  return [value ?? []].flat().map((one) => [name, one])
}

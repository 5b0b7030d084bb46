'use client'
import type { Resource } from '@realtime/contracts'
import { toast } from 'sonner'
import { copyText } from '../ui/clipboard.ts'

/** Copies the address of a document, or shows it where that is not possible. */
export async function copyAddress(document: Pick<Resource, 'id'>): Promise<void> {
  const url = `${location.origin}/d/${document.id}`
  if (await copyText(url)) toast('The address is copied', { description: 'It works for whoever has access.' })
  else toast('Copying is not possible here', { description: url })
}

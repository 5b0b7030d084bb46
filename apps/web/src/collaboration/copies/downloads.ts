import type { PrivateCopy } from '@realtime/client'
import { toast } from 'sonner'
import { messageOf } from '../../account/problems.ts'
import { editors } from '../../editors/editors.ts'
import { download, fileNameOf } from '../../ui/download.ts'
import { readAbout } from './about.ts'
import { replicaOf, textOf } from './content.ts'

/** A file that a private copy can leave as. */
export interface CopyFile {
  label: string
  extension: string
  make(): Promise<Blob>
}

/** The files of a copy: that of its kind first, where it can be shown; the bytes of the state always. */
export function filesOf(copy: PrivateCopy): CopyFile[] {
  const about = readAbout(copy.about)
  const own = about && copy.whole ? editors[about.kind].file : null
  return [
    ...(about && own
      ? [
          {
            label: own.label,
            extension: own.extension,
            make: async () => {
              const doc = replicaOf(copy)
              try {
                return await own.make({ documentId: copy.document, title: about.title, doc })
              } finally {
                doc.destroy()
              }
            },
          },
        ]
      : []),
    {
      label: 'Plain text (.txt)',
      extension: 'txt',
      make: async () => new Blob([textOf(copy)], { type: 'text/plain;charset=utf-8' }),
    },
    {
      label: 'Yjs update (.yjs)',
      extension: 'yjs',
      make: async () => new Blob([copy.state.slice()], { type: 'application/octet-stream' }),
    },
  ]
}

/** Makes a file of a copy and hands it to the person. */
export async function downloadCopy(copy: PrivateCopy, file: CopyFile): Promise<void> {
  const title = readAbout(copy.about)?.title ?? ''
  try {
    download(await file.make(), fileNameOf(title && `${title} (private copy)`, file.extension, 'Private copy'))
  } catch (error) {
    toast.error('The file could not be made', { description: messageOf(error) })
  }
}
